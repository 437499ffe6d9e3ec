import * as z from 'zod';
import { usageLane } from '../domain/lane.ts';
import { parseQuantity } from '../domain/money.ts';
import { payloadHash, type UsageEvent } from '../domain/usage-event.ts';
import { decodeMessage, type EventMessage, encodeMessage, type MessageForm, type Resend } from './event-message.ts';
import { usageAttributes, usageAttributesOf, usageEventOf } from './usage-record.ts';

export type UsageMessage = EventMessage<UsageEvent>;

/** Quantities travel as decimal texts, as money does in every JSON of ours. */
const eventSchema = z
  .object({
    ...usageAttributes,
    quantity: z.string().regex(/^\d{1,13}$/),
    price_version: z.int().nonnegative(),
  })
  .transform((attributes, context): UsageEvent => {
    const quantity = parseQuantity(BigInt(attributes.quantity));
    if (quantity !== undefined) return usageEventOf(attributes, { quantity, priceVersion: attributes.price_version });
    context.addIssue({ code: 'custom', path: ['quantity'], message: 'out of range' });
    return z.NEVER;
  });

const form: MessageForm<UsageEvent> = {
  list: 'events',
  schema: eventSchema,
  attributesOf: (event) => ({
    ...usageAttributesOf(event),
    quantity: event.quantity.toString(),
    price_version: event.priceVersion,
  }),
  hashOf: payloadHash,
  laneOf: usageLane,
};

export function encodeUsageMessage(message: UsageMessage, resend?: Resend) {
  return encodeMessage(message, form, resend);
}

export function decodeUsageMessage(body: string): UsageMessage | undefined {
  return decodeMessage(body, form);
}
