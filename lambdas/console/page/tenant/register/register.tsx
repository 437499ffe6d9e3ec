import { useMemo } from 'preact/hooks';
import { formatMinor, formatQuantity } from '../../api/money.ts';
import { Money } from '../../parts/money.tsx';
import { Panel } from '../../parts/panel.tsx';
import { ProblemView } from '../../parts/problem-view.tsx';
import { useQuery } from '../../routing/use-query.ts';
import { CsvButton } from './csv-button.tsx';
import { Lines } from './lines.tsx';
import { monthName } from './months.ts';
import { PeriodPicker } from './period-picker.tsx';
import { PeriodStatus } from './period-status.tsx';
import { ReadOn } from './read-on.tsx';
import { matches, withBalance } from './rows.ts';
import { Search } from './search.tsx';
import { useOpening } from './use-opening.ts';
import type { StatementRead } from './use-statement.ts';

interface Props {
  readonly period: string;
  readonly onPeriod: (period: string) => void;
  readonly read: StatementRead;
}

/** A month line by line, as a bank's statement has it. */
export function Register({ period, onPeriod, read }: Props) {
  const { statement, call, lines, isWhole, isLoading } = read;
  const [search] = useQuery('search');
  const opening = useOpening(period, statement !== undefined);
  const { currency = '', total_minor: totalMinor = '0' } = statement ?? {};
  const rows = useMemo(() => withBalance(lines, opening ?? 0n), [lines, opening]);
  const found = useMemo(() => rows.filter(({ line }) => matches(line, search, currency)), [rows, search, currency]);
  const mayRead = call?.status !== 401 && call?.status !== 403;
  const closing = isWhole
    ? { title: 'Carried forward', amountMinor: BigInt(totalMinor), balanceMinor: (opening ?? 0n) + BigInt(totalMinor) }
    : { title: 'So far', amountMinor: rows.reduce((sum, { line }) => sum + BigInt(line.amount_minor), 0n) };
  const foundMinor = found.reduce((sum, { line }) => sum + BigInt(line.amount_minor), 0n);
  return (
    <Panel title="Register" aside={statement && <PeriodStatus status={statement.status} />} call={call}>
      {mayRead && <PeriodPicker period={period} onChange={onPeriod} />}
      {statement === undefined && isLoading && <p class="faint">Loading …</p>}
      {statement && lines.length === 0 && (
        <p class="notice">No activity this period: nothing was posted to {monthName(period)}.</p>
      )}
      {statement && lines.length > 0 && (
        <>
          <div class="spread">
            <Search />
            <CsvButton period={period} currency={currency} read={read} />
          </div>
          <p class="faint" role="status">
            {search === ''
              ? `${formatQuantity(lines.length)}${isWhole ? '' : ' of more'} lines, in all ${formatMinor(totalMinor, currency)}.`
              : `${formatQuantity(found.length)} of ${formatQuantity(lines.length)} lines match${isWhole ? '' : ', of those read'}.`}
          </p>
          <ReadOn read={read} />
          {opening !== undefined && search === '' && (
            <p class="spread brought">
              <span>Brought forward</span>
              <Money minor={opening} currency={currency} />
            </p>
          )}
          <Lines
            caption={search === '' ? `Lines of ${monthName(period)}` : `Lines of ${monthName(period)} that match`}
            rows={found}
            currency={currency}
            balanceTitle={opening === undefined ? 'Month so far' : 'Balance'}
            closing={search === '' ? closing : { title: 'Found', amountMinor: foundMinor }}
          />
        </>
      )}
      <ProblemView problem={call?.problem} />
    </Panel>
  );
}
