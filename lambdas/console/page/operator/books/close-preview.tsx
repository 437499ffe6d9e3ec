import type { DeadLetters, TrialBalance } from '../../../../../client/types/api.ts';
import { useRead } from '../../api/use-read.ts';
import { CallView } from '../../parts/call-view.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { ProblemView } from '../../parts/problem-view.tsx';
import { hrefOf } from '../../routing/route.ts';
import { tokenOf } from './receipt-line.tsx';
import { Totals } from './totals.tsx';
import { usePrices } from './use-prices.ts';

interface Props {
  readonly tenant: string;
  readonly period: string;
}

/** What closing a month will seal, as it stands now, and what is still missing from it. */
export function ClosePreview({ tenant, period, isClosed }: Props & { readonly isClosed: boolean }) {
  const { currency } = usePrices();
  const books = useRead<TrialBalance>({ method: 'GET', path: '/trial-balance', query: { tenant, period } });
  return (
    <Panel
      title={`What ${isClosed ? 'was' : 'will be'} sealed: ${period} of ${tenant}`}
      aside={<MonthStatus tenant={tenant} period={period} />}
      call={books.call}
    >
      {books.isLoading && books.answer === undefined && <p class="faint">Adding up …</p>}
      {books.answer && <Totals answer={books.answer} currency={currency} />}
      <ProblemView problem={books.call?.problem} />
      <Missing tenant={tenant} />
    </Panel>
  );
}

/** What was accepted and could not be posted: closing seals the month without it. */
function Missing({ tenant }: { readonly tenant: string }) {
  const { answer, call } = useRead<DeadLetters>({ method: 'GET', path: '/dead-letters', query: { tenant } });
  if (call?.problem) return <ProblemView problem={call.problem} />;
  if (answer === undefined) return null;
  const { dead_letters: letters, next_cursor: more } = answer;
  if (letters.length === 0 && more === undefined)
    return <p class="faint">No dead letter of {tenant}: nothing is known to be missing.</p>;
  const count = more === undefined ? String(letters.length) : `${letters.length} or more`;
  return (
    <>
      <Notice tone="warn">
        <strong>
          {count} dead {letters.length === 1 ? 'letter' : 'letters'} of {tenant}
        </strong>
        <p>
          Accepted, and not posted. Redriven after the close, they book into a later month.{' '}
          <a href={hrefOf('operate/dead-letters', { tenant })}>See them</a>
        </p>
      </Notice>
      {call && <CallView call={call} />}
    </>
  );
}

/** Whether the month is open, which its statement tells: the tenant's alone to read, where a token of it is at hand. */
function MonthStatus({ tenant, period }: Props) {
  const token = tokenOf(tenant) ?? null;
  const request = { method: 'GET', path: '/statement', query: { period, limit: '1' }, token } as const;
  const { answer } = useRead<{ readonly status: string }>(request, { isOff: token === null });
  return answer && <span class={`chip ${answer.status === 'open' ? '' : 'warn'}`}>{answer.status}</span>;
}
