import * as z from 'zod';
import { EVENT_ID_PREFIX, type EventId, parseEventId, type TenantId } from '../../domain/ids.ts';
import { checked, parsed, tenantField } from '../../http/fields.ts';
import { REDRIVE_EVENTS_MAX } from '../../http/limits.ts';

const eventIdField = parsed(parseEventId, 'must be an event id', {
  description: 'The id of an accepted event.',
  pattern: EVENT_ID_PREFIX.source,
  examples: ['api:first'],
});

const eventIdsMessage = `must be a list of 1 to ${REDRIVE_EVENTS_MAX} event ids`;

/** The body of `POST /dead-letters/redrive`. */
export const redriveRequestSchema = z
  .object({
    tenant: tenantField,
    event_ids: z
      .array(eventIdField, eventIdsMessage)
      .min(1, eventIdsMessage)
      .max(REDRIVE_EVENTS_MAX, eventIdsMessage)
      .meta({ description: 'Which events to try again.' }),
  })
  .meta({ id: 'RedriveRequest' });

/** Which events of which tenant to try again; throws a 400 that lists every fault. */
export function redriveRequestOf(body: Record<string, unknown>): { tenant: TenantId; eventIds: EventId[] } {
  const { tenant, event_ids: eventIds } = checked(redriveRequestSchema, body);
  return { tenant, eventIds };
}
