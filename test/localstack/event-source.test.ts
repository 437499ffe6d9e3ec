import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { awsJson } from '../../localstack/embedded/engines/aws-json.ts';
import { failedMessages } from '../../localstack/embedded/triggers/batch-response.ts';
import { lambda, restApi, writeAssembly } from '../support/handwritten-assembly.ts';
import { type EmbeddedStack, startEmbeddedStack } from '../support/stack.ts';
import { waitFor } from '../support/wait-for.ts';

describe('what a batch response leaves in the queue', () => {
  const ids = ['a', 'b', 'c'];
  const left = (payload: unknown, reports = true) => [...failedMessages({ kind: 'result', payload }, ids, reports)];
  const items = (...identifiers: unknown[]) => ({
    batchItemFailures: identifiers.map((itemIdentifier) => ({ itemIdentifier })),
  });

  test.each([
    ['null', null],
    ['an empty answer', {}],
    ['a null list', { batchItemFailures: null }],
    ['an empty list', { batchItemFailures: [] }],
  ])('%s: nothing', (_name, payload) => {
    expect(left(payload)).toEqual([]);
  });

  test.each([
    ['text', 'done'],
    ['a list that is none', { batchItemFailures: 'a' }],
    ['an empty identifier', items('a', '')],
    ['a null identifier', items(null)],
    ['an item with another key', { batchItemFailures: [{ id: 'a' }] }],
    ['a null item', { batchItemFailures: [null] }],
    ['an identifier of no message', items('a', 'z')],
  ])('%s: everything', (_name, payload) => {
    expect(left(payload)).toEqual(ids);
  });

  test('otherwise just what it names', () => {
    expect(left(items('c', 'a'))).toEqual(['c', 'a']);
  });

  test('a function that died or threw: everything; one whose answers are not read: nothing', () => {
    const error = { errorType: 'Error', errorMessage: 'no' };
    expect([...failedMessages({ kind: 'crash', error }, ids, false)]).toEqual(ids);
    expect(left(items('a'), false)).toEqual([]);
  });
});

describe('an SQS event source', () => {
  /** Logs each record, and fails those whose body says so on their first delivery. */
  const consumer = `
    export const handler = async ({ Records }) => {
      for (const record of Records) console.log('RECORD ' + JSON.stringify(record));
      const first = Records.filter(({ attributes }) => attributes.ApproximateReceiveCount === '1');
      if (first.some(({ body }) => body === 'throw')) throw new Error('no');
      if (first.some(({ body }) => body === 'die')) process.exit(1);
      const failed = first.filter(({ body }) => body === 'fail');
      return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    };`;

  let stack: EmbeddedStack;
  let count = 0;

  interface SqsRecord {
    readonly messageId: string;
    readonly body: string;
    readonly attributes: Record<string, string>;
    readonly messageAttributes: Record<string, object>;
  }

  function records(body: string): SqsRecord[] {
    const lines = readFileSync(join(stack.data, 'logs', 'Consumer.log'), 'utf8').split('\n');
    const all = lines
      .filter((line) => line.startsWith('RECORD '))
      .map((line) => JSON.parse(line.slice(7)) as SqsRecord);
    return all.filter((record) => record.body === body);
  }

  function sqs() {
    return awsJson(stack.info().engines.sqs?.endpoint ?? '', 'AmazonSQS');
  }

  async function send(body: string, group: string): Promise<string> {
    count += 1;
    const answer = await sqs().call('SendMessage', {
      QueueUrl: stack.queueUrl('Queue'),
      MessageBody: body,
      MessageGroupId: group,
      MessageDeduplicationId: String(count),
      MessageAttributes: { kind: { DataType: 'String', StringValue: 'test' } },
    });
    return (answer as { MessageId: string }).MessageId;
  }

  async function pending(): Promise<number> {
    const answer = await sqs().call('GetQueueAttributes', {
      QueueUrl: stack.queueUrl('Queue'),
      AttributeNames: ['All'],
    });
    const { Attributes } = answer as { Attributes: Record<string, string> };
    return (
      Number(Attributes['ApproximateNumberOfMessages']) + Number(Attributes['ApproximateNumberOfMessagesNotVisible'])
    );
  }

  const drained = () => waitFor('the queue to be empty', async () => (await pending()) === 0);

  beforeAll(async () => {
    const resources = {
      Consumer: lambda('consumer'),
      Dead: { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } },
      Queue: {
        Type: 'AWS::SQS::Queue',
        Properties: {
          FifoQueue: true,
          VisibilityTimeout: 1,
          RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 3 },
        },
      },
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] },
          FunctionName: { Ref: 'Consumer' },
          BatchSize: 10,
          FunctionResponseTypes: ['ReportBatchItemFailures'],
        },
      },
      Plain: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 1 } },
      PlainMapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: { EventSourceArn: { 'Fn::GetAtt': ['Plain', 'Arn'] }, FunctionName: { Ref: 'Consumer' } },
      },
      ...restApi({ '/': { ANY: 'Consumer' } }),
    };
    stack = await startEmbeddedStack({
      env: { ZEROSUM_ASSEMBLY: writeAssembly({ app: { Resources: resources } }, { consumer }) },
    });
  });

  afterAll(() => stack?.stop());

  test('hands over whole records and deletes what succeeded', async () => {
    const messageId = await send('hello', 'g1');
    await drained();
    const [record, ...more] = records('hello');
    expect(more).toEqual([]);
    expect(record).toMatchObject({
      messageId,
      body: 'hello',
      md5OfBody: '5d41402abc4b2a76b9719d911017c592',
      eventSource: 'aws:sqs',
      eventSourceARN: stack.info().queues.find(({ label }) => label === 'Queue')?.arn,
      awsRegion: 'us-east-1',
      attributes: { MessageGroupId: 'g1', ApproximateReceiveCount: '1' },
      messageAttributes: { kind: { stringValue: 'test', dataType: 'String' } },
    });
  });

  test('may be a standard queue, for the same function too', async () => {
    await sqs().call('SendMessage', { QueueUrl: stack.queueUrl('Plain'), MessageBody: 'plain' });
    await waitFor('the delivery', () => records('plain').length === 1);
    expect(records('plain')[0]).toMatchObject({ eventSourceARN: stack.queueArn('Plain') });
  });

  test('delivers a failed message again, and only that', async () => {
    await send('fail', 'g2');
    await send('fine beside it', 'g3');
    await drained();
    expect(records('fail').map(({ attributes }) => attributes['ApproximateReceiveCount'])).toEqual(['1', '2']);
    expect(records('fine beside it')).toHaveLength(1);
  });

  test.each(['throw', 'die'])('delivers everything again when the function does %s', async (body) => {
    await send(body, 'g4');
    await drained();
    expect(records(body).map(({ attributes }) => attributes['ApproximateReceiveCount'])).toEqual(['1', '2']);
  });

  test('carries on when the queue engine dies and comes back with its queues', async () => {
    const { sqs: before } = (await stack.stats()).engines;
    process.kill(before ?? 0, 'SIGKILL');
    await waitFor('the engine to serve again', () => stack.stdout.includes('the queue engine serves again'));
    expect((await stack.stats()).engines['sqs']).not.toBe(before);
    await send('after the crash', 'g5');
    await waitFor('the delivery', () => records('after the crash').length === 1);
  });
});
