import { createHash } from 'node:crypto';
import type { Receipt } from './receipt.ts';

/** A message attribute as the JSON protocol carries it; binary values are base64 text. */
interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string | undefined;
  readonly BinaryValue?: string | undefined;
}

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

/** A stored message. What changes with its deliveries is mutable, the rest is the sender's. */
export interface Message {
  readonly id: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  /** What a delivery locks: the message group of a FIFO queue, the message alone on a standard queue. */
  readonly lockKey: string;
  readonly groupId: string | undefined;
  readonly deduplicationId: string | undefined;
  readonly sequenceNumber: string | undefined;
  /** The message's own delay (standard queues only); undefined means the queue's. */
  readonly delayMs: number | undefined;
  readonly deadLetterSourceArn: string | undefined;
  readonly sentAtMs: number;
  receiveCount: number;
  firstReceivedAtMs: number | undefined;
  /** Set while the message is in flight. */
  flight: Flight | undefined;
}

/** One delivery that has been neither deleted nor become visible again. */
interface Flight {
  readonly receivedAtMs: number;
  visibleAtMs: number;
}

/** A message as one receive handed it out. */
export interface Delivery {
  readonly message: Message;
  readonly receipt: Receipt;
}

/** The bytes SQS counts against the size limits: body, and each attribute's name, type and value. */
export function sizeInBytes(body: string, attributes: MessageAttributes): number {
  let bytes = Buffer.byteLength(body);
  for (const [name, attribute] of Object.entries(attributes)) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(attribute.DataType) + attributeValue(attribute).length;
  }
  return bytes;
}

/** MD5 in hex, which the SDK compares with the body it sent or got. */
export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

/** Type tags of the digest below. */
const STRING_VALUE = 1;
const BINARY_VALUE = 2;

/**
 * The digest over attributes: sorted by name, each as length-prefixed name, type, a type tag and length-prefixed value
 * (SQS Developer Guide, "Calculating the MD5 message digest for message attributes"). Undefined without attributes.
 */
export function md5OfAttributes(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const digest = createHash('md5');
  const add = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    digest.update(length).update(bytes);
  };
  for (const name of names) {
    const attribute = attributes[name];
    if (attribute === undefined) continue;
    add(Buffer.from(name));
    add(Buffer.from(attribute.DataType));
    digest.update(Buffer.of(attribute.DataType.startsWith('Binary') ? BINARY_VALUE : STRING_VALUE));
    add(attributeValue(attribute));
  }
  return digest.digest('hex');
}

function attributeValue(attribute: MessageAttribute): Buffer {
  return attribute.BinaryValue === undefined
    ? Buffer.from(attribute.StringValue ?? '')
    : Buffer.from(attribute.BinaryValue, 'base64');
}
