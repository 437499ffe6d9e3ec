import {
  ChangeMessageVisibilityBatchCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueUrlCommand,
  type Message,
  QueueDoesNotExist,
  SendMessageBatchCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { bodies, NEVER_SECONDS, useQueueEngine } from './queue-client.ts';

const MIB = 1_048_576;
const KIB_256 = 262_144;

const engine = useQueueEngine();

describe.concurrent('Batch actions (SQS Developer Guide)', () => {
  const entry = (Id: string, MessageBody: string) => ({
    Id,
    MessageBody,
    MessageGroupId: 'g',
    MessageDeduplicationId: Id,
  });

  it('SendMessageBatch keeps the order and reports each refused entry without stopping the others', async () => {
    const queue = await engine.createQueue();
    const Entries = [entry('a', '1'), { ...entry('b', '2'), MessageGroupId: undefined }, entry('c', '3')];
    const result = await engine.sqs.send(new SendMessageBatchCommand({ QueueUrl: queue.url, Entries }));
    expect(result.Successful?.map(({ Id }) => Id)).toEqual(['a', 'c']);
    expect(result.Failed).toMatchObject([{ Id: 'b', Code: 'MissingParameter', SenderFault: true }]);
    expect(bodies(await queue.receive())).toEqual(['1', '3']);
  });

  it('DeleteMessageBatch and ChangeMessageVisibilityBatch report partial results', async () => {
    const queue = await engine.createQueue();
    await queue.sendAll(['1', '2']);
    const [first, second] = await queue.receive();
    const entryOf = (Id: string, message: Message | undefined) => ({ Id, ReceiptHandle: message?.ReceiptHandle });
    const QueueUrl = queue.url;
    const Entries = [entryOf('a', first), { Id: 'b', ReceiptHandle: 'no handle' }];
    const deleted = await engine.sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    expect(deleted).toMatchObject({ Successful: [{ Id: 'a' }], Failed: [{ Id: 'b', Code: 'ReceiptHandleIsInvalid' }] });
    const changes = [first, second].map((message, i) => ({ ...entryOf(String(i), message), VisibilityTimeout: 0 }));
    const changed = await engine.sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries: changes }));
    expect(changed).toMatchObject({ Successful: [{ Id: '1' }], Failed: [{ Id: '0' }] });
    expect(bodies(await queue.receive())).toEqual(['2']);
  });

  it('refuses an empty batch, more than 10 entries, and ids that are not distinct', async () => {
    const queue = await engine.createQueue();
    const sendIds = (...ids: string[]) => {
      const Entries = ids.map((id) => entry(id, 'x'));
      return engine.sqs.send(new SendMessageBatchCommand({ QueueUrl: queue.url, Entries }));
    };
    await expect(sendIds()).rejects.toMatchObject({ name: 'EmptyBatchRequest' });
    await expect(sendIds(...'abcdefghijk')).rejects.toMatchObject({ name: 'TooManyEntriesInBatchRequest' });
    await expect(sendIds('a', 'a')).rejects.toMatchObject({ name: 'BatchEntryIdsNotDistinct' });
    expect(await queue.counts()).toEqual([0, 0, 0]);
  });
});

describe.concurrent('Queues and their attributes (SQS API Reference)', () => {
  it('GetQueueAttributes counts visible, in-flight and delayed messages', async () => {
    const queue = await engine.createQueue();
    await queue.sendAll(['1', '2', '3']);
    await queue.receive({ MaxNumberOfMessages: 2 });
    expect(await queue.counts()).toEqual([1, 2, 0]);
    await engine.sqs.send(new SetQueueAttributesCommand({ QueueUrl: queue.url, Attributes: { DelaySeconds: '900' } }));
    await queue.send('4', 'h');
    expect(await queue.counts()).toEqual([0, 2, 2]);
    expect(await queue.receive()).toEqual([]);
  });

  it('DelaySeconds of a FIFO queue holds every message back, and is retroactive', async () => {
    const queue = await engine.createQueue({ DelaySeconds: '900' });
    await queue.sendAll(['1', '2']);
    expect(await queue.receive()).toEqual([]);
    await expect(queue.send('3', 'g', { DelaySeconds: 5 })).rejects.toThrow('DelaySeconds');
    const waiting = queue.bodiesEventually();
    await engine.sqs.send(new SetQueueAttributesCommand({ QueueUrl: queue.url, Attributes: { DelaySeconds: '0' } }));
    expect(await waiting).toEqual(['1', '2']);
  });

  it('DelaySeconds ends by itself', async () => {
    const queue = await engine.createQueue({ DelaySeconds: '1' });
    await queue.send('1');
    expect(await queue.bodiesEventually()).toEqual(['1']);
  });

  it('CreateQueue takes the attributes a template declares and gives them back', async () => {
    const attributes = {
      VisibilityTimeout: '90',
      MessageRetentionPeriod: '1209600',
      ContentBasedDeduplication: 'true',
      KmsMasterKeyId: 'alias/aws/sqs',
      SqsManagedSseEnabled: 'true',
    };
    const queue = await engine.createQueue(attributes);
    expect(await queue.attributes()).toMatchObject({ ...attributes, FifoQueue: 'true', DelaySeconds: '0' });
    expect(await queue.arn()).toBe(`arn:aws:sqs:us-east-1:000000000000:${queue.name}`);
  });

  it('CreateQueue is idempotent, but for other attributes; GetQueueUrl finds the queue', async () => {
    const queue = await engine.createQueue();
    const again = (VisibilityTimeout: string) =>
      engine.sqs.send(
        new CreateQueueCommand({ QueueName: queue.name, Attributes: { FifoQueue: 'true', VisibilityTimeout } }),
      );
    expect((await again(NEVER_SECONDS)).QueueUrl).toBe(queue.url);
    await expect(again('7')).rejects.toMatchObject({ name: 'QueueNameExists' });
    expect((await engine.sqs.send(new GetQueueUrlCommand({ QueueName: queue.name }))).QueueUrl).toBe(queue.url);
    const unknown = new GetQueueUrlCommand({ QueueName: 'unknown' });
    await expect(engine.sqs.send(unknown)).rejects.toBeInstanceOf(QueueDoesNotExist);
  });

  it('CreateQueue refuses values out of bounds, and .fifo without FifoQueue', async () => {
    await expect(engine.createQueue({ VisibilityTimeout: '43201' })).rejects.toThrow('VisibilityTimeout');
    await expect(engine.createQueue({ Colour: 'red' })).rejects.toMatchObject({ name: 'InvalidAttributeName' });
    await expect(engine.sqs.send(new CreateQueueCommand({ QueueName: 'a.fifo' }))).rejects.toThrow('QueueName');
  });
});

describe.concurrent('Messages and their quotas (SQS Developer Guide)', () => {
  it('takes 1 MiB and not a byte more; attributes count', async () => {
    const queue = await engine.createQueue();
    await queue.send('x'.repeat(MIB));
    await expect(queue.send('x'.repeat(MIB + 1))).rejects.toThrow('shorter than 1048576 bytes');
    const MessageAttributes = { a: { DataType: 'String', StringValue: 'b' } };
    await expect(queue.send('x'.repeat(MIB), 'g', { MessageAttributes })).rejects.toThrow('shorter than');
  });

  it('MaximumMessageSize lowers that, to 256 KiB say; it counts bytes, not characters', async () => {
    const queue = await engine.createQueue({ MaximumMessageSize: String(KIB_256) });
    await queue.send('x'.repeat(KIB_256));
    await expect(queue.send('é'.repeat(KIB_256 / 2 + 1))).rejects.toThrow('shorter than 262144 bytes');
  });

  it('a batch is 1 MiB at most in all', async () => {
    const queue = await engine.createQueue();
    const Entries = ['a', 'b'].map((Id) => ({ Id, MessageBody: 'x'.repeat(MIB / 2 + 1), MessageGroupId: 'g' }));
    const command = new SendMessageBatchCommand({ QueueUrl: queue.url, Entries });
    await expect(engine.sqs.send(command)).rejects.toMatchObject({ name: 'BatchRequestTooLong' });
  });

  it('refuses characters that SQS does not carry', async () => {
    const queue = await engine.createQueue();
    await expect(queue.send('\u0000')).rejects.toMatchObject({ name: 'InvalidMessageContents' });
    await queue.send('\t\n\r 😀');
    expect(bodies(await queue.receive())).toEqual(['\t\n\r 😀']);
  });

  it('ReceiveMessage returns the system attributes asked for, by the old name of the parameter and by the new', async () => {
    const queue = await engine.createQueue();
    const before = Date.now();
    const sent = await queue.send('1', 'tenant#0', { MessageDeduplicationId: 'd' });
    const [message] = await queue.receive();
    expect(message?.Attributes).toMatchObject({
      MessageGroupId: 'tenant#0',
      MessageDeduplicationId: 'd',
      SequenceNumber: sent.SequenceNumber,
      ApproximateReceiveCount: '1',
    });
    const { SentTimestamp, ApproximateFirstReceiveTimestamp } = message?.Attributes ?? {};
    for (const atMs of [SentTimestamp, ApproximateFirstReceiveTimestamp].map(Number)) {
      expect(atMs).toBeGreaterThanOrEqual(before);
      expect(atMs).toBeLessThanOrEqual(Date.now());
    }
    await queue.changeVisibility(message, 0);
    const [again] = await queue.receive({ MessageSystemAttributeNames: [], AttributeNames: ['All'] });
    expect(again?.Attributes).toMatchObject({ SentTimestamp, ApproximateReceiveCount: '2' });
    await queue.changeVisibility(again, 0);
    const [last] = await queue.receive({ MessageSystemAttributeNames: ['SentTimestamp'] });
    expect(last?.Attributes).toEqual({ SentTimestamp });
  });

  it('SequenceNumber grows with every message of a group', async () => {
    const queue = await engine.createQueue();
    await queue.sendAll(['1', '2', '3']);
    const numbers = (await queue.receive()).map(({ Attributes }) => Attributes?.SequenceNumber ?? '');
    expect(numbers.every((number) => /^\d{20}$/.test(number))).toBe(true);
    expect([...new Set(numbers)].sort()).toEqual(numbers);
  });

  it('ReceiveMessage returns the message attributes asked for and no others', async () => {
    const queue = await engine.createQueue();
    const attribute = (StringValue: string) => ({ DataType: 'String', StringValue });
    const MessageAttributes = { 'x.a': attribute('1'), 'x.b': attribute('2'), y: attribute('3') };
    await queue.send('1', 'g', { MessageAttributes });
    const receive = async (MessageAttributeNames: string[]) => {
      const [message] = await queue.receive({ MessageAttributeNames, VisibilityTimeout: 0 });
      return Object.keys(message?.MessageAttributes ?? {});
    };
    expect(await receive([])).toEqual([]);
    expect(await receive(['x.*'])).toEqual(['x.a', 'x.b']);
    expect(await receive(['All'])).toEqual(['x.a', 'x.b', 'y']);
  });

  it('a standard queue locks nothing and delays single messages', async () => {
    const queue = await engine.createQueue({}, 'standard');
    await queue.send('late', undefined, { DelaySeconds: 900 });
    await queue.send('1');
    await queue.send('2');
    expect(await queue.receive({ MaxNumberOfMessages: 1 })).toHaveLength(1);
    expect(await queue.receive({ MaxNumberOfMessages: 10 })).toHaveLength(1);
    expect(await queue.counts()).toEqual([0, 2, 1]);
  });
});
