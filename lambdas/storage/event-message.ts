import * as z from 'zod';
import type { AcceptedEvent } from '../domain/accepted-event.ts';
import { sha256Hex } from '../domain/digest.ts';
import type { EventId, TenantId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { type Lane, messageGroupOf } from '../domain/lane.ts';
import type { PayloadHash } from '../domain/usage-event.ts';
import type { QueueMessage } from './queue-sender.ts';

/** Accepted events of one tenant on their way to the consumer. */
export interface EventMessage<Event> {
  readonly tenant: TenantId;
  readonly events: readonly Event[];
}

/** What sets a deliberate resend apart from the identical one SQS would drop: which try it is, of tries since when. */
export interface Resend {
  readonly attempt: number;
  readonly since: Instant;
}

/** How events of one kind travel. */
export interface MessageForm<Event> {
  /** The list's name in the body, so that a body of one kind is none of the other. */
  readonly list: string;
  readonly schema: z.ZodType<Event>;
  attributesOf(event: Event): object;
  hashOf(event: Event): PayloadHash;
  laneOf(eventIds: readonly EventId[]): Lane;
}

/** The message as SQS takes it: body, group, and an id by which SQS drops an identical send for five minutes. */
export function encodeMessage<Event extends AcceptedEvent>(
  { tenant, events }: EventMessage<Event>,
  form: MessageForm<Event>,
  resend?: Resend,
): QueueMessage {
  const names = events.map((event) => [event.eventId, form.hashOf(event)]);
  const identity = JSON.stringify([tenant, names, resend?.attempt ?? 0, resend?.since ?? null]);
  return {
    MessageBody: inSqsText(JSON.stringify({ version: 1, [form.list]: events.map(form.attributesOf) })),
    MessageGroupId: messageGroupOf(tenant, form.laneOf(events.map(({ eventId }) => eventId))),
    MessageDeduplicationId: sha256Hex(identity),
  };
}

/** The message in a body, or undefined when it is none of this kind: what lies on a queue is data, not trust. */
export function decodeMessage<Event extends AcceptedEvent>(
  body: string,
  form: MessageForm<Event>,
): EventMessage<Event> | undefined {
  const schema = z.object({ version: z.literal(1), [form.list]: z.array(form.schema).min(1) });
  const events = schema.safeParse(parseJson(body)).data?.[form.list] as Event[] | undefined;
  const tenant = events?.[0]?.tenant;
  if (events === undefined || tenant === undefined) return undefined;
  return events.every((event) => event.tenant === tenant) ? { tenant, events } : undefined;
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
