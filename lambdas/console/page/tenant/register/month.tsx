import { useEffect, useRef } from 'preact/hooks';
import type { Balance } from '../../../../../client/types/api.ts';
import { Button } from '../../parts/button.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { ProblemView } from '../../parts/problem-view.tsx';
import { useQuery } from '../../routing/use-query.ts';
import { MonthTotals } from './month-totals.tsx';
import { isMonth, monthName, monthOf } from './months.ts';
import { PeriodPicker } from './period-picker.tsx';
import { PeriodStatus } from './period-status.tsx';
import { Register } from './register.tsx';
import { useStatement } from './use-statement.ts';

/** One month: its register, and what it comes to by metric. */
export function Month({ balance }: { readonly balance: Balance | undefined }) {
  const [asked, setPeriod] = useQuery('period', monthOf(Date.now()));
  const period = isMonth(asked) ? asked : monthOf(Date.now());
  const read = useStatement(period);
  const { statement, isWhole, again } = read;
  const balanceMinor = balance?.balance_minor;
  /** The balance there was when the statement was read. */
  const readAt = useRef<
    { readonly statement: typeof statement; readonly balanceMinor: string | undefined } | undefined
  >(undefined);
  if (readAt.current?.statement !== statement || readAt.current?.balanceMinor === undefined) {
    readAt.current = { statement, balanceMinor };
  }
  const hasMoved = statement?.status === 'open' && readAt.current.balanceMinor !== balanceMinor;
  const isShort = isWhole && statement?.lines.length === read.lines.length;
  useEffect(() => {
    // Of a long month, what someone has read so far is not thrown away without asking.
    if (hasMoved && isShort) again();
  }, [hasMoved, balanceMinor]);
  const { call, isLoading } = read;
  const mayRead = call?.status !== 401 && call?.status !== 403;
  return (
    <>
      {mayRead && (
        <Panel title={monthName(period)} aside={statement && <PeriodStatus status={statement.status} />}>
          <PeriodPicker period={period} onChange={setPeriod} />
          {hasMoved && !isShort && (
            <Notice>
              <p>Something was posted since this month was read.</p>
              <div>
                <Button onClick={again}>Read it again</Button>
              </div>
            </Notice>
          )}
          <MonthTotals period={period} read={read} />
        </Panel>
      )}
      <Panel title="Register" call={call}>
        {statement === undefined && isLoading && <p class="faint">Loading …</p>}
        <Register period={period} read={read} />
        <ProblemView problem={call?.problem} />
      </Panel>
    </>
  );
}
