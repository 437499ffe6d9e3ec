import { useEffect, useRef } from 'preact/hooks';
import type { Balance } from '../../../../../client/types/api.ts';
import { Button } from '../../parts/button.tsx';
import { Notice } from '../../parts/notice.tsx';
import { useQuery } from '../../routing/use-query.ts';
import { MonthTotals } from './month-totals.tsx';
import { isMonth, monthOf } from './months.ts';
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
  return (
    <>
      {hasMoved && !isShort && (
        <Notice>
          <p>Something was posted since this month was read.</p>
          <div>
            <Button onClick={again}>Read it again</Button>
          </div>
        </Notice>
      )}
      <MonthTotals period={period} read={read} />
      <Register period={period} onPeriod={setPeriod} read={read} />
    </>
  );
}
