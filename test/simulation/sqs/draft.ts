import { createHash } from 'node:crypto';
import type { SendMessageCommandInput } from '@aws-sdk/client-sqs';
import { refuseUnknown } from '../input.ts';
import { refusal } from './errors.ts';
import type { Draft } from './message.ts';

/** SQS Developer Guide, "Amazon SQS message quotas": of one message, and of a batch together. */
export const BYTES_MAX = 1_048_576;

/** SQS API Reference, `SendMessage`: 1 to 128 alphanumerics and ASCII punctuation. */
const IDENTIFIER = /^[!-~]{1,128}$/;

/** The complement of what SQS API Reference, `SendMessage`, allows in a body. */
const FORBIDDEN_CHARACTER = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u;

const KNOWN = new Set(['Id', 'QueueUrl', 'MessageBody', 'MessageGroupId', 'MessageDeduplicationId']);

type Sent = Omit<SendMessageCommandInput, 'QueueUrl'>;

/** A message as it is sent, checked as a FIFO queue without content-based deduplication does. */
export function draftOf(sent: Sent): Draft {
  refuseUnknown('SQS', sent, KNOWN);
  const { MessageBody: body, MessageGroupId: groupId, MessageDeduplicationId: deduplicationId } = sent;
  if (!body) throw refusal('MissingParameter', 'The request must contain the parameter MessageBody.');
  if (FORBIDDEN_CHARACTER.test(body)) {
    throw refusal('InvalidMessageContents', 'Invalid characters found: only some are allowed in a body.');
  }
  if (bytesOf(sent) > BYTES_MAX) {
    throw refusal('InvalidParameterValue', `Message must be shorter than ${BYTES_MAX} bytes.`);
  }
  if (groupId === undefined)
    throw refusal('MissingParameter', 'The request must contain the parameter MessageGroupId.');
  if (deduplicationId === undefined) {
    const message = 'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided';
    throw refusal('InvalidParameterValue', message);
  }
  if (!IDENTIFIER.test(groupId) || !IDENTIFIER.test(deduplicationId)) {
    const message = 'MessageGroupId and MessageDeduplicationId are 1 to 128 alphanumeric and punctuation characters.';
    throw refusal('InvalidParameterValue', message);
  }
  return { body, md5OfBody: createHash('md5').update(body).digest('hex'), groupId, deduplicationId };
}

export function bytesOf({ MessageBody = '' }: Sent): number {
  return Buffer.byteLength(MessageBody);
}
