import * as z from 'zod';
import { type Action, action, queueUrlSchema } from './action.ts';
import { runBatch } from './batch.ts';
import { type Draft, draftSchema } from './draft.ts';
import { QueueError } from './errors.ts';
import { md5, md5OfAttributes, sizeInBytes } from './message.ts';
import type { Queue } from './queue.ts';
import { renderDelivery } from './render.ts';

/** SQS API Reference, `SendMessageBatch`: the sum of a batch's messages, 1 MiB. */
const MAX_BATCH_BYTES = 1_048_576;

const SECOND_MS = 1_000;

/** Bounds of the API's own parameters (SQS API Reference, `ReceiveMessage`, `ChangeMessageVisibility`). */
const visibilityTimeoutSeconds = z.int().min(0).max(43_200);
const waitTimeSeconds = z.int().min(0).max(20);
const maxNumberOfMessages = z.int().min(1).max(10).default(1);

const names = z.array(z.string()).default([]);
const entryId = { Id: z.string() };
const handle = { ReceiptHandle: z.string() };
const timeout = { VisibilityTimeout: visibilityTimeoutSeconds };

const receiveSchema = queueUrlSchema.extend({
  MaxNumberOfMessages: maxNumberOfMessages,
  VisibilityTimeout: visibilityTimeoutSeconds.optional(),
  WaitTimeSeconds: waitTimeSeconds.optional(),
  AttributeNames: names,
  MessageSystemAttributeNames: names,
  MessageAttributeNames: names,
});

function batchOf<Shape extends z.ZodRawShape>(shape: Shape) {
  return queueUrlSchema.extend({ Entries: z.array(z.object({ ...entryId, ...shape })) });
}

/** The actions on messages, by their name in the API. */
export const messageActions: Readonly<Record<string, Action>> = {
  SendMessage: action(queueUrlSchema.extend(draftSchema.shape), ({ QueueUrl, ...draft }, { registry }) =>
    send(registry.byUrl(QueueUrl), draft),
  ),
  SendMessageBatch: action(batchOf(draftSchema.shape), ({ QueueUrl, Entries }, { registry }) => {
    const queue = registry.byUrl(QueueUrl);
    checkBatchSize(Entries);
    return runBatch(Entries, (entry) => send(queue, entry));
  }),
  ReceiveMessage: action(receiveSchema, async (input, { registry, caller }) => {
    const { MaxNumberOfMessages: max, VisibilityTimeout: timeoutSeconds, WaitTimeSeconds: waitSeconds } = input;
    const request = { max, visibilityTimeoutMs: timeoutSeconds === undefined ? undefined : timeoutSeconds * SECOND_MS };
    const waitMs = waitSeconds === undefined ? undefined : waitSeconds * SECOND_MS;
    const deliveries = await registry.byUrl(input.QueueUrl).receive(request, waitMs, caller);
    if (deliveries.length === 0) return {};
    const systemNames = [...input.AttributeNames, ...input.MessageSystemAttributeNames];
    return { Messages: deliveries.map((each) => renderDelivery(each, systemNames, input.MessageAttributeNames)) };
  }),
  DeleteMessage: action(queueUrlSchema.extend(handle), ({ QueueUrl, ReceiptHandle }, { registry }) => {
    registry.byUrl(QueueUrl).delete(ReceiptHandle);
    return {};
  }),
  DeleteMessageBatch: action(batchOf(handle), ({ QueueUrl, Entries }, { registry }) => {
    const queue = registry.byUrl(QueueUrl);
    return runBatch(Entries, ({ ReceiptHandle }) => {
      queue.delete(ReceiptHandle);
      return {};
    });
  }),
  ChangeMessageVisibility: action(queueUrlSchema.extend({ ...handle, ...timeout }), (input, { registry }) => {
    registry.byUrl(input.QueueUrl).changeVisibility(input.ReceiptHandle, input.VisibilityTimeout * SECOND_MS);
    return {};
  }),
  ChangeMessageVisibilityBatch: action(batchOf({ ...handle, ...timeout }), ({ QueueUrl, Entries }, { registry }) => {
    const queue = registry.byUrl(QueueUrl);
    return runBatch(Entries, ({ ReceiptHandle, VisibilityTimeout }) => {
      queue.changeVisibility(ReceiptHandle, VisibilityTimeout * SECOND_MS);
      return {};
    });
  }),
};

function send(queue: Queue, draft: Draft): object {
  const { messageId, sequenceNumber } = queue.send(draft);
  return {
    MessageId: messageId,
    MD5OfMessageBody: md5(draft.MessageBody ?? ''),
    MD5OfMessageAttributes: md5OfAttributes(draft.MessageAttributes),
    SequenceNumber: sequenceNumber,
  };
}

function checkBatchSize(drafts: readonly Draft[]): void {
  const bytes = drafts.reduce((sum, draft) => sum + sizeInBytes(draft.MessageBody ?? '', draft.MessageAttributes), 0);
  if (bytes <= MAX_BATCH_BYTES) return;
  const message = `Batch requests cannot be longer than ${MAX_BATCH_BYTES} bytes. You have sent ${bytes} bytes.`;
  throw new QueueError('BatchRequestTooLong', message);
}
