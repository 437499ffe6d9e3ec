import { useMemo } from 'preact/hooks';
import { formatMinor, formatQuantity } from '../../api/money.ts';
import { Foreign } from '../../parts/foreign.tsx';
import { Money } from '../../parts/money.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Table } from '../../parts/table.tsx';
import { monthName } from './months.ts';
import { type MetricTotal, shareOf, totalsByMetric } from './totals.ts';
import type { StatementRead } from './use-statement.ts';

/** What the month's lines come to, metric by metric, and that this is the statement's total. */
export function MonthTotals({ period, read }: { readonly period: string; readonly read: StatementRead }) {
  const { statement, lines, isWhole } = read;
  const totals = useMemo(() => totalsByMetric(lines), [lines]);
  if (statement === undefined || lines.length === 0) return null;
  const { currency, total_minor: statedMinor } = statement;
  const sumOf = (some: readonly MetricTotal[]) => some.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  const [addedMinor, chargedMinor] = [sumOf(totals), sumOf(totals.filter(({ metric }) => metric !== null))];
  return (
    <>
      <Table
        caption={`Totals of ${monthName(period)} by metric`}
        none=""
        rows={totals}
        keyOf={({ metric }) => (metric === null ? 'adjustments' : `metric:${metric}`)}
        columns={[
          {
            title: 'Metric',
            cell: ({ metric }) => (metric === null ? <em>Adjustments</em> : <Foreign text={metric} />),
          },
          {
            title: 'Amount',
            isNumber: true,
            cell: ({ amountMinor }) => <Money minor={amountMinor} currency={currency} />,
          },
          {
            title: 'Share of usage',
            isNumber: true,
            cell: ({ metric, amountMinor }) =>
              metric === null ? '–' : <Share of={amountMinor} whole={chargedMinor} />,
          },
          {
            title: 'Quantity',
            isNumber: true,
            cell: ({ metric, quantity }) => (metric === null ? '–' : formatQuantity(quantity)),
          },
          { title: 'Unit price', isNumber: true, cell: ({ unitPrices }) => priceOf(unitPrices, currency) },
          { title: 'Lines', isNumber: true, cell: ({ lineCount }) => formatQuantity(lineCount) },
        ]}
        footer={[
          isWhole ? 'Total' : 'So far',
          formatMinor(addedMinor, currency),
          ...['', '', '', formatQuantity(lines.length)],
        ]}
      />
      {!isWhole && (
        <p class="faint">
          Of the first {formatQuantity(lines.length)} lines. All of the month’s come to{' '}
          {formatMinor(statedMinor, currency)}.
        </p>
      )}
      {isWhole && addedMinor === BigInt(statedMinor) && (
        <p class="faint">It adds up to the statement’s total, {formatMinor(statedMinor, currency)}.</p>
      )}
      {isWhole && addedMinor !== BigInt(statedMinor) && (
        <Notice tone="bad">
          <p>
            The statement says {formatMinor(statedMinor, currency)}, and its lines add up to{' '}
            {formatMinor(addedMinor, currency)}: have the ledger reconciled.
          </p>
        </Notice>
      )}
    </>
  );
}

function Share({ of, whole }: { readonly of: bigint; readonly whole: bigint }) {
  const share = shareOf(of, whole);
  if (share === undefined) return <>–</>;
  return (
    <span class="share">
      <span class="share-track" aria-hidden="true">
        <span class="share-bar" style={{ inlineSize: share.replace(' ', '') }} />
      </span>
      {share}
    </span>
  );
}

function priceOf(range: MetricTotal['unitPrices'], currency: string): string {
  if (range === undefined) return '–';
  const [lowest, highest] = range.map((price) => formatMinor(price, currency));
  return lowest === highest ? `${lowest}` : `${lowest} to ${highest}`;
}
