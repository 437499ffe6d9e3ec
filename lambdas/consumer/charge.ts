import { type JournalEntry, usageEntry } from '../domain/journal.ts';
import { type PriceBook, rate } from '../domain/price-book.ts';
import type { PayloadHash, UsageEvent } from '../domain/usage-event.ts';

/** A rated event: what it is, and the entry it becomes. */
export interface Charge {
  readonly event: UsageEvent;
  readonly payloadHash: PayloadHash;
  readonly entry: JournalEntry;
}

/** Where prices come from: what is cached, and what stands in the table now. */
export interface PriceSource {
  priceBooks(): Promise<readonly PriceBook[]>;
  priceBooksNow(): Promise<readonly PriceBook[]>;
}

/**
 * Rates the event at the price version pinned when it was accepted; a version or metric the cache does not know is
 * looked up again before it is judged. Undefined: there is no such price.
 */
export async function chargeFor(
  event: UsageEvent,
  payloadHash: PayloadHash,
  prices: PriceSource,
): Promise<Charge | undefined> {
  const entry = rated(event, await prices.priceBooks()) ?? rated(event, await prices.priceBooksNow());
  return entry && { event, payloadHash, entry };
}

function rated(event: UsageEvent, books: readonly PriceBook[]): JournalEntry | undefined {
  const book = books.find(({ version }) => version === event.priceVersion);
  const amount = book && rate(book, event.metric, event.quantity);
  return amount === undefined ? undefined : usageEntry(event, amount);
}
