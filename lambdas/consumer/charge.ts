import type { AcceptedEvent } from '../domain/accepted-event.ts';
import { adjustmentPeriod } from '../domain/adjustment-event.ts';
import { adjustmentEntry, type JournalEntry, usageEntry } from '../domain/journal.ts';
import type { Period } from '../domain/period.ts';
import { type PriceBook, rate } from '../domain/price-book.ts';
import { bookingPeriod, type PayloadHash, type UsageEvent } from '../domain/usage-event.ts';
import type { DeliveredEvent } from './delivery.ts';

/** An event ready to be posted: what it is, the entry it becomes, and the month it books into unless that is closed. */
export interface Charge {
  readonly event: AcceptedEvent;
  readonly payloadHash: PayloadHash;
  readonly period: Period;
  readonly entry: JournalEntry;
}

/** Where prices come from: what is cached, and what stands in the table now. */
export interface PriceSource {
  priceBooks(): Promise<readonly PriceBook[]>;
  priceBooksNow(): Promise<readonly PriceBook[]>;
}

/**
 * What the event comes to: an adjustment its own amount, usage the price pinned when it was accepted. A version or
 * metric the cache does not know is looked up again before it is judged. Undefined: there is no such price.
 */
export async function chargeFor(delivered: DeliveredEvent, prices: PriceSource): Promise<Charge | undefined> {
  const { kind, event, payloadHash } = delivered;
  if (kind === 'adjustment') {
    return { event, payloadHash, period: adjustmentPeriod(event), entry: adjustmentEntry(event) };
  }
  const entry = rated(event, await prices.priceBooks()) ?? rated(event, await prices.priceBooksNow());
  return entry && { event, payloadHash, period: bookingPeriod(event), entry };
}

function rated(event: UsageEvent, books: readonly PriceBook[]): JournalEntry | undefined {
  const book = books.find(({ version }) => version === event.priceVersion);
  const amount = book && rate(book, event.metric, event.quantity);
  return amount === undefined ? undefined : usageEntry(event, amount);
}
