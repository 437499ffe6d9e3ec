import * as z from 'zod';
import { apiEventId, type TenantId, webhookEventId } from '../domain/ids.ts';
import type { UsagePayload } from '../domain/usage-event.ts';
import { checked, idempotencyKeyField, instantField, metricField, quantityField, tenantField } from '../http/fields.ts';
import { Problem } from '../http/problem.ts';
import type { WebhookCaller } from '../http/webhook-authentication.ts';

const eventDateField = instantField.optional().meta({
  description: 'When it was used: within the last year and at most a day ahead. Without it, the moment of acceptance.',
});

/** The body of `POST /events`. */
export const usageRequestSchema = z
  .object({
    tenant: z
      .string('must be your tenant id')
      .meta({ ...tenantField.meta(), description: "Your tenant id: the token's." }),
    metric: metricField,
    quantity: quantityField,
    idempotency_key: idempotencyKeyField,
    event_date: eventDateField,
  })
  .meta({ id: 'UsageRequest' });

/**
 * The payload a tenant sent to `POST /events`. Another tenant's name is a 403 before anything else is looked at; every
 * fault of the body is listed in one 400. Rules that change with time are not judged here.
 */
export function usagePayloadOf(body: Record<string, unknown>, tenant: TenantId): UsagePayload {
  refuseOthers(body['tenant'], tenant);
  const { metric, quantity, idempotency_key: key, event_date: eventDate = null } = checked(usageRequestSchema, body);
  return { tenant, eventId: apiEventId(key), metric, quantity, eventDate };
}

/** An event of a CloudEvents batch (CloudEvents 1.0, JSON format), as far as it concerns us; null says absent there. */
export const cloudEventSchema = z
  .object({
    specversion: z.literal('1.0', 'must be "1.0"'),
    id: idempotencyKeyField.meta({
      ...idempotencyKeyField.meta(),
      description: "The event's own id, the same at every retry: what `idempotency_key` is elsewhere.",
    }),
    source: z
      .string('must be a text')
      .min(1, 'must not be empty')
      .meta({ description: 'Where it comes from; required by CloudEvents, not kept.', examples: ['/meters/7'] }),
    type: metricField,
    subject: z
      .string('must be your tenant id')
      .nullish()
      .meta({ description: "Your tenant id: the token's, which counts without it too." }),
    time: instantField.nullish().meta({
      description:
        'When it was used: within the last year and at most a day ahead. Without it, the moment of acceptance.',
    }),
    data: z
      .object({ quantity: quantityField }, 'must be an object with a quantity')
      .meta({ description: 'The quantity; anything else in it is ignored.' }),
  })
  .meta({ id: 'UsageCloudEvent' });

/** The payload of an event of a CloudEvents batch; refused as in `usagePayloadOf`. */
export function cloudEventPayloadOf(event: Record<string, unknown>, tenant: TenantId): UsagePayload {
  refuseOthers(event['subject'], tenant);
  const { id, type: metric, time, data } = checked(cloudEventSchema, event);
  return { tenant, eventId: apiEventId(id), metric, quantity: data.quantity, eventDate: time ?? null };
}

/** The body of `POST /webhooks/usage`. Whose usage it is, the signing key says: a `tenant` is ignored like any other extra. */
export const webhookUsageSchema = z
  .object({
    event_id: idempotencyKeyField.meta({
      ...idempotencyKeyField.meta(),
      description: "The delivery's own id, the same at every retry.",
      examples: ['delivery-1'],
    }),
    metric: metricField,
    quantity: quantityField,
    event_date: eventDateField,
  })
  .meta({ id: 'WebhookUsage' });

/** The payload of a delivery to `POST /webhooks/usage`; every fault of the body is listed in one 400. */
export function deliveredPayloadOf(body: Record<string, unknown>, { tenant, keyId }: WebhookCaller): UsagePayload {
  const { event_id: id, metric, quantity, event_date: eventDate = null } = checked(webhookUsageSchema, body);
  return { tenant, eventId: webhookEventId(keyId, id), metric, quantity, eventDate };
}

function refuseOthers(named: unknown, tenant: TenantId): void {
  if (typeof named !== 'string' || named === tenant) return;
  throw new Problem('forbidden', 'Use the token of the tenant you send usage for.');
}
