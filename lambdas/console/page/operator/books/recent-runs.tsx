import type { ReconcileRun } from '../../../../../client/types/api.ts';
import { Panel } from '../../parts/panel.tsx';
import { Table } from '../../parts/table.tsx';
import { hrefOf } from '../../routing/route.ts';
import { stored } from '../../session/stored.ts';
import { formatMoment } from './months.ts';

/** A run that was seen in this tab, as far as it had come. */
export interface SeenRun {
  readonly runId: string;
  readonly scope: string;
  readonly startedAt: string;
  readonly verdict: string;
}

/** Older ones are in the audit log. */
const MOST_RUNS = 10;

export const seenRuns = stored<readonly SeenRun[]>('reconcile.runs', []);

export function rememberRun(run: ReconcileRun): void {
  const { run_id: runId, tenant = 'all tenants', mode, started_at: startedAt } = run;
  const seen = { runId, startedAt, verdict: verdictOf(run), scope: `${tenant}, ${mode === 'full' ? 'full' : 'quick'}` };
  const others = seenRuns.peek().filter((one) => one.runId !== runId);
  const known = seenRuns.peek().find((one) => one.runId === runId);
  if (known?.verdict === seen.verdict) return;
  const sorted = [seen, ...others].sort((left, right) => (left.startedAt < right.startedAt ? 1 : -1));
  seenRuns.value = sorted.slice(0, MOST_RUNS);
}

function verdictOf({ ok, complete, discrepancies, discrepancies_found: found }: ReconcileRun): string {
  const count = found ?? discrepancies.length;
  if (!ok) return `${count} ${count === 1 ? 'finding' : 'findings'}${complete ? '' : ' so far'}`;
  return complete ? 'All clear' : 'under way';
}

/** The runs this tab has seen, each to be looked at again. */
export function RecentRuns() {
  return (
    <Panel title="Recent runs">
      <Table
        caption="Runs seen in this tab, the newest first"
        columns={[
          {
            title: 'Begun',
            cell: ({ runId, startedAt }) => (
              <a href={hrefOf('operate/reconcile', { run: runId })}>{formatMoment(startedAt)}</a>
            ),
          },
          { title: 'Of', cell: ({ scope }) => scope },
          { title: 'Result', cell: ({ verdict }) => verdict },
        ]}
        rows={seenRuns.value}
        keyOf={({ runId }) => runId}
        none="None in this tab yet."
      />
    </Panel>
  );
}
