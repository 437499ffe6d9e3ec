import type { AcceptedEvent } from './accepted-event.ts';
import type { Branded } from './brand.ts';
import { sha256Hex } from './digest.ts';
import { type EventId, isKeepableText, type TenantId } from './ids.ts';
import type { AmountMinor } from './money.ts';
import { type Period, periodOf } from './period.ts';
import type { PayloadHash } from './usage-event.ts';

/** Why an administrator credits or charges a tenant, for whoever asks later: 1..1,024 bytes of well-formed UTF-8. */
export type AdjustmentReason = Branded<string, 'AdjustmentReason'>;

/** A paragraph: enough for a ticket's number and what was agreed. */
export const ADJUSTMENT_REASON_MAX_BYTES = 1_024;

/** What an administrator said: the facts that make two requests under one key the same adjustment or a conflict. */
export interface AdjustmentPayload {
  readonly tenant: TenantId;
  readonly eventId: EventId;
  /** Positive: the tenant owes more. */
  readonly amountMinor: AmountMinor;
  readonly reason: AdjustmentReason;
}

/** A payload with the moment it was accepted. */
export interface AdjustmentEvent extends AdjustmentPayload, AcceptedEvent {}

export function parseAdjustmentReason(text: string): AdjustmentReason | undefined {
  return isKeepableText(text, ADJUSTMENT_REASON_MAX_BYTES) ? (text as AdjustmentReason) : undefined;
}

/** SHA-256 over the payload in one fixed form, under a name of its own: no usage payload shares it. */
export function adjustmentHash({ tenant, eventId, amountMinor, reason }: AdjustmentPayload): PayloadHash {
  const form = JSON.stringify(['zerosum/adjustment/1', tenant, eventId, amountMinor.toString(), reason]);
  return sha256Hex(form) as PayloadHash;
}

/** The month it books into, unless that is closed: the one it was accepted in. */
export function adjustmentPeriod({ receivedAt }: AdjustmentEvent): Period {
  return periodOf(receivedAt);
}
