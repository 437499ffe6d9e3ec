import type { SQSRecord } from 'aws-lambda';
import { type AdjustmentEvent, adjustmentHash } from '../domain/adjustment-event.ts';
import type { EntryKind } from '../domain/journal.ts';
import { ADJUSTMENT_LANE, messageGroupOf, usageLane } from '../domain/lane.ts';
import { type PayloadHash, payloadHash, type UsageEvent } from '../domain/usage-event.ts';
import { decodeAdjustmentMessage } from '../storage/adjustment-message.ts';
import { decodeUsageMessage } from '../storage/usage-message.ts';

/** Which queue carries what. A message's own word for its kind counts nothing: only admin may send adjustments. */
export interface Queues {
  readonly usageArn: string;
  readonly adjustmentArn: string;
}

/** One delivery of one message, read again from scratch: what lies on a queue is data, not trust. */
export interface Delivery {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly kind: EntryKind;
  readonly body: string;
  /** How often SQS has handed it out, this time included. */
  readonly receiveCount: number;
  /** None when the body is no message of its queue's kind. */
  readonly events: readonly DeliveredEvent[];
}

export type DeliveredEvent =
  | { readonly kind: 'usage'; readonly event: UsageEvent; readonly payloadHash: PayloadHash }
  | { readonly kind: 'adjustment'; readonly event: AdjustmentEvent; readonly payloadHash: PayloadHash };

/** Throws when the record comes from neither queue: the function is wired wrongly, and nothing may be guessed. */
export function readDelivery(record: SQSRecord, queues: Queues): Delivery {
  const kind = kindOf(record, queues);
  return {
    messageId: record.messageId,
    receiptHandle: record.receiptHandle,
    kind,
    body: record.body,
    receiveCount: Number(record.attributes.ApproximateReceiveCount),
    events: kind === 'usage' ? usageIn(record.body) : adjustmentsIn(record.body),
  };
}

/** The lane its events post into, from kind and ids alone: the queue's group only says what may overtake what. */
export function laneOf({ kind, events }: Delivery) {
  const [first] = events;
  if (first === undefined) return undefined;
  const { tenant } = first.event;
  const lane = kind === 'usage' ? usageLane(events.map(({ event }) => event.eventId)) : ADJUSTMENT_LANE;
  return { tenant, lane, group: messageGroupOf(tenant, lane) };
}

function kindOf({ eventSourceARN }: SQSRecord, { usageArn, adjustmentArn }: Queues): EntryKind {
  if (eventSourceARN === usageArn) return 'usage';
  if (eventSourceARN === adjustmentArn) return 'adjustment';
  throw new Error(`A message came from ${eventSourceARN}, which is neither the usage nor the adjustments queue.`);
}

function usageIn(body: string): DeliveredEvent[] {
  const events = decodeUsageMessage(body)?.events ?? [];
  return events.map((event) => ({ kind: 'usage', event, payloadHash: payloadHash(event) }));
}

function adjustmentsIn(body: string): DeliveredEvent[] {
  const events = decodeAdjustmentMessage(body)?.events ?? [];
  return events.map((event) => ({ kind: 'adjustment', event, payloadHash: adjustmentHash(event) }));
}
