import * as sdk from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { bodies, MAX_RECEIVE_COUNT, message, QUEUE, SqsWorld, VISIBILITY_TIMEOUT_MS } from './sqs-world.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** The name of what a call throws. */
function refusal(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return error instanceof sdk.SQSServiceException ? error.name : String(error);
  }
  return 'it was allowed';
}

describe('a simulated FIFO queue that takes no liberty', () => {
  it('hands a function everything an SQS event has', () => {
    const world = new SqsWorld();
    world.nowMs = 1_000;
    world.send('body', 'group', 'id');
    world.nowMs = 2_000;
    expect(world.receive()).toEqual([
      {
        messageId: expect.stringMatching(/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/),
        receiptHandle: expect.any(String),
        body: 'body',
        attributes: {
          ApproximateReceiveCount: '1',
          SentTimestamp: '1000',
          SequenceNumber: expect.stringMatching(/^\d{20}$/),
          MessageGroupId: 'group',
          SenderId: expect.any(String),
          MessageDeduplicationId: 'id',
          ApproximateFirstReceiveTimestamp: '2000',
        },
        messageAttributes: {},
        md5OfBody: '841a2d689ad86bd1611447453c22c6fc',
        eventSource: 'aws:sqs',
        eventSourceARN: QUEUE.arn,
        awsRegion: 'eu-central-1',
      },
    ]);
  });

  it('delivers a group in the order sent, several of it together', () => {
    const world = new SqsWorld();
    world.sendAll(['1', '2', '3']);
    expect(bodies(world.receive(2))).toEqual(['1', '2']);
  });

  it('locks a group while any of its messages is in flight, and no other', () => {
    const world = new SqsWorld();
    world.sendAll(['a1', 'a2', 'a3'], 'a');
    const [first, second] = world.receive(2);
    world.send('b1', 'b');
    expect(bodies(world.receive())).toEqual(['b1']);
    world.delete(first);
    expect(world.receive()).toEqual([]);
    world.delete(second);
    expect(bodies(world.receive())).toEqual(['a3']);
  });

  it('delivers again, in order, what is not deleted before its visibility timeout, and not a moment sooner', () => {
    const world = new SqsWorld();
    world.sendAll(['1', '2']);
    const [, second] = world.receive();
    world.delete(second);
    world.nowMs = VISIBILITY_TIMEOUT_MS - 1;
    expect(world.receive()).toEqual([]);
    world.nowMs += 1;
    world.send('3');
    const again = world.receive();
    expect(bodies(again)).toEqual(['1', '3']);
    expect(again.map(({ attributes }) => attributes.ApproximateReceiveCount)).toEqual(['2', '1']);
    expect(world.sqs.counts).toMatchObject({ sent: 3, received: 4, redelivered: 1, expired: 1 });
  });

  it('makes visible at once what is given back', () => {
    const world = new SqsWorld();
    world.sendAll(['1', '2']);
    world.sqs.makeVisible(
      QUEUE.name,
      world.receive().map(({ receiptHandle }) => receiptHandle),
    );
    expect(bodies(world.receive())).toEqual(['1', '2']);
  });

  it('ignores the handle of a delivery that is over, and says nothing of it', () => {
    const world = new SqsWorld();
    world.send('1');
    const [first] = world.receive();
    world.timeOut();
    world.delete(first);
    const [second] = world.receive();
    world.delete(first);
    world.delete({ ...second, receiptHandle: 'never a handle' } as typeof second);
    expect(world.sqs.depth(QUEUE.name)).toEqual({ visible: 0, inFlight: 1 });
    world.delete(second, second);
    expect(world.sqs.depth(QUEUE.name)).toEqual({ visible: 0, inFlight: 0 });
  });

  it('takes a second send for the first within five minutes of it, even after the message is deleted', () => {
    const world = new SqsWorld();
    const first = world.send('1', 'g', 'id');
    world.delete(...world.receive());
    world.nowMs = 5 * MINUTE_MS - 1;
    expect(world.send('1', 'another', 'id')).toEqual(first);
    expect(world.receive()).toEqual([]);
    world.nowMs += 1;
    expect(world.send('1', 'g', 'id')).not.toEqual(first);
    expect(bodies(world.receive())).toEqual(['1']);
    expect(world.sqs.counts).toMatchObject({ sent: 2, deduplicated: 1 });
  });

  it('gives up what has been delivered often enough, and frees its group', () => {
    const world = new SqsWorld();
    world.sendAll(['poison', 'next']);
    for (let time = 1; time <= MAX_RECEIVE_COUNT; time += 1) {
      expect(bodies(world.receive(1))).toEqual(['poison']);
      world.timeOut();
    }
    expect(bodies(world.receive(1))).toEqual(['next']);
    expect(world.sqs.deadLetters(QUEUE.name)).toMatchObject([{ body: 'poison', groupId: 'g' }]);
    expect(world.sqs.counts.deadLettered).toBe(1);
  });

  it('keeps a message for fourteen days', () => {
    const world = new SqsWorld();
    world.send('1');
    world.nowMs = 14 * DAY_MS - 1;
    expect(world.sqs.depth(QUEUE.name).visible).toBe(1);
    world.nowMs += 1;
    expect(world.receive()).toEqual([]);
    expect(world.sqs.counts.outlived).toBe(1);
  });

  it('loses what it is told to lose, but not its deduplication ids', () => {
    const world = new SqsWorld();
    world.sendAll(['1', '2']);
    world.receive(1);
    expect(bodies(world.sqs.lose(QUEUE.name, 1))).toEqual(['1', '2']);
    world.send('1', 'g', 'own-1');
    expect(world.receive()).toEqual([]);
    expect(world.sqs.counts.lost).toBe(2);
  });
});

describe('the calls of functions', () => {
  it('refuses what SQS refuses, with the exceptions of its SDK', () => {
    const world = new SqsWorld();
    const entry = (Id: string, body = 'x') => ({ Id, ...message(body, 'g', Id) });
    const batch = (...Entries: object[]) => refusal(() => world.call('SendMessageBatch', { Entries }));
    expect(refusal(() => world.call('SendMessage', { QueueUrl: 'https://nowhere', MessageBody: 'x' }))).toBe(
      'QueueDoesNotExist',
    );
    expect(refusal(() => world.send(''))).toBe('MissingParameter');
    expect(refusal(() => world.send('\uffff'))).toBe('InvalidMessageContents');
    expect(refusal(() => world.send('x', 'a group'))).toBe('InvalidParameterValue');
    expect(refusal(() => world.send('x'.repeat(1_048_577)))).toBe('InvalidParameterValue');
    expect(batch()).toBe('EmptyBatchRequest');
    expect(batch(...Array.from({ length: 11 }, (_, index) => entry(String(index))))).toBe(
      'TooManyEntriesInBatchRequest',
    );
    expect(batch(entry('a'), entry('a'))).toBe('BatchEntryIdsNotDistinct');
    expect(batch(entry('a b'))).toBe('InvalidBatchEntryId');
    expect(batch(entry('a', 'x'.repeat(1_048_576)), entry('b'))).toBe('BatchRequestTooLong');
    expect(refusal(() => world.call('GetQueueAttributes', { AttributeNames: ['Colour'] }))).toBe(
      'InvalidAttributeName',
    );
    expect(world.sqs.depth(QUEUE.name).visible).toBe(0);
  });

  it('does nothing of a call before the moment it is done', () => {
    const world = new SqsWorld();
    const input = { QueueUrl: QUEUE.url, ...message('x', 'g', 'id') };
    const done = world.sqs.arrive({ command: 'SendMessageCommand', input, caller: 'test' });
    expect(world.receive()).toEqual([]);
    done();
    expect(bodies(world.receive())).toEqual(['x']);
  });

  it('takes each message of a batch by itself', () => {
    const world = new SqsWorld();
    const Entries = ['a', '', 'c'].map((body, index) => ({ Id: String(index), ...message(body, 'g', `d${index}`) }));
    expect(world.call('SendMessageBatch', { Entries })).toMatchObject({
      Successful: [{ Id: '0', MD5OfMessageBody: '0cc175b9c0f1b6a831c399e269772661' }, { Id: '2' }],
      Failed: [{ Id: '1', Code: 'MissingParameter', SenderFault: true }],
    });
    expect(bodies(world.receive())).toEqual(['a', 'c']);
  });

  it('changes when a message is visible again, for deliveries that are not over', () => {
    const world = new SqsWorld();
    world.sendAll(['1', '2']);
    const [first, second] = world.receive();
    const change = (ReceiptHandle: string | undefined, VisibilityTimeout: number) =>
      world.call('ChangeMessageVisibilityBatch', { Entries: [{ Id: '0', ReceiptHandle, VisibilityTimeout }] });
    expect(change(first?.receiptHandle, 1)).toMatchObject({ Successful: [{ Id: '0' }], Failed: [] });
    change(second?.receiptHandle, 2);
    expect(change(first?.receiptHandle, 43_201)).toMatchObject({ Failed: [{ Code: 'InvalidParameterValue' }] });
    expect(change('nonsense', 1)).toMatchObject({ Failed: [{ Code: 'ReceiptHandleIsInvalid' }] });
    world.nowMs = 1_999;
    expect(world.receive()).toEqual([]);
    expect(change(first?.receiptHandle, 1)).toMatchObject({
      Failed: [{ Code: 'AWS.SimpleQueueService.MessageNotInflight' }],
    });
    world.nowMs = 2_000;
    const again = world.receive();
    expect(bodies(again)).toEqual(['1', '2']);
    world.delete(...again);
    expect(change(again[0]?.receiptHandle, 1)).toMatchObject({ Failed: [{ Code: 'InvalidParameterValue' }] });
  });

  it('tells how many messages there are', () => {
    const world = new SqsWorld();
    world.sendAll(['1', '2', '3'], 'a');
    world.send('4', 'b');
    world.receive(2);
    expect(world.call('GetQueueAttributes', { AttributeNames: ['All'] })).toEqual({
      Attributes: {
        ApproximateNumberOfMessages: '2',
        ApproximateNumberOfMessagesNotVisible: '2',
        ApproximateNumberOfMessagesDelayed: '0',
        QueueArn: QUEUE.arn,
        VisibilityTimeout: '30',
      },
    });
  });

  it('does not seem to do what it does not', () => {
    const world = new SqsWorld();
    expect(() => world.call('PurgeQueue', {})).toThrow('knows no PurgeQueueCommand');
    expect(() => world.call('SendMessage', { ...message('x', 'g', 'd'), DelaySeconds: 1 })).toThrow('no DelaySeconds');
  });
});
