import { type AdjustmentEvent, adjustmentHash, adjustmentPeriod } from './adjustment-event.ts';
import type { EventId, TenantId } from './ids.ts';
import type { Instant } from './instant.ts';
import { adjustmentEntry, type JournalEntry, usageEntry } from './journal.ts';
import type { Period } from './period.ts';
import { type PriceBook, rate } from './price-book.ts';
import { bookingPeriod, type PayloadHash, payloadHash, type UsageEvent } from './usage-event.ts';

/** An intake record of either kind, as far as a reconciliation holds the ledger against it. */
export interface IntakeFacts {
  readonly tenant: TenantId;
  readonly eventId: EventId;
  readonly receivedAt: Instant;
  /** As it was stored at acceptance. */
  readonly storedHash: PayloadHash;
  /** Computed again from the record. */
  readonly payloadHash: PayloadHash;
  /** The month its entry belongs in, or any later one if that was closed. */
  readonly naturalPeriod: Period;
  /** The entry it must become; undefined when these books have no price for it. */
  readonly entry: (books: readonly PriceBook[]) => JournalEntry | undefined;
}

export function usageFacts(event: UsageEvent, storedHash: PayloadHash): IntakeFacts {
  const { tenant, eventId, receivedAt, priceVersion, metric, quantity } = event;
  return {
    ...{ tenant, eventId, receivedAt, storedHash, payloadHash: payloadHash(event) },
    naturalPeriod: bookingPeriod(event),
    entry: (books) => {
      const book = books.find(({ version }) => version === priceVersion);
      const charge = book && rate(book, metric, quantity);
      return charge === undefined ? undefined : usageEntry(event, charge);
    },
  };
}

export function adjustmentFacts(event: AdjustmentEvent, storedHash: PayloadHash): IntakeFacts {
  const { tenant, eventId, receivedAt } = event;
  return {
    ...{ tenant, eventId, receivedAt, storedHash, payloadHash: adjustmentHash(event) },
    naturalPeriod: adjustmentPeriod(event),
    // Its amount is its own, whatever the prices.
    entry: () => adjustmentEntry(event),
  };
}
