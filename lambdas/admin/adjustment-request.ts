import * as z from 'zod';
import {
  ADJUSTMENT_REASON_MAX_BYTES,
  type AdjustmentPayload,
  parseAdjustmentReason,
} from '../domain/adjustment-event.ts';
import { adjustmentEventId } from '../domain/ids.ts';
import { ADJUSTMENT_MAX, parseAdjustmentAmount } from '../domain/money.ts';
import { checked, idempotencyKeyField, isInteger, parsed, refuse, tenantField } from '../http/fields.ts';

const amountField = z
  .unknown()
  .transform((value, context) => {
    const amount = isInteger(value) ? parseAdjustmentAmount(BigInt(value)) : undefined;
    return amount ?? refuse(context, `must be an integer other than 0, from -${ADJUSTMENT_MAX} to ${ADJUSTMENT_MAX}`);
  })
  .meta({
    description: 'Minor units: a positive amount is owed in addition, a negative one is credited. Never 0.',
    type: 'integer',
    minimum: -Number(ADJUSTMENT_MAX),
    maximum: Number(ADJUSTMENT_MAX),
    not: { const: 0 },
    examples: [-250],
  });

const reasonField = parsed(
  parseAdjustmentReason,
  `must be 1 to ${ADJUSTMENT_REASON_MAX_BYTES} bytes of well-formed UTF-8 without NUL`,
  {
    description: `Why, for whoever asks later: 1 to ${ADJUSTMENT_REASON_MAX_BYTES} bytes of UTF-8.`,
    minLength: 1,
    maxLength: ADJUSTMENT_REASON_MAX_BYTES,
    pattern: '^[^\\u0000]+$',
    examples: ['Goodwill for the outage of 3 November'],
  },
);

/** The body of `POST /adjustments`. */
export const adjustmentRequestSchema = z
  .object({
    tenant: tenantField,
    amount_minor: amountField,
    idempotency_key: idempotencyKeyField,
    reason: reasonField,
  })
  .meta({ id: 'AdjustmentRequest' });

/** What an administrator asks for; throws a 400 that lists every fault. */
export function adjustmentPayloadOf(body: Record<string, unknown>): AdjustmentPayload {
  const { tenant, amount_minor: amountMinor, idempotency_key: key, reason } = checked(adjustmentRequestSchema, body);
  return { tenant, eventId: adjustmentEventId(key), amountMinor, reason };
}
