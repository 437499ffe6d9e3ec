import type * as z from 'zod';
import type { AdjustmentEvent } from '../domain/adjustment-event.ts';
import type { AmountMinor } from '../domain/money.ts';
import { requestOf, stored } from './item.ts';

/** The attributes of an accepted adjustment, the same in the intake table and on the queue; its amount is a number or a text. */
export const adjustmentAttributes = {
  tenant: stored.tenant,
  event_id: stored.adjustmentEventId,
  reason: stored.adjustmentReason,
  received_at: stored.instant,
  request_id: stored.requestId,
};

type AdjustmentAttributes = z.output<z.ZodObject<typeof adjustmentAttributes>>;

export function adjustmentEventOf(attributes: AdjustmentAttributes, amountMinor: AmountMinor): AdjustmentEvent {
  const { tenant, event_id: eventId, reason, received_at: receivedAt } = attributes;
  return { tenant, eventId, amountMinor, reason, receivedAt, ...requestOf(attributes) };
}

export function adjustmentAttributesOf({ tenant, eventId, reason, receivedAt, requestId }: AdjustmentEvent) {
  return { tenant, event_id: eventId, reason, received_at: receivedAt, request_id: requestId };
}
