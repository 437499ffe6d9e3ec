import { useMemo } from 'preact/hooks';
import { formatMinor, formatQuantity } from '../../api/money.ts';
import { Money } from '../../parts/money.tsx';
import { Segments } from '../../parts/segments.tsx';
import { useQuery } from '../../routing/use-query.ts';
import { CsvButton } from './csv-button.tsx';
import { Lines } from './lines.tsx';
import { monthName } from './months.ts';
import { ReadOn } from './read-on.tsx';
import { type Edge, edgesOf, matches, sumOf, withBalance } from './rows.ts';
import { Search } from './search.tsx';
import { useOpening } from './use-opening.ts';
import type { StatementRead } from './use-statement.ts';

const ORDERS = [
  ['oldest', 'Oldest first'],
  ['newest', 'Newest first'],
] as const;

/** A month line by line, as a bank's statement has it. */
export function Register({ period, read }: { readonly period: string; readonly read: StatementRead }) {
  const { statement, lines, isWhole } = read;
  const [search] = useQuery('search');
  const [order, setOrder] = useQuery('order', 'oldest');
  const opening = useOpening(period, statement);
  const { currency = '', total_minor: totalMinor = '0' } = statement ?? {};
  const rows = useMemo(() => withBalance(lines, opening ?? 0n), [lines, opening]);
  const found = useMemo(() => {
    const some = rows.filter(({ line }) => matches(line, search, currency));
    return order === 'newest' ? some.reverse() : some;
  }, [rows, search, currency, order]);
  if (statement === undefined) return null;
  if (lines.length === 0) {
    return <p class="notice">No activity this period: nothing was posted to {monthName(period)}.</p>;
  }
  const edges = edgesOf(rows, opening, isWhole);
  const [above, below] = order === 'newest' ? [edges.after, edges.before] : [edges.before, edges.after];
  const matching: Edge = { title: 'Together', amountMinor: sumOf(found) };
  return (
    <>
      <div class="spread">
        <Search />
        <div class="row">
          <Segments legend="Order" value={order} options={ORDERS} onChange={setOrder} />
          <CsvButton period={period} currency={currency} read={read} />
        </div>
      </div>
      <p class="faint" role="status">
        {search === ''
          ? `${formatQuantity(lines.length)} lines${isWhole ? '' : ' read, there are more'}. The month’s total is ${formatMinor(totalMinor, currency)}.`
          : `${formatQuantity(found.length)} of ${formatQuantity(lines.length)} lines match${isWhole ? '' : ': there are more to read'}.`}
      </p>
      <ReadOn read={read} />
      {search === '' && above?.balanceMinor !== undefined && (
        <p class="spread edge">
          <span>{above.title}</span>
          <Money minor={above.balanceMinor} currency={currency} />
        </p>
      )}
      <Lines
        key={`${period} ${order} ${search}`}
        caption={`Lines of ${monthName(period)}${search === '' ? '' : ' that match'}`}
        rows={found}
        currency={currency}
        balanceTitle={opening === undefined ? 'Month so far' : 'Balance'}
        edge={search === '' ? below : matching}
      />
    </>
  );
}
