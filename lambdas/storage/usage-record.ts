import type * as z from 'zod';
import type { UsageEvent } from '../domain/usage-event.ts';
import { requestOf, stored } from './item.ts';

/** The attributes of an accepted event, the same in the intake table and on the queue. */
export const usageAttributes = {
  tenant: stored.tenant,
  event_id: stored.usageEventId,
  metric: stored.metric,
  event_date: stored.instant.nullable(),
  received_at: stored.instant,
  request_id: stored.requestId,
};

type UsageAttributes = z.output<z.ZodObject<typeof usageAttributes>>;

export function usageEventOf(
  attributes: UsageAttributes,
  numbers: Pick<UsageEvent, 'quantity' | 'priceVersion'>,
): UsageEvent {
  const { tenant, event_id: eventId, metric, event_date: eventDate, received_at: receivedAt } = attributes;
  return { tenant, eventId, metric, eventDate, receivedAt, ...requestOf(attributes), ...numbers };
}

export function usageAttributesOf({ tenant, eventId, metric, eventDate, receivedAt, requestId }: UsageEvent) {
  return { tenant, event_id: eventId, metric, event_date: eventDate, received_at: receivedAt, request_id: requestId };
}
