import type { Metric } from './ids.ts';
import { compareInstants, type Instant, isAfter } from './instant.ts';
import { type AmountMinor, amountMinor, type Quantity } from './money.ts';

/** One version of the prices; a new version never changes an older one. */
export interface PriceBook {
  readonly version: number;
  readonly effectiveAt: Instant;
  /** ISO 4217. */
  readonly currency: string;
  /** Minor units for one unit of the metric. A Map, so that `__proto__` is a metric like any other: unknown. */
  readonly unitPrices: ReadonlyMap<Metric, bigint>;
}

/** The version in force at a moment: the latest that had come into effect, and of two from one moment the newer. */
export function priceBookAt(books: readonly PriceBook[], at: Instant): PriceBook | undefined {
  return books
    .filter((book) => !isAfter(book.effectiveAt, at))
    .sort((left, right) => compareInstants(left.effectiveAt, right.effectiveAt) || left.version - right.version)
    .at(-1);
}

/** What a quantity of a metric costs, or undefined when the book has no such metric. */
export function rate(book: PriceBook, metric: Metric, quantity: Quantity): AmountMinor | undefined {
  const unitPrice = book.unitPrices.get(metric);
  return unitPrice === undefined ? undefined : amountMinor(unitPrice * quantity);
}
