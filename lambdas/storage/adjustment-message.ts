import * as z from 'zod';
import { type AdjustmentEvent, adjustmentHash } from '../domain/adjustment-event.ts';
import { ADJUSTMENT_LANE } from '../domain/lane.ts';
import { parseAdjustmentAmount } from '../domain/money.ts';
import { adjustmentAttributes, adjustmentAttributesOf, adjustmentEventOf } from './adjustment-record.ts';
import { decodeMessage, type EventMessage, encodeMessage, type MessageForm, type Resend } from './event-message.ts';

export type AdjustmentMessage = EventMessage<AdjustmentEvent>;

/** A reason of control characters takes six times its bytes in JSON: so many stay below 256 KiB at their largest. */
export const ADJUSTMENTS_PER_MESSAGE_MAX = 25;

/** Amounts travel as decimal texts, as money does in every JSON of ours. */
const eventSchema = z
  .object({ ...adjustmentAttributes, amount_minor: z.string().regex(/^-?\d{1,13}$/) })
  .transform((attributes, context): AdjustmentEvent => {
    const amountMinor = parseAdjustmentAmount(BigInt(attributes.amount_minor));
    if (amountMinor !== undefined) return adjustmentEventOf(attributes, amountMinor);
    context.addIssue({ code: 'custom', path: ['amount_minor'], message: 'out of range' });
    return z.NEVER;
  });

const form: MessageForm<AdjustmentEvent> = {
  list: 'adjustments',
  schema: eventSchema,
  attributesOf: (event) => ({ ...adjustmentAttributesOf(event), amount_minor: event.amountMinor.toString() }),
  hashOf: adjustmentHash,
  laneOf: () => ADJUSTMENT_LANE,
};

export function encodeAdjustmentMessage(message: AdjustmentMessage, resend?: Resend) {
  return encodeMessage(message, form, resend);
}

export function decodeAdjustmentMessage(body: string): AdjustmentMessage | undefined {
  return decodeMessage(body, form);
}
