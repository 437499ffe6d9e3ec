import type { ComponentChildren } from 'preact';
import type { DeadLetters, TrialBalance, Usage } from '../../../../../client/types/api.ts';
import { useRead } from '../../api/use-read.ts';
import { AdminOnly } from '../../parts/admin-only.tsx';
import { CallView } from '../../parts/call-view.tsx';
import { Panel } from '../../parts/panel.tsx';
import { ProblemView } from '../../parts/problem-view.tsx';
import { hrefOf } from '../../routing/route.ts';
import { identities, mayAdminister } from '../../session/identity.ts';
import { formatMoment } from './months.ts';
import { seenRuns } from './recent-runs.tsx';
import { Totals } from './totals.tsx';
import { usePrices } from './use-prices.ts';

/** The books in a few lines, and where to go from there. */
export function Overview() {
  return (
    <div class="columns">
      <Panel title="All books">
        <AdminOnly attempt={{ method: 'GET', path: '/trial-balance' }}>
          <AllBooks />
        </AdminOnly>
      </Panel>
      {mayAdminister.value && <State />}
    </div>
  );
}

function AllBooks() {
  const { currency } = usePrices();
  const { answer, call, isLoading } = useRead<TrialBalance>({ method: 'GET', path: '/trial-balance' });
  return (
    <>
      {isLoading && answer === undefined && <p class="faint">Adding up …</p>}
      {answer && <Totals answer={answer} currency={currency} />}
      <p>
        <a href={hrefOf('operate/trial-balance')}>By tenant or month</a>
      </p>
      <ProblemView problem={call?.problem} />
      {call && <CallView call={call} />}
    </>
  );
}

function State() {
  const ready = useRead<{ readonly status: string }>({ method: 'GET', path: '/readyz', token: null });
  const letters = useRead<DeadLetters>({ method: 'GET', path: '/dead-letters', query: { limit: '100' } });
  const [run] = seenRuns.value;
  return (
    <Panel title="How it stands">
      <ul class="state">
        <Line place="operate/health" name="Service" read={ready}>
          {ready.answer && 'ready: every dependency answers'}
        </Line>
        <Lag />
        <Line place="operate/dead-letters" name="Dead letters" read={letters}>
          {letters.answer && countOf(letters.answer)}
        </Line>
        <li>
          <a href={hrefOf('operate/reconcile', run && { run: run.runId })}>Last reconciliation</a>
          <span>{run ? `${run.verdict}, ${run.scope}, ${formatMoment(run.startedAt)}` : 'none seen in this tab'}</span>
        </li>
      </ul>
      <ProblemView problem={ready.call?.problem ?? letters.call?.problem} />
      {ready.call && <CallView call={ready.call} />}
      {letters.call && <CallView call={letters.call} />}
    </Panel>
  );
}

/** How far usage over time is behind the journal, which a tenant's token alone may ask. */
function Lag() {
  const token = identities.value.find(({ facts }) => facts.kind === 'tenant')?.token ?? null;
  const { answer, call } = useRead<Usage>(
    { method: 'GET', path: '/usage', query: { granularity: 'month' }, token },
    { isOff: token === null },
  );
  const behindMs = answer && call && Math.max(0, call.startedAtMs - Date.parse(answer.as_of));
  const unknown = token === null ? 'a tenant’s token tells' : 'asking …';
  return (
    <li>
      <a href={hrefOf('operate/health')}>Usage over time</a>
      <span>
        {behindMs === undefined ? (call?.problem?.title ?? unknown) : `${(behindMs / 1_000).toFixed(1)} s behind`}
      </span>
    </li>
  );
}

interface LineProps {
  readonly place: string;
  readonly name: string;
  readonly read: { readonly isLoading: boolean };
  readonly children: ComponentChildren;
}

function Line({ place, name, read, children }: LineProps) {
  return (
    <li>
      <a href={hrefOf(place)}>{name}</a>
      <span>{children ?? (read.isLoading ? 'asking …' : 'no answer, see below')}</span>
    </li>
  );
}

function countOf({ dead_letters: letters, next_cursor: more }: DeadLetters): string {
  if (letters.length === 0) return more === undefined ? 'none' : 'some, on later pages';
  return more === undefined ? String(letters.length) : `${letters.length} or more`;
}
