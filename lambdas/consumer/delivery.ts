import type { SQSRecord } from 'aws-lambda';
import { messageGroupOf, usageLane } from '../domain/lane.ts';
import { type PayloadHash, payloadHash, type UsageEvent } from '../domain/usage-event.ts';
import { decodeUsageMessage } from '../storage/usage-message.ts';

/** One delivery of one message, read again from scratch: what lies on a queue is data, not trust. */
export interface Delivery {
  readonly messageId: string;
  readonly body: string;
  /** How often SQS has handed it out, this time included. */
  readonly receiveCount: number;
  /** None when the body is no usage message. */
  readonly events: readonly DeliveredEvent[];
}

export interface DeliveredEvent {
  readonly event: UsageEvent;
  readonly payloadHash: PayloadHash;
}

export function readDelivery(record: SQSRecord): Delivery {
  const message = decodeUsageMessage(record.body);
  return {
    messageId: record.messageId,
    body: record.body,
    receiveCount: Number(record.attributes.ApproximateReceiveCount),
    events: (message?.events ?? []).map((event) => ({ event, payloadHash: payloadHash(event) })),
  };
}

/** The lane its events post into, from the ids alone: the queue's group only says what may overtake what. */
export function laneOf({ events }: Delivery) {
  const [first] = events;
  if (first === undefined) return undefined;
  const { tenant } = first.event;
  const lane = usageLane(events.map(({ event }) => event.eventId));
  return { tenant, lane, group: messageGroupOf(tenant, lane) };
}
