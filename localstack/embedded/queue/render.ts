import { type Delivery, type Message, type MessageAttributes, md5, md5OfAttributes } from './message.ts';
import { receiptHandle } from './receipt.ts';

/** SQS reports the sender's principal; here everyone is one. */
const SENDER_ID = 'AIDAZEROSUMLOCAL';

/** A delivered message as `ReceiveMessage` shows it, with the attributes that were asked for by name, or by `All`. */
export function renderDelivery(
  { message, receipt }: Delivery,
  systemNames: readonly string[],
  attributeNames: readonly string[],
): object {
  const system = pick(systemAttributes(message), systemNames);
  const attributes: MessageAttributes = pick(message.attributes, attributeNames);
  const hasAttributes = Object.keys(attributes).length > 0;
  return {
    MessageId: message.id,
    ReceiptHandle: receiptHandle(receipt),
    MD5OfBody: md5(message.body),
    Body: message.body,
    ...(Object.keys(system).length > 0 && { Attributes: system }),
    ...(hasAttributes && { MessageAttributes: attributes, MD5OfMessageAttributes: md5OfAttributes(attributes) }),
  };
}

function systemAttributes(message: Message): Record<string, string> {
  const values = {
    SenderId: SENDER_ID,
    SentTimestamp: message.sentAtMs,
    ApproximateReceiveCount: message.receiveCount,
    ApproximateFirstReceiveTimestamp: message.firstReceivedAtMs,
    MessageGroupId: message.groupId,
    MessageDeduplicationId: message.deduplicationId,
    SequenceNumber: message.sequenceNumber,
    DeadLetterQueueSourceArn: message.deadLetterSourceArn,
  };
  const known = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known.map(([name, value]) => [name, String(value)]));
}

/** Names may be exact, a prefix ending in `.*`, or `All` or `.*` for everything (SQS API Reference, `ReceiveMessage`). */
function pick<Value>(values: Readonly<Record<string, Value>>, names: readonly string[]): Record<string, Value> {
  if (names.includes('All') || names.includes('.*')) return values;
  const isWanted = (name: string) =>
    names.some((wanted) => wanted === name || (wanted.endsWith('.*') && name.startsWith(wanted.slice(0, -1))));
  return Object.fromEntries(Object.entries(values).filter(([name]) => isWanted(name)));
}
