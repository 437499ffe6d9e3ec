import type { EventId, TenantId } from './ids.ts';
import type { Instant } from './instant.ts';
import type { PayloadHash } from './usage-event.ts';

/** Why an accepted event was not charged. */
export interface Refusal {
  readonly tenant: TenantId;
  readonly eventId: EventId;
  /**
   * True when the event can never be posted as it is. False when its message was given up after its last delivery: the
   * sweep may still post it.
   */
  readonly final: boolean;
  /** For the tenant who reads the receipt. */
  readonly reason: string;
  /** Of the payload refused: a refusal settles only an event with this very payload. */
  readonly payloadHash: PayloadHash;
  readonly firstAt: Instant;
}

/** Every reason there is, in the words of the receipt. */
export const refusalReasons = {
  conflict: 'another payload was already posted under this id',
  unpriced: 'the price book it was accepted under has no price for its metric',
  unstorable: 'the ledger could not store it',
  undelivered: 'it could not be posted in the tries a message gets; it will be tried again',
} as const;

/** Whether a refusal ends the matter for an event with this payload. */
export function settles(refusal: Refusal, payloadHash: PayloadHash): boolean {
  return refusal.final && refusal.payloadHash === payloadHash;
}
