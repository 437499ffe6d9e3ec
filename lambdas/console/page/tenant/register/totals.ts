import type { StatementLine } from '../../../../../client/types/api.ts';

/** What a metric, or all adjustments, come to in the lines given. */
export interface MetricTotal {
  /** Null for the adjustments. */
  readonly metric: string | null;
  readonly lineCount: number;
  readonly quantity: bigint;
  readonly amountMinor: bigint;
  /** The lowest price of a unit and the highest: a price book may have changed within the month. Undefined for adjustments. */
  readonly unitPrices: readonly [bigint, bigint] | undefined;
}

/** The metrics by what they were charged, the largest first, and the adjustments last. */
export function totalsByMetric(lines: readonly StatementLine[]): MetricTotal[] {
  const totals = new Map<string | null, MetricTotal>();
  for (const line of lines) {
    const key = line.kind === 'adjustment' ? null : line.metric;
    totals.set(key, added(totals.get(key), key, line));
  }
  return [...totals.values()].sort((left, right) => {
    if (left.metric === null || right.metric === null) return left.metric === null ? 1 : -1;
    return left.amountMinor === right.amountMinor ? 0 : left.amountMinor < right.amountMinor ? 1 : -1;
  });
}

/** In tenths of a percent, rounded down; undefined where there is nothing to have a share of. */
export function shareOf(amountMinor: bigint, ofMinor: bigint): string | undefined {
  if (ofMinor <= 0n || amountMinor < 0n) return undefined;
  const tenths = (amountMinor * 1_000n) / ofMinor;
  return `${tenths / 10n}.${tenths % 10n} %`;
}

function added(before: MetricTotal | undefined, metric: string | null, line: StatementLine): MetricTotal {
  const [amount, quantity] = [BigInt(line.amount_minor), BigInt(line.quantity ?? '0')];
  return {
    metric,
    lineCount: (before?.lineCount ?? 0) + 1,
    quantity: (before?.quantity ?? 0n) + quantity,
    amountMinor: (before?.amountMinor ?? 0n) + amount,
    // A charge is the quantity times a price in whole minor units.
    unitPrices: quantity === 0n ? before?.unitPrices : widened(before?.unitPrices, amount / quantity),
  };
}

function widened(range: MetricTotal['unitPrices'], price: bigint): readonly [bigint, bigint] {
  if (range === undefined) return [price, price];
  return [price < range[0] ? price : range[0], price > range[1] ? price : range[1]];
}
