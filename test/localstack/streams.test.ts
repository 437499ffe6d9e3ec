import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type AwsJson, awsJson } from '../../localstack/embedded/engines/aws-json.ts';
import { dynamodbEngine } from '../../localstack/embedded/engines/dynamodb.ts';
import { Engine } from '../../localstack/embedded/engines/engine.ts';
import { freePort } from '../../localstack/embedded/engines/free-port.ts';
import { dynamodbLocal } from '../support/dynamodb.ts';
import { type EmbeddedStack, startEmbeddedStack, temporaryFolder } from '../support/stack.ts';
import { mapping, recorded, type Seen, streamApp } from '../support/stream-app.ts';
import { waitFor } from '../support/wait-for.ts';

const SERVICE = 'DynamoDB_20120810';

/** How the CDK names the table, for those who write while no stack runs. */
const TABLE = 'app-Items';

function put(dynamodb: AwsJson, pk: string, v: string): Promise<unknown> {
  return dynamodb.call('PutItem', { TableName: TABLE, Item: { pk: { S: pk }, v: { S: v } } });
}

function remove(dynamodb: AwsJson, pk: string): Promise<unknown> {
  return dynamodb.call('DeleteItem', { TableName: TABLE, Key: { pk: { S: pk } } });
}

const keyFilter = (rule: object) => ({ Pattern: JSON.stringify({ dynamodb: { Keys: { pk: { S: [rule] } } } }) });

const keyOf = ({ dynamodb }: Seen) => dynamodb.Keys.pk.S;
const wordOf = (record: Seen | undefined) => record?.dynamodb.NewImage?.['v']?.['S'];
const withoutRepetitions = (records: readonly Seen[]) => [
  ...new Map(records.map((record) => [record.eventID, wordOf(record)])).values(),
];
const of = (records: readonly Seen[], pk: string) => records.filter((record) => keyOf(record) === pk);

describe.each([
  ['dynoxide', {}, true],
  ['DynamoDB Local', { ZEROSUM_ENGINE: 'dynamodb-local' }, dynamodbLocal.available],
])('a table’s stream as an event source, on %s', (_name, env, available) => {
  let stack: EmbeddedStack;
  let app: string;
  const dynamodb = () => awsJson(stack.info().engines.dynamodb?.endpoint ?? '', SERVICE);
  const all = (functionId: string) => recorded(stack.data, functionId);

  beforeAll(async () => {
    if (!available) return;
    app = streamApp(['First', 'Guard', 'Strict'], {
      ToFirst: mapping('First', {
        BatchSize: 10,
        ParallelizationFactor: 2,
        FilterCriteria: { Filters: [keyFilter({ 'anything-but': { prefix: 'strict' } })] },
      }),
      ToGuard: mapping('Guard', {
        FilterCriteria: { Filters: [{ Pattern: JSON.stringify({ eventName: ['MODIFY', 'REMOVE'] }) }] },
      }),
      ToStrict: mapping('Strict', {
        MaximumRetryAttempts: 1,
        BisectBatchOnFunctionError: true,
        MaximumBatchingWindowInSeconds: 1,
        FilterCriteria: { Filters: [keyFilter({ prefix: 'strict' })] },
        DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['Failures', 'Arn'] } } },
      }),
      Failures: { Type: 'AWS::SQS::Queue', Properties: {} },
    });
    stack = await startEmbeddedStack({ env: { ZEROSUM_ASSEMBLY: app, ...env } });
  });

  afterAll(() => stack?.stop());

  test.runIf(available)('delivers records just as Lambda does', async () => {
    await put(dynamodb(), 'whole', 'a');
    await put(dynamodb(), 'whole', 'b');
    await put(dynamodb(), 'whole', 'b');
    await remove(dynamodb(), 'whole');
    await waitFor('the removal', () => of(all('First'), 'whole').at(-1)?.eventName === 'REMOVE');
    const records = of(all('First'), 'whole');
    // The second "b" changed nothing, so DynamoDB writes no record of it.
    expect(records.map(({ eventName }) => eventName)).toEqual(['INSERT', 'MODIFY', 'REMOVE']);
    expect(records[1]).toEqual({
      eventID: expect.stringMatching(/^[0-9a-f]{32}$/),
      eventName: 'MODIFY',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: 'us-east-1',
      dynamodb: {
        ApproximateCreationDateTime: expect.any(Number),
        Keys: { pk: { S: 'whole' } },
        NewImage: { pk: { S: 'whole' }, v: { S: 'b' } },
        OldImage: { pk: { S: 'whole' }, v: { S: 'a' } },
        SequenceNumber: expect.stringMatching(/^\d+$/),
        SizeBytes: expect.any(Number),
        StreamViewType: 'NEW_AND_OLD_IMAGES',
      },
      eventSourceARN: expect.stringMatching(/^arn:aws:dynamodb:us-east-1:000000000000:table\/app-Items\/stream\/.+$/),
      invocation: expect.any(Number),
    });
    expect(records[0]?.dynamodb.OldImage).toBeUndefined();
    expect(records[2]?.dynamodb.NewImage).toBeUndefined();
  });

  test.runIf(available)('each mapping gets what its filter lets through', async () => {
    await put(dynamodb(), 'filtered', 'a');
    await put(dynamodb(), 'filtered', 'b');
    await waitFor('both', () => of(all('First'), 'filtered').length === 2 && of(all('Guard'), 'filtered').length === 1);
    expect(of(all('Guard'), 'filtered').map(({ eventName }) => eventName)).toEqual(['MODIFY']);
    expect(of(all('Strict'), 'filtered')).toEqual([]);
  });

  test.runIf(available)('writes of one transaction are there, those of a cancelled one are not', async () => {
    const Put = (pk: string, ConditionExpression?: string) => ({
      Put: { TableName: TABLE, Item: { pk: { S: pk } }, ...(ConditionExpression && { ConditionExpression }) },
    });
    await dynamodb().call('TransactWriteItems', { TransactItems: [Put('tx1'), Put('tx2')] });
    const cancelled = { TransactItems: [Put('tx3'), Put('tx2', 'attribute_not_exists(pk)')] };
    await expect(dynamodb().call('TransactWriteItems', cancelled)).rejects.toThrow(/TransactionCanceled/);
    await put(dynamodb(), 'after the transactions', 'a');
    await waitFor('what came after', () => of(all('First'), 'after the transactions').length === 1);
    expect(['tx1', 'tx2', 'tx3'].map((pk) => of(all('First'), pk).length)).toEqual([1, 1, 0]);
  });

  test.runIf(available)('begins again at the first record that failed, and keeps the order', async () => {
    const words = ['1', '2', 'once', '4', '5'];
    for (const word of words) await put(dynamodb(), 'partial', word);
    const records = () => of(all('First'), 'partial');
    const deliveries = (word: string) => records().filter((record) => wordOf(record) === word).length;
    await waitFor('the last', () => deliveries('once') > 1 && wordOf(records().at(-1)) === '5');
    expect(['1', '2', 'once'].map(deliveries)).toEqual([1, 1, 2]);
    expect(withoutRepetitions(records())).toEqual(words);
  });

  test.runIf(available)('delivers everything again when the function throws', async () => {
    const words = ['1', 'throw', '3'];
    for (const word of words) await put(dynamodb(), 'thrown', word);
    const records = () => of(all('First'), 'thrown');
    const isDone = () => wordOf(records().at(-1)) === '3';
    await waitFor('the last', () => isDone() && records().filter((record) => wordOf(record) === 'throw').length === 2);
    expect(withoutRepetitions(records())).toEqual(words);
  });

  test.runIf(available)('gives poison up alone after its retries, and tells the queue where it lies', async () => {
    for (const v of ['fine', 'poison', 'fine too']) await put(dynamodb(), `strict ${v}`, v);
    const sqs = awsJson(stack.info().engines.sqs?.endpoint ?? '', 'AmazonSQS');
    let message: { Body: string } | undefined;
    await waitFor('the message', async () => {
      const input = { QueueUrl: stack.queueUrl('Failures'), WaitTimeSeconds: 1 };
      message = ((await sqs.call('ReceiveMessage', input)) as { Messages?: { Body: string }[] }).Messages?.[0];
      return message !== undefined;
    });
    const [poison] = of(all('Strict'), 'strict poison');
    expect(JSON.parse(message?.Body ?? '')).toMatchObject({
      requestContext: {
        functionArn: expect.stringMatching(/^arn:aws:lambda:.*:function:app-Strict$/),
        condition: 'RetryAttemptsExhausted',
        approximateInvokeCount: 2,
      },
      responseContext: { statusCode: 200, executedVersion: '$LATEST' },
      version: '1.0',
      DDBStreamBatchInfo: {
        startSequenceNumber: poison?.dynamodb.SequenceNumber,
        endSequenceNumber: poison?.dynamodb.SequenceNumber,
        approximateArrivalOfFirstRecord: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        batchSize: 1,
        streamArn: poison?.eventSourceARN,
      },
    });
    await waitFor('what came after it', () => of(all('Strict'), 'strict fine too').length > 0);
  });

  test.runIf(available)('carries on when the engine dies and comes back', async () => {
    process.kill(stack.info().engines.dynamodb?.processId ?? 0, 'SIGKILL');
    await waitFor('the engine to serve again', () => /the .* engine serves again/.test(stack.stdout));
    await put(dynamodb(), 'after the engine', 'a');
    await waitFor('the record', () => of(all('First'), 'after the engine').length === 1);
  });

  test.runIf(available)('after kill -9 nothing is skipped, not even what was written meanwhile', async () => {
    const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => `crash ${from + at}`);
    for (const pk of numbers(0, 20)) await put(dynamodb(), pk, 'a');
    await waitFor('some', () => all('First').some((record) => keyOf(record) === 'crash 5'));
    await stack.kill();

    const folder = join(stack.data, 'dynamodb');
    const wished = 'ZEROSUM_ENGINE' in env ? 'dynamodb-local' : undefined;
    const command = dynamodbEngine({ port: await freePort(), folder }, wished);
    const engine = new Engine(command, { started: () => {}, restarted: async () => {}, failed: () => {} }, () => {});
    onTestFinished(() => engine.stop());
    await engine.start();
    for (const pk of numbers(20, 40)) await put(awsJson(engine.endpoint, SERVICE), pk, 'a');
    await engine.stop();

    stack = await startEmbeddedStack({ data: stack.data, env: { ZEROSUM_ASSEMBLY: app, ...env } });
    await put(dynamodb(), 'crash 40', 'a');
    await waitFor('the last', () => of(all('First'), 'crash 40').length === 1);
    expect([...new Set(all('First').map(keyOf))].filter((pk) => pk.startsWith('crash'))).toEqual(numbers(0, 41));
    expect(of(all('First'), 'whole')).toHaveLength(3);
  });
});

describe('a mapping', () => {
  const refusal = async (properties: object, more: Record<string, object> = {}) => {
    const app = streamApp(['First'], { ...more, ToFirst: mapping('First', properties) });
    return startEmbeddedStack({ env: { ZEROSUM_ASSEMBLY: app } }).then(
      () => 'it started',
      (error: Error) => error.message,
    );
  };

  test('that starts at LATEST leaves out what was there, and misses nothing after', async () => {
    const data = temporaryFolder();
    const before = await startEmbeddedStack({ data, env: { ZEROSUM_ASSEMBLY: streamApp(['First'], {}) } });
    await put(awsJson(before.info().engines.dynamodb?.endpoint ?? '', SERVICE), 'old', 'a');
    await before.stop();
    const app = streamApp(['First'], { ToFirst: mapping('First', { StartingPosition: 'LATEST' }) });
    const stack = await startEmbeddedStack({ data, env: { ZEROSUM_ASSEMBLY: app } });
    await put(awsJson(stack.info().engines.dynamodb?.endpoint ?? '', SERVICE), 'new', 'a');
    await waitFor('the new one', () => recorded(data, 'First').length > 0);
    expect(recorded(data, 'First').map(keyOf)).toEqual(['new']);
    await stack.stop();
  });

  test('with a filter or a destination nobody understands is refused by name', async () => {
    const Filters = [{ Pattern: '{"eventName":[{"wildcard":"*"}]}' }];
    expect(await refusal({ FilterCriteria: { Filters } })).toMatch(/The filter of ToFirst says \{"wildcard":"\*"\}/);
    const Destination = { 'Fn::GetAtt': ['Fifo', 'Arn'] };
    const Fifo = { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } };
    expect(await refusal({ DestinationConfig: { OnFailure: { Destination } } }, { Fifo })).toMatch(
      /destination of ToFirst is no standard queue/,
    );
    expect(await refusal({ ScalingConfig: { MaximumConcurrency: 2 } })).toMatch(/ToFirst .*ScalingConfig/);
  });
});
