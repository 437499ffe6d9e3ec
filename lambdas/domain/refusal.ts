import type { EventId, TenantId } from './ids.ts';
import { type Instant, isAfter } from './instant.ts';
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
  readonly lastAt: Instant;
  /** How many deliveries ended so. */
  readonly attempts: number;
}

/** One more time that an accepted event could not be posted. */
export interface Failure extends Pick<Refusal, 'tenant' | 'eventId' | 'final' | 'reason' | 'payloadHash'> {
  readonly at: Instant;
  readonly deliveries: number;
}

/**
 * The refusal once this failure is counted in, or undefined when it says nothing new. A final one replaces a provisional
 * one; a final one stays as it is, and only counts what else befalls the same payload.
 */
export function afterFailure(before: Refusal | undefined, failure: Failure): Refusal | undefined {
  const { at, deliveries, ...rest } = failure;
  const isSame = before?.payloadHash === failure.payloadHash;
  if (before === undefined || !isSame) {
    return before?.final ? undefined : { ...rest, firstAt: at, lastAt: at, attempts: deliveries };
  }
  const lastAt = isAfter(before.lastAt, at) ? before.lastAt : at;
  const kept = before.final ? before : { ...before, final: failure.final, reason: failure.reason };
  return { ...kept, lastAt, attempts: before.attempts + deliveries };
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
