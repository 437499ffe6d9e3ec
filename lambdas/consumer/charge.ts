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
  /** Of the prices it was rated at; an adjustment has none of its own. */
  readonly currency?: string;
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
  const charged = rated(event, await prices.priceBooks()) ?? rated(event, await prices.priceBooksNow());
  return charged && { event, payloadHash, period: bookingPeriod(event), ...charged };
}

function rated(event: UsageEvent, books: readonly PriceBook[]): Pick<Charge, 'entry' | 'currency'> | undefined {
  const book = books.find(({ version }) => version === event.priceVersion);
  const amount = book && rate(book, event.metric, event.quantity);
  if (book === undefined || amount === undefined) return undefined;
  return { entry: usageEntry(event, amount), currency: book.currency };
}
