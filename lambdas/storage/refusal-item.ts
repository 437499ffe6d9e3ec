import * as z from 'zod';
import type { EventId, TenantId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { EntryKind } from '../domain/journal.ts';
import type { Refusal } from '../domain/refusal.ts';
import { readItem, stored } from './item.ts';
import { NO_TENANT, refusalIndexKey, refusalKey, unreadableMessageKey } from './keys.ts';

/** A message from which no event can be read: what it once carried, if anything, is in the intake. */
export interface UnreadableMessage {
  readonly messageId: string;
  readonly reason: string;
  readonly firstAt: Instant;
  readonly lastAt: Instant;
  readonly attempts: number;
}

/** A body longer than this is cut: enough to see what it was, and the item stays far below DynamoDB's 400 KB. */
const UNREADABLE_BODY_MAX_CHARS = 4_096;

const unreadableReasons: Readonly<Record<EntryKind, string>> = {
  usage: 'not a usage message',
  adjustment: 'not an adjustment message',
};

const failureSchema = { reason: z.string(), first_at: stored.instant, last_at: stored.instant, attempts: stored.count };
const refusalSchema = z.object({ ...failureSchema, is_final: z.boolean(), payload_hash: stored.payloadHash });
const unreadableSchema = z.object(failureSchema);

export function refusalItem(refusal: Refusal): Record<string, unknown> {
  const { tenant, eventId, final, reason, payloadHash, firstAt, lastAt, attempts } = refusal;
  return {
    ...refusalKey(tenant, eventId),
    ...refusalIndexKey(tenant, firstAt, eventId),
    ...{ is_final: final, reason, payload_hash: payloadHash, first_at: firstAt, last_at: lastAt, attempts },
  };
}

export function refusalOf(tenant: TenantId, eventId: EventId, item: Record<string, unknown>): Refusal {
  const { is_final: final, payload_hash: payloadHash, ...rest } = readItem(refusalSchema, item);
  return { tenant, eventId, final, payloadHash, ...failureOf(rest) };
}

/** @param message.receiveCount how often it has been delivered by now */
export function unreadableItem(message: {
  readonly messageId: string;
  readonly kind: EntryKind;
  readonly body: string;
  readonly receiveCount: number;
  readonly at: Instant;
}): Record<string, unknown> {
  const { messageId, kind, body, receiveCount, at } = message;
  return {
    ...unreadableMessageKey(messageId),
    ...refusalIndexKey(NO_TENANT, at, messageId),
    // The cut may go through a surrogate pair, and DynamoDB keeps well-formed text only.
    body: body.slice(0, UNREADABLE_BODY_MAX_CHARS).toWellFormed(),
    ...{ reason: unreadableReasons[kind], first_at: at, last_at: at, attempts: receiveCount },
  };
}

export function unreadableOf(messageId: string, item: Record<string, unknown>): UnreadableMessage {
  return { messageId, ...failureOf(readItem(unreadableSchema, item)) };
}

function failureOf({ reason, first_at: firstAt, last_at: lastAt, attempts }: z.output<typeof unreadableSchema>) {
  return { reason, firstAt, lastAt, attempts };
}
