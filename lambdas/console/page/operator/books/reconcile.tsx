import type { ReconcileRun } from '../../../../../client/types/api.ts';
import { useAction } from '../../api/use-action.ts';
import { AdminOnly } from '../../parts/admin-only.tsx';
import { Button } from '../../parts/button.tsx';
import { CallView } from '../../parts/call-view.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { ProblemView } from '../../parts/problem-view.tsx';
import { Segments } from '../../parts/segments.tsx';
import { useQuery } from '../../routing/use-query.ts';
import { mayAdminister } from '../../session/identity.ts';
import { stored } from '../../session/stored.ts';
import { RecentRuns, rememberRun } from './recent-runs.tsx';
import { RunView } from './run-view.tsx';
import { TenantChoice } from './tenant-choice.tsx';

const FULL = 'full';
const MODES = [
  [FULL, 'Full'],
  ['quick', 'Quick'],
] as const;

/** Whether a run was asked for whose answer has not come: a reload loses its name, and not the run. */
const isUnanswered = stored('reconcile.unanswered', false);

/** Proving the ledger from records that different functions keep. */
export function Reconcile() {
  const [runId, setRunId] = useQuery('run');
  const isAdmin = mayAdminister.value;
  return (
    <div class="columns">
      <div class="stack">
        <Panel title="Reconcile">
          <AdminOnly attempt={{ method: 'POST', path: '/reconcile', body: {} }}>
            <Start onBegun={setRunId} />
          </AdminOnly>
        </Panel>
        {isAdmin && <RecentRuns />}
      </div>
      {isAdmin && runId !== '' && <RunView key={runId} runId={runId} />}
    </div>
  );
}

function Start({ onBegun }: { readonly onBegun: (runId: string) => void }) {
  const [tenant, setTenant] = useQuery('tenant');
  const [mode, setMode] = useQuery('mode', FULL);
  const { call, isBusy, run } = useAction();
  const begin = async (): Promise<void> => {
    isUnanswered.value = true;
    const body = { full: mode === FULL, ...(tenant !== '' && { tenant }) };
    const made = await run({ method: 'POST', path: '/reconcile', body });
    isUnanswered.value = false;
    if (made.problem !== undefined) return;
    const begun = made.json as ReconcileRun;
    rememberRun(begun);
    onBegun(begun.run_id);
  };
  return (
    <>
      <p>
        Holds every journal entry against what was handed in, its price, its page, its seal and what was anchored.
        Nothing is changed.
      </p>
      <div class="row">
        <TenantChoice value={tenant} onChange={setTenant} empty="All tenants" />
        <Segments legend="How much" value={mode} options={MODES} onChange={setMode} />
      </div>
      <p class="faint">
        {mode === FULL ? 'Everything, from the first record on.' : 'Only what was posted since it was last verified.'}
      </p>
      <div>
        <Button isPrimary isBusy={isBusy} onClick={begin}>
          Reconcile
        </Button>
      </div>
      {isBusy && (
        <label class="stack">
          Checking; what takes longer than twenty seconds goes on by itself …
          <progress />
        </label>
      )}
      {!isBusy && isUnanswered.value && (
        <Notice>
          A run was begun here, and the page left before it was answered. It goes on by itself; begin another to see a
          result.
        </Notice>
      )}
      <ProblemView problem={call?.problem} />
      {call && <CallView call={call} />}
    </>
  );
}
