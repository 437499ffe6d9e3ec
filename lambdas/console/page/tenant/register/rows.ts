import type { StatementLine } from '../../../../../client/types/api.ts';
import { formatMinor } from '../../api/money.ts';

/** A line, with what was owed once it was posted. */
export interface RegisterRow {
  readonly line: StatementLine;
  readonly balanceMinor: bigint;
}

/** What stands above the first row or below the last. */
export interface Edge {
  readonly title: string;
  readonly amountMinor?: bigint;
  readonly balanceMinor?: bigint;
}

/** The lines with their running balance. */
export function withBalance(lines: readonly StatementLine[], openingMinor: bigint): RegisterRow[] {
  let balanceMinor = openingMinor;
  return lines.map((line) => {
    balanceMinor += BigInt(line.amount_minor);
    return { line, balanceMinor };
  });
}

/** What the rows begin with, if that is known, and what they come to. */
export function edgesOf(
  rows: readonly RegisterRow[],
  opening: bigint | undefined,
  isWhole: boolean,
): { readonly before: Edge | undefined; readonly after: Edge } {
  const amountMinor = sumOf(rows);
  return {
    before: opening === undefined ? undefined : { title: 'Brought forward', balanceMinor: opening },
    after: {
      title: isWhole ? 'Carried forward' : 'So far',
      ...{ amountMinor, balanceMinor: (opening ?? 0n) + amountMinor },
    },
  };
}

export function sumOf(rows: readonly RegisterRow[]): bigint {
  return rows.reduce((sum, { line }) => sum + BigInt(line.amount_minor), 0n);
}

/** Whether every word of the search is in the line's id, metric, kind or amount, as shown or in minor units. */
export function matches(line: StatementLine, search: string, currency: string): boolean {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const amount = formatMinor(line.amount_minor, currency);
  const texts = [
    ...[line.event_id, line.txn_id, line.metric, line.kind, line.quantity, line.amount_minor],
    // Also as one types it: without thousands and with the keyboard's own minus.
    ...[amount, amount.replaceAll(',', '').replace('−', '-')],
  ];
  const within = texts.join('\n').toLowerCase();
  return words.every((word) => within.includes(word));
}
