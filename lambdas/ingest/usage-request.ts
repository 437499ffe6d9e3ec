import * as z from 'zod';
import {
  apiEventId,
  IDEMPOTENCY_KEY_MAX_BYTES,
  METRIC_MAX_BYTES,
  parseIdempotencyKey,
  parseMetric,
  type TenantId,
} from '../domain/ids.ts';
import { parseInstant } from '../domain/instant.ts';
import { parseQuantity, QUANTITY_MAX } from '../domain/money.ts';
import type { UsagePayload } from '../domain/usage-event.ts';
import { malformed, Problem } from '../http/problem.ts';

const bodySchema = z.object({
  tenant: z.string('must be your tenant id'),
  metric: parsed(parseMetric, `must be a metric of the price book, 1 to ${METRIC_MAX_BYTES} bytes`),
  quantity: z.unknown().transform((value, context) => {
    const quantity = isInteger(value) ? parseQuantity(BigInt(value)) : undefined;
    return quantity ?? refuse(context, `must be an integer from 1 to ${QUANTITY_MAX}`);
  }),
  idempotency_key: parsed(
    parseIdempotencyKey,
    `must be 1 to ${IDEMPOTENCY_KEY_MAX_BYTES} bytes of well-formed UTF-8 without NUL`,
  ),
  event_date: parsed(parseInstant, 'must be a real date as a full RFC 3339 timestamp with Z or an offset').optional(),
});

/**
 * The payload a tenant sent to `POST /events`. Another tenant's name is a 403 before anything else is looked at; every
 * fault of the body is listed in one 400. Rules that change with time are not judged here.
 */
export function usagePayloadOf(body: Record<string, unknown>, tenant: TenantId): UsagePayload {
  const named = body['tenant'];
  if (typeof named === 'string' && named !== tenant) {
    throw new Problem('forbidden', 'Use the token of the tenant you send usage for.');
  }
  const result = bodySchema.safeParse(body);
  if (!result.success) {
    throw malformed(result.error.issues.map(({ path, message }) => ({ field: path.join('.'), message })));
  }
  const { metric, quantity, idempotency_key: key, event_date: eventDate = null } = result.data;
  return { tenant, eventId: apiEventId(key), metric, quantity, eventDate };
}

/** `1.0` and `1e3` are the integers they are; `-0` is not a quantity anyone meant. */
function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value) && !Object.is(value, -0);
}

function parsed<Value extends string>(parse: (text: string) => Value | undefined, message: string) {
  return z.string(message).transform((text, context): Value => parse(text) ?? refuse(context, message));
}

function refuse(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}
