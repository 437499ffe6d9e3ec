import type { Metric } from './ids.ts';
import { epochMsOf, type Instant, isAfter } from './instant.ts';
import type { PriceBook } from './price-book.ts';

/** What an administrator wants the prices to be. */
export interface PriceChange {
  /** Undefined: from now on. */
  readonly effectiveAt: Instant | undefined;
  /** ISO 4217. */
  readonly currency: string;
  /** Minor units for one unit of the metric. What has no price here is no longer sold. */
  readonly unitPrices: ReadonlyMap<Metric, bigint>;
}

/** Why there can be no such version. */
export type PriceChangeFault = 'other_currency' | 'in_the_past';

/** Who says "now" by a clock of their own may be this far behind ours, as a webhook's sender may. */
const CLOCK_TOLERANCE_MS = 300_000;

/**
 * The version that a change adds to those there are. It comes into force at the earliest now: what was accepted before is
 * rated at the version it was accepted under, whatever comes after. One currency for ever, for balances add up what was
 * charged at every version.
 */
export function nextPriceBook(
  books: readonly PriceBook[],
  { effectiveAt, currency, unitPrices }: PriceChange,
  now: Instant,
): PriceBook | PriceChangeFault {
  if (books.some((book) => book.currency !== currency)) return 'other_currency';
  if (effectiveAt !== undefined && epochMsOf(now) - epochMsOf(effectiveAt) > CLOCK_TOLERANCE_MS) return 'in_the_past';
  const from = effectiveAt !== undefined && isAfter(effectiveAt, now) ? effectiveAt : now;
  return { version: newestVersion(books) + 1, effectiveAt: from, currency, unitPrices };
}

/** The highest version; 0 when there is none. */
export function newestVersion(books: readonly PriceBook[]): number {
  return Math.max(0, ...books.map(({ version }) => version));
}
