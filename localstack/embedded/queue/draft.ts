import { createHash } from 'node:crypto';
import * as z from 'zod';
import { invalidParameter, missingParameter, QueueError } from './errors.ts';
import { sizeInBytes } from './message.ts';
import type { Settings } from './settings.ts';

/** A message attribute's text or bytes, and its type; other types of value are reserved by SQS. */
const attributeSchema = z.object({
  DataType: z.string(),
  StringValue: z.string().optional(),
  BinaryValue: z.string().optional(),
});

/** What a sender says of one message, alone or in a batch. */
export const draftSchema = z.object({
  MessageBody: z.string().optional(),
  MessageAttributes: z.record(z.string(), attributeSchema).default({}),
  DelaySeconds: z.int().optional(),
  MessageGroupId: z.string().optional(),
  MessageDeduplicationId: z.string().optional(),
});

export type Draft = z.infer<typeof draftSchema>;

/** The parts of a message that its sender decides, checked against the queue. */
export interface Accepted {
  readonly body: string;
  readonly attributes: Draft['MessageAttributes'];
  readonly delayMs: number | undefined;
  readonly groupId: string | undefined;
  readonly deduplicationId: string | undefined;
}

/** SQS Developer Guide, "Amazon SQS message quotas". */
const MAX_MESSAGE_ATTRIBUTES = 10;

/** SQS API Reference, `SendMessage`, `DelaySeconds`. */
const MAX_DELAY_SECONDS = 900;

/** Group and deduplication ids: 1 to 128 alphanumerics and ASCII punctuation (SQS API Reference, `SendMessage`). */
const IDENTIFIER = /^[!-~]{1,128}$/;

/** The complement of `#x9 | #xA | #xD | #x20-#xD7FF | #xE000-#xFFFD | #x10000-#x10FFFF` (SQS API Reference, `SendMessage`). */
const FORBIDDEN_CHARACTER = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u;

/** Checks one message as SQS does for this queue. Throws the `QueueError` that SQS would answer with. */
export function acceptDraft(draft: Draft, settings: Settings): Accepted {
  const { MessageBody: body, MessageAttributes: attributes } = draft;
  if (!body) throw missingParameter('MessageBody');
  if (FORBIDDEN_CHARACTER.test(body)) {
    throw new QueueError('InvalidMessageContents', 'The message contains characters outside the allowed set.');
  }
  if (Object.keys(attributes).length > MAX_MESSAGE_ATTRIBUTES) {
    throw new QueueError('InvalidParameterValue', `Number of message attributes exceeds ${MAX_MESSAGE_ATTRIBUTES}.`);
  }
  if (sizeInBytes(body, attributes) > settings.maximumMessageBytes) {
    throw new QueueError(
      'InvalidParameterValue',
      `One or more parameters are invalid. Reason: Message must be shorter than ${settings.maximumMessageBytes} bytes.`,
    );
  }
  checkIdentifier('MessageGroupId', draft.MessageGroupId);
  const ids = settings.fifo ? fifoIds(draft, body, settings) : standardIds(draft);
  return { body, attributes, ...ids };
}

function fifoIds(draft: Draft, body: string, settings: Settings) {
  if (draft.MessageGroupId === undefined) throw missingParameter('MessageGroupId');
  if (draft.DelaySeconds) throw wrongQueueType('DelaySeconds', draft.DelaySeconds);
  checkIdentifier('MessageDeduplicationId', draft.MessageDeduplicationId);
  const contentId = settings.contentBasedDeduplication ? sha256(body) : undefined;
  const deduplicationId = draft.MessageDeduplicationId ?? contentId;
  if (deduplicationId === undefined) {
    throw new QueueError(
      'InvalidParameterValue',
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
  }
  return { groupId: draft.MessageGroupId, deduplicationId, delayMs: undefined };
}

function standardIds(draft: Draft) {
  const { DelaySeconds: delaySeconds, MessageDeduplicationId: deduplicationId } = draft;
  if (deduplicationId !== undefined) throw wrongQueueType('MessageDeduplicationId', deduplicationId);
  if (delaySeconds !== undefined && (delaySeconds < 0 || delaySeconds > MAX_DELAY_SECONDS)) {
    throw invalidParameter('DelaySeconds', delaySeconds, `DelaySeconds must be >= 0 and <= ${MAX_DELAY_SECONDS}.`);
  }
  const delayMs = delaySeconds === undefined ? undefined : delaySeconds * 1_000;
  return { groupId: draft.MessageGroupId, deduplicationId: undefined, delayMs };
}

function checkIdentifier(parameter: string, value: string | undefined): void {
  if (value === undefined || IDENTIFIER.test(value)) return;
  const reason = `${parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length.`;
  throw invalidParameter(parameter, value, reason);
}

function wrongQueueType(parameter: string, value: unknown): QueueError {
  return invalidParameter(parameter, value, 'The request include parameter that is not valid for this queue type.');
}

/** SQS Developer Guide, "Enable content-based deduplication": SHA-256 over the body, not over the attributes. */
function sha256(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}
