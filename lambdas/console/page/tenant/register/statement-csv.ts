import { csvLine, csvOwn, csvText } from '../../../../../client/cli/text/csv.ts';
import type { StatementLine } from '../../../../../client/types/api.ts';

const TITLES = [
  ...['event_id', 'txn_id', 'kind', 'metric', 'quantity', 'event_date', 'posted_at'],
  ...['amount_minor', 'month_total_minor', 'currency'],
];

/** A month's lines as CSV (RFC 4180), with the month's running total: the same file for ever once the month is closed. */
export function statementCsv(lines: readonly StatementLine[], currency: string): string {
  let totalMinor = 0n;
  const records = lines.map((line) => {
    totalMinor += BigInt(line.amount_minor);
    return csvLine([
      csvText(line.event_id ?? null),
      ...[line.txn_id, line.kind].map(csvOwn),
      csvText(line.metric),
      ...[line.quantity, line.event_date, line.posted_at, line.amount_minor].map(csvOwn),
      csvOwn(totalMinor.toString()),
      csvOwn(currency),
    ]);
  });
  return csvLine(TITLES) + records.join('');
}

/** @param owner the tenant, or what stands for it where the token does not say */
export function statementFileName(owner: string, period: string): string {
  return `zerosum-${owner.replaceAll(/[^A-Za-z0-9_-]/g, '_')}-${period}.csv`;
}
