import type { AcceptedEvent } from './accepted-event.ts';
import type { Branded } from './brand.ts';
import { sha256Hex } from './digest.ts';
import type { EventId, Metric, TenantId } from './ids.ts';
import type { Instant } from './instant.ts';
import type { Quantity } from './money.ts';
import { naturalPeriod, type Period } from './period.ts';

/** What a caller said: the facts that make two deliveries of one id the same event or a conflict. */
export interface UsagePayload {
  readonly tenant: TenantId;
  readonly eventId: EventId;
  readonly metric: Metric;
  readonly quantity: Quantity;
  /** Null when the caller gave none: that is a payload of its own, other than any explicit date. */
  readonly eventDate: Instant | null;
}

/** A payload with what was fixed when it was accepted. */
export interface UsageEvent extends UsagePayload, AcceptedEvent {
  /** The price book in force at acceptance; a later version never re-rates the event. */
  readonly priceVersion: number;
}

export type PayloadHash = Branded<string, 'PayloadHash'>;

/** SHA-256 over the payload in one fixed form; a JSON array of texts is unambiguous, so no two payloads share it. */
export function payloadHash({ tenant, eventId, metric, quantity, eventDate }: UsagePayload): PayloadHash {
  const form = JSON.stringify(['zerosum/usage/1', tenant, eventId, metric, quantity.toString(), eventDate]);
  return sha256Hex(form) as PayloadHash;
}

/** When it happened, as far as anyone knows: the caller's date, or else the moment of acceptance. */
export function effectiveDate(event: UsageEvent): Instant {
  return event.eventDate ?? event.receivedAt;
}

/** The month it books into, unless that is closed. */
export function bookingPeriod(event: UsageEvent): Period {
  return naturalPeriod(effectiveDate(event), event.receivedAt);
}
