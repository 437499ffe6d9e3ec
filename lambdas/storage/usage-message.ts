import * as z from 'zod';
import { sha256Hex } from '../domain/digest.ts';
import type { TenantId } from '../domain/ids.ts';
import { messageGroupOf, usageLane } from '../domain/lane.ts';
import { parseQuantity } from '../domain/money.ts';
import { payloadHash, type UsageEvent } from '../domain/usage-event.ts';
import { usageAttributes, usageAttributesOf, usageEventOf } from './usage-record.ts';

/** Accepted events of one tenant on their way to the consumer. */
export interface UsageMessage {
  readonly tenant: TenantId;
  readonly events: readonly UsageEvent[];
}

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

const messageSchema = z.object({ version: z.literal(1), events: z.array(eventSchema).min(1) });

/** The message as SQS takes it: body, group, and an id by which SQS drops an identical resend for five minutes. */
export function encodeUsageMessage({ tenant, events }: UsageMessage, attempt = 0) {
  const ids = events.map((event) => event.eventId);
  const identity = JSON.stringify([tenant, events.map((event) => [event.eventId, payloadHash(event)]), attempt]);
  return {
    MessageBody: inSqsText(JSON.stringify({ version: 1, events: events.map(attributesOf) })),
    MessageGroupId: messageGroupOf(tenant, usageLane(ids)),
    MessageDeduplicationId: sha256Hex(identity),
  };
}

/** The message in a body, or undefined when it is none: what lies on a queue is data, not trust. */
export function decodeUsageMessage(body: string): UsageMessage | undefined {
  const parsed = messageSchema.safeParse(parseJson(body));
  const tenant = parsed.data?.events[0]?.tenant;
  if (!parsed.success || tenant === undefined) return undefined;
  const { events } = parsed.data;
  return events.every((event) => event.tenant === tenant) ? { tenant, events } : undefined;
}

function attributesOf(event: UsageEvent) {
  return { ...usageAttributesOf(event), quantity: event.quantity.toString(), price_version: event.priceVersion };
}

/** SQS refuses U+FFFE and U+FFFF, which an id may hold: JSON's escapes say the same. */
function inSqsText(json: string): string {
  return json.replaceAll('\ufffe', '\\ufffe').replaceAll('\uffff', '\\uffff');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
