import type { SQSRecord } from 'aws-lambda';

/** What a sender says of a message, checked. */
export interface Draft {
  readonly body: string;
  readonly md5OfBody: string;
  readonly groupId: string;
  readonly deduplicationId: string;
}

/** A message in its queue. What its deliveries change is mutable. */
export interface Message extends Draft {
  readonly id: string;
  readonly sequenceNumber: string;
  readonly sentAtMs: number;
  /** The queue that gave it up, of a dead letter. */
  readonly deadLetterSourceArn: string | undefined;
  receiveCount: number;
  firstReceivedAtMs: number | undefined;
  /** While it is in flight. */
  flight: Flight | undefined;
}

/** A delivery that is neither deleted nor over. */
export interface Flight {
  readonly receiptHandle: string;
  readonly receivedAtMs: number;
  visibleAtMs: number;
}

/** A message as its event source hands it to a function (Lambda Developer Guide, "Example FIFO queue message event"). */
export type ReceivedMessage = SQSRecord;

const SENDER_ID = 'AROASIMULATED:function';

/** Of a message in flight. */
export function received(message: Message, queueArn: string): ReceivedMessage {
  const [, , , region = ''] = queueArn.split(':');
  return {
    messageId: message.id,
    receiptHandle: message.flight?.receiptHandle ?? '',
    body: message.body,
    attributes: {
      ApproximateReceiveCount: String(message.receiveCount),
      SentTimestamp: String(message.sentAtMs),
      SequenceNumber: message.sequenceNumber,
      MessageGroupId: message.groupId,
      SenderId: SENDER_ID,
      MessageDeduplicationId: message.deduplicationId,
      ApproximateFirstReceiveTimestamp: String(message.firstReceivedAtMs),
      ...(message.deadLetterSourceArn !== undefined && { DeadLetterQueueSourceArn: message.deadLetterSourceArn }),
    },
    messageAttributes: {},
    md5OfBody: message.md5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: region,
  };
}

/** In the form of SQS's, so that nobody comes to rely on more. */
export function messageId(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

/** Sequence numbers are compared as text, so all are as long as SQS's. */
const SEQUENCE_NUMBER_DIGITS = 20;

export function sequenceNumber(number: number): string {
  return String(number).padStart(SEQUENCE_NUMBER_DIGITS, '0');
}

/** Each delivery of a message has a handle of its own. */
export function receiptHandle({ id, receiveCount }: Message): string {
  return `${id}#${receiveCount}`;
}

/** The message of a handle, whichever delivery it is of; undefined for text that never was a handle. */
export function messageIdOf(handle: string): string | undefined {
  return /^([0-9a-f-]{36})#\d+$/.exec(handle)?.[1];
}
