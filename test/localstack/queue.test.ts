import { once } from 'node:events';
import {
  CreateQueueCommand,
  type Message,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
} from '@aws-sdk/client-sqs';
import { describe, expect, it, vi } from 'vitest';
import { DeduplicationWindow } from '../../localstack/embedded/queue/deduplication.ts';
import { Queue } from '../../localstack/embedded/queue/queue.ts';
import { withDefaults } from '../../localstack/embedded/queue/settings.ts';
import { bodies, clientOf, type TestQueue, useQueueEngine } from './queue-client.ts';
import { startQueueEngine } from './queue-engine.ts';

const MINUTE_MS = 60_000;

const engine = useQueueEngine();

function receiveCounts(messages: Message[]): number[] {
  return messages.map(({ Attributes }) => Number(Attributes?.ApproximateReceiveCount));
}

async function withDeadLetterQueue(maxReceiveCount: number, attributes: Record<string, string> = {}) {
  const deadLetters = await engine.createQueue();
  const deadLetterTargetArn = await deadLetters.arn();
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount });
  return { queue: await engine.createQueue({ RedrivePolicy, ...attributes }), deadLetters };
}

describe.concurrent('FIFO queue delivery logic (SQS Developer Guide)', () => {
  it('hands out several messages of one group in one receive, in the order sent', async () => {
    const queue = await engine.createQueue();
    await queue.sendAll(['1', '2', '3']);
    expect(bodies(await queue.receive())).toEqual(['1', '2', '3']);
  });

  it('hands out one message unless asked for more, and never more than 10', async () => {
    const queue = await engine.createQueue();
    const eleven = Array.from({ length: 11 }, (_, i) => String(i));
    for (const group of ['a', 'b']) await queue.sendAll(eleven, group);
    expect(await queue.receive({ MaxNumberOfMessages: undefined })).toHaveLength(1);
    expect(await queue.receive({ MaxNumberOfMessages: 10 })).toHaveLength(10);
    await expect(queue.receive({ MaxNumberOfMessages: 11 })).rejects.toThrow('MaxNumberOfMessages');
  });

  it('takes as many as it can of one group before it takes from the next', async () => {
    const queue = await engine.createQueue();
    await queue.send('a1', 'a');
    await queue.send('b1', 'b');
    await queue.send('a2', 'a');
    expect(bodies(await queue.receive())).toEqual(['a1', 'a2', 'b1']);
  });

  it('locks the group while any of its messages is in flight, and no other group', async () => {
    const queue = await engine.createQueue();
    await queue.sendAll(['a1', 'a2', 'a3'], 'a');
    const [first, second] = await queue.receive({ MaxNumberOfMessages: 2 });
    await queue.send('b1', 'b');
    expect(bodies(await queue.receive())).toEqual(['b1']);
    await queue.delete(first);
    expect(await queue.receive()).toEqual([]);
    await queue.delete(second);
    expect(bodies(await queue.receive())).toEqual(['a3']);
  });

  it('keeps the lock until the last message of the batch is deleted or visible, then redelivers in order', async () => {
    const queue = await engine.createQueue();
    await queue.sendAll(['1', '2', '3', '4']);
    const [first, second, third] = await queue.receive({ MaxNumberOfMessages: 3 });
    await queue.delete(first);
    await queue.changeVisibility(third, 0);
    expect(await queue.receive()).toEqual([]);
    await queue.changeVisibility(second, 0);
    expect(bodies(await queue.receive())).toEqual(['2', '3', '4']);
  });
});

describe.concurrent('Visibility timeout (SQS Developer Guide)', () => {
  it('redelivers in order after the timeout, with a higher ApproximateReceiveCount and a new handle', async () => {
    const queue = await engine.createQueue({ VisibilityTimeout: '1' });
    await queue.sendAll(['1', '2']);
    const first = await queue.receive();
    expect(receiveCounts(first)).toEqual([1, 1]);
    expect(await queue.receive()).toEqual([]);
    await queue.send('3');
    const again = await queue.receive({ WaitTimeSeconds: 5 });
    expect(bodies(again)).toEqual(['1', '2', '3']);
    expect(receiveCounts(again)).toEqual([2, 2, 1]);
    expect(again[0]?.ReceiptHandle).not.toBe(first[0]?.ReceiptHandle);
  });

  it('lets a receive override the timeout of the queue', async () => {
    const queue = await engine.createQueue();
    await queue.send('1');
    await queue.receive({ VisibilityTimeout: 1 });
    expect(await queue.bodiesEventually()).toEqual(['1']);
  });

  it('ChangeMessageVisibility prolongs a flight, and ends it at once with 0', async () => {
    const queue = await engine.createQueue({ VisibilityTimeout: '1' });
    await queue.send('1');
    const [message] = await queue.receive();
    await queue.changeVisibility(message, 60);
    expect(await queue.bodiesEventually(2)).toEqual([]);
    await queue.changeVisibility(message, 0);
    expect(bodies(await queue.receive())).toEqual(['1']);
  });

  it('ChangeMessageVisibility keeps a message in flight 12 hours at most', async () => {
    const queue = await engine.createQueue();
    await queue.send('1');
    const [message] = await queue.receive();
    await expect(queue.changeVisibility(message, 43_201)).rejects.toThrow('VisibilityTimeout');
    await queue.changeVisibility(message, 43_000);
  });

  it('refuses a receipt handle whose receive timed out, so that a slow consumer deletes nothing', async () => {
    const queue = await engine.createQueue();
    await queue.send('1');
    const [stale] = await queue.receive();
    await queue.changeVisibility(stale, 0);
    await expect(queue.delete(stale)).rejects.toThrow('The receipt handle has expired');
    await expect(queue.changeVisibility(stale, 10)).rejects.toMatchObject({ name: 'MessageNotInflight' });
    const [current] = await queue.receive();
    await expect(queue.delete(stale)).rejects.toThrow('The receipt handle has expired');
    await queue.delete(current);
    expect(await queue.counts()).toEqual([0, 0, 0]);
  });

  it('DeleteMessage succeeds when the message is gone already, and fails on what is no handle', async () => {
    const queue = await engine.createQueue();
    await queue.send('1');
    const [message] = await queue.receive();
    await queue.delete(message);
    await queue.delete(message);
    await expect(queue.delete({ ReceiptHandle: 'no handle' })).rejects.toMatchObject({
      name: 'ReceiptHandleIsInvalid',
    });
  });
});

describe.concurrent('Exactly-once processing: deduplication (SQS Developer Guide)', () => {
  const sendWith = (queue: TestQueue, body: string, MessageDeduplicationId?: string, group = 'g') =>
    queue.send(body, group, { MessageDeduplicationId });

  it('accepts a repeated MessageDeduplicationId, answers with the first MessageId and delivers once', async () => {
    const queue = await engine.createQueue();
    const first = await sendWith(queue, '1', 'same');
    const second = await sendWith(queue, 'another body', 'same', 'other');
    expect(second.MessageId).toBe(first.MessageId);
    expect(second.SequenceNumber).toBe(first.SequenceNumber);
    expect(bodies(await queue.receive())).toEqual(['1']);
  });

  it('still knows the id when the message has been received and deleted', async () => {
    const queue = await engine.createQueue();
    const first = await sendWith(queue, '1', 'same');
    const [message] = await queue.receive();
    await queue.delete(message);
    expect((await sendWith(queue, '1', 'same')).MessageId).toBe(first.MessageId);
    expect(await queue.receive()).toEqual([]);
  });

  it('ContentBasedDeduplication takes the SHA-256 of the body, unless an id is given', async () => {
    const queue = await engine.createQueue({ ContentBasedDeduplication: 'true' });
    const first = await sendWith(queue, 'body');
    expect((await sendWith(queue, 'body')).MessageId).toBe(first.MessageId);
    expect((await sendWith(queue, 'body', 'explicit')).MessageId).not.toBe(first.MessageId);
    expect(bodies(await queue.receive())).toEqual(['body', 'body']);
  });

  it('refuses a send with neither an id nor ContentBasedDeduplication, or without a group', async () => {
    const queue = await engine.createQueue();
    await expect(sendWith(queue, '1')).rejects.toThrow('ContentBasedDeduplication');
    await expect(queue.send('1', 'g', { MessageGroupId: undefined })).rejects.toThrow('MessageGroupId');
  });

  it('DeduplicationScope messageGroup keeps the groups apart', async () => {
    const queue = await engine.createQueue({
      DeduplicationScope: 'messageGroup',
      FifoThroughputLimit: 'perMessageGroupId',
    });
    const first = await sendWith(queue, 'a', 'same', 'a');
    expect((await sendWith(queue, 'b', 'same', 'b')).MessageId).not.toBe(first.MessageId);
    expect((await sendWith(queue, 'a', 'same', 'a')).MessageId).toBe(first.MessageId);
  });

  it('forgets an id five minutes after its first send, duplicates or not', () => {
    const window = new DeduplicationWindow();
    const original = { messageId: 'm', sequenceNumber: '1' };
    window.remember('id', original, 0);
    expect(window.find('id', 5 * MINUTE_MS - 1)).toMatchObject(original);
    expect(window.find('id', 5 * MINUTE_MS)).toBeUndefined();
  });
});

describe.concurrent('Dead-letter queues (SQS Developer Guide)', () => {
  it('moves a message to the FIFO dead-letter queue after maxReceiveCount receives, and its group goes on', async () => {
    const { queue, deadLetters } = await withDeadLetterQueue(2);
    const { MessageId } = await queue.send('poison');
    await queue.send('next');
    for (const count of [1, 2]) {
      const [message] = await queue.receive({ MaxNumberOfMessages: 1 });
      expect([message?.Body, message?.Attributes?.ApproximateReceiveCount]).toEqual(['poison', String(count)]);
      await queue.changeVisibility(message, 0);
    }
    expect(bodies(await queue.receive())).toEqual(['next']);
    const [dead] = await deadLetters.receive();
    expect(dead).toMatchObject({ MessageId, Body: 'poison' });
    expect(dead?.Attributes).toMatchObject({ MessageGroupId: 'g', DeadLetterQueueSourceArn: await queue.arn() });
  });

  it('counts a receive that timed out', async () => {
    const { queue, deadLetters } = await withDeadLetterQueue(1, { VisibilityTimeout: '1' });
    await queue.send('poison');
    await queue.receive();
    await queue.send('next');
    expect(await queue.bodiesEventually()).toEqual(['next']);
    expect(await deadLetters.counts()).toEqual([1, 0, 0]);
  });

  it('needs a dead-letter queue that exists and is FIFO too', async () => {
    const standard = await engine.createQueue({}, 'standard');
    const policy = (deadLetterTargetArn: string) => ({
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 3 }),
    });
    await expect(engine.createQueue(policy(await standard.arn()))).rejects.toThrow('same type');
    await expect(engine.createQueue(policy('arn:aws:sqs:us-east-1:1:none.fifo'))).rejects.toThrow('does not exist');
  });
});

describe.concurrent('Long polling (SQS Developer Guide)', () => {
  it('answers a waiting receive as soon as a message comes, with the whole batch', async () => {
    const queue = await engine.createQueue();
    const waiting = queue.receive({ WaitTimeSeconds: 20 });
    const Entries = ['a', 'b'].map((Id) => ({
      Id,
      MessageBody: Id,
      MessageGroupId: 'g',
      MessageDeduplicationId: Id,
    }));
    await engine.sqs.send(new SendMessageBatchCommand({ QueueUrl: queue.url, Entries }));
    expect(bodies(await waiting)).toEqual(['a', 'b']);
  });

  it('answers a waiting receive as soon as a delete unlocks its group', async () => {
    const queue = await engine.createQueue();
    await queue.sendAll(['1', '2']);
    const [first] = await queue.receive({ MaxNumberOfMessages: 1 });
    const waiting = queue.receive({ WaitTimeSeconds: 20 });
    await queue.delete(first);
    expect(bodies(await waiting)).toEqual(['2']);
  });

  it('serves each message to one of several waiting receives, and lets the others wait on', async () => {
    const queue = await engine.createQueue();
    const waiting = ['a', 'b', 'c'].map(() => queue.receive({ WaitTimeSeconds: 20 }));
    for (const group of ['a', 'b', 'c']) await queue.send(group, group);
    expect((await Promise.all(waiting)).flatMap(bodies).sort()).toEqual(['a', 'b', 'c']);
  });

  it('answers with nothing when the wait is over; the queue sets it if the receive does not', async () => {
    const queue = await engine.createQueue({ ReceiveMessageWaitTimeSeconds: '1' });
    const startedAtMs = performance.now();
    expect(await queue.receive({ WaitTimeSeconds: undefined })).toEqual([]);
    expect(performance.now() - startedAtMs).toBeGreaterThan(900);
  });

  it('hands no message to a receive whose caller has gone', async () => {
    const queue = await engine.createQueue();
    const caller = new AbortController();
    const waiting = queue.receive({ WaitTimeSeconds: 20 }, caller.signal);
    await engine.sqs.send(new PurgeQueueCommand({ QueueUrl: queue.url }));
    caller.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    await queue.counts();
    await queue.send('1');
    expect(await queue.bodiesEventually()).toEqual(['1']);
  });
});

describe('Time that a test cannot wait for', () => {
  it('MessageRetentionPeriod drops a message, even in flight', () => {
    vi.useFakeTimers();
    try {
      const attributes = withDefaults({ FifoQueue: 'true', MessageRetentionPeriod: '60', VisibilityTimeout: '600' });
      const queue = new Queue('arn:aws:sqs:us-east-1:0:q.fifo', attributes, () => undefined);
      queue.send({ MessageBody: '1', MessageAttributes: {}, MessageGroupId: 'g', MessageDeduplicationId: 'd' });
      queue.receive({ max: 1, visibilityTimeoutMs: undefined }, 0, { isGone: false, onceGone: () => {} });
      expect(queue.describe()).toMatchObject({ ApproximateNumberOfMessagesNotVisible: '1' });
      vi.advanceTimersByTime(MINUTE_MS);
      expect(queue.describe()).toMatchObject({ ApproximateNumberOfMessagesNotVisible: '0' });
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe.concurrent('The process', () => {
  it('ends on SIGTERM, even with a receive waiting', async () => {
    const own = await startQueueEngine();
    const client = clientOf(own);
    const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: 'q' }));
    const waiting = client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
    own.process.kill('SIGTERM');
    await expect(waiting).rejects.toThrow();
    expect(await once(own.process, 'exit')).toEqual([0, null]);
  });

  it('ends by itself when its parent is gone, if started with --with-parent', async () => {
    const own = await startQueueEngine('--with-parent');
    own.process.stdin?.end();
    expect(await once(own.process, 'exit')).toEqual([0, null]);
  });
});
