import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isAlive } from '../../localstack/embedded/data/process-identity.ts';
import { awsJson } from '../../localstack/embedded/engines/aws-json.ts';
import { lambda, restApi, writeAssembly } from '../support/handwritten-assembly.ts';
import { handler, resources, smallApp, startSmallApp } from '../support/small-app.ts';
import { type EmbeddedStack, StackProcess, startEmbeddedStack, temporaryFolder } from '../support/stack.ts';
import { waitFor } from '../support/wait-for.ts';

async function put(stack: EmbeddedStack, pk: string): Promise<void> {
  await dynamodb(stack).call('PutItem', { TableName: stack.table('Table'), Item: { pk: { S: pk } } });
}

async function has(stack: EmbeddedStack, pk: string): Promise<boolean> {
  const answer = await dynamodb(stack).call('GetItem', { TableName: stack.table('Table'), Key: { pk: { S: pk } } });
  return (answer as { Item?: unknown }).Item !== undefined;
}

function dynamodb(stack: EmbeddedStack) {
  return awsJson(stack.info().engines.dynamodb?.endpoint ?? '', 'DynamoDB_20120810');
}

describe('stopping', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('%s leaves no process behind and exits with 0', async (signal) => {
    const stack = await startSmallApp();
    const processIds = stack.processIds();
    expect(processIds.length).toBeGreaterThanOrEqual(4);
    stack.process.kill(signal);
    expect(await stack.exited).toBe(0);
    expect(processIds.filter(isAlive)).toEqual([]);
    expect(existsSync(join(stack.data, 'stack.json'))).toBe(false);
    expect(stack.stdout.match(/^ready /gm)).toHaveLength(1);
    expect(stack.stdout).toMatch(/\nready http:\/\/127\.0\.0\.1:\d+\n$/);
  });

  test('Ctrl-C twice in a row is as good', async () => {
    const stack = await startSmallApp();
    const processIds = stack.processIds();
    stack.process.kill('SIGINT');
    stack.process.kill('SIGINT');
    expect(await stack.exited).toBe(0);
    await waitFor('every process to be gone', () => processIds.every((processId) => !isAlive(processId)));
  });

  test('while it is still starting, it leaves no process behind either', async () => {
    const stack = new StackProcess({ env: { ZEROSUM_ASSEMBLY: smallApp } });
    await waitFor('an engine', () => existsSync(join(stack.data, 'stack.json')));
    const processIds = stack.processIds();
    stack.process.kill('SIGTERM');
    expect(await stack.exited).toBe(0);
    expect(processIds.filter(isAlive)).toEqual([]);
    expect(stack.stderr).toBe('');
  });
});

describe('a schedule', () => {
  const logged = 'export const handler = async (event) => console.log("EVENT", JSON.stringify(event));';
  const rule = (functionId: string, ScheduleExpression: string, more: object = {}) => ({
    Type: 'AWS::Events::Rule',
    Properties: {
      ScheduleExpression,
      Targets: [{ Id: 'a', Arn: { 'Fn::GetAtt': [functionId, 'Arn'] }, RetryPolicy: {}, ...more }],
    },
  });

  test('runs once at the start with its own event, and waits for its time when it runs every hour or less', async () => {
    const Resources = {
      // First, so that it would have run by the time the other has.
      EveryHour: rule('Seldom', 'rate(1 hour)'),
      EveryDay: rule('Seldom', 'rate(1 day)'),
      EveryMinute: rule('Often', 'rate(59 minutes)', { Input: '{"task":"sweep"}' }),
      Seldom: lambda('logged'),
      Often: lambda('logged'),
      ...restApi({ '/': { ANY: 'Often' } }),
    };
    const stack = await startEmbeddedStack({
      env: { ZEROSUM_ASSEMBLY: writeAssembly({ app: { Resources } }, { logged }) },
    });
    const log = (name: string) => readFileSync(join(stack.data, 'logs', `${name}.log`), 'utf8');
    await waitFor('the run', () => log('Often').includes('EVENT {"task":"sweep"}'));
    const { Often, Seldom } = (await stack.stats()).functions;
    expect([Often?.invocations, Seldom?.invocations]).toEqual([1, 0]);
    await stack.stop();
  });
});

describe('data', () => {
  test('is begun in a folder where an earlier start was killed at once', async () => {
    const data = temporaryFolder();
    writeFileSync(join(data, 'lock.json'), '{"processId":999999999,"startTime":"1"}');
    writeFileSync(join(data, 'format.json.1.draft'), '');
    await (await startSmallApp({ data })).stop();
  });

  test.skipIf(spawnSync('java', ['-version']).status !== 0)('is kept by DynamoDB Local too', async () => {
    const data = temporaryFolder();
    const env = { ZEROSUM_ENGINE: 'dynamodb-local' };
    const first = await startSmallApp({ data, env });
    expect(first.info().engines.dynamodb?.name).toBe('DynamoDB Local');
    await put(first, 'one');
    const processIds = first.processIds();
    expect(await first.stop()).toBe(0);
    expect(processIds.filter(isAlive)).toEqual([]);
    const second = await startSmallApp({ data, env });
    expect(await has(second, 'one')).toBe(true);
    await second.stop();
  });

  test('is found again under an index with chosen attributes, whatever order an engine says them in', async () => {
    const data = temporaryFolder();
    const index = {
      IndexName: 'by_v',
      KeySchema: [{ AttributeName: 'v', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['zebra', 'ape', 'mole'] },
    };
    const { Table, ...others } = resources;
    const Properties = {
      ...Table.Properties,
      AttributeDefinitions: [...Table.Properties.AttributeDefinitions, { AttributeName: 'v', AttributeType: 'S' }],
      GlobalSecondaryIndexes: [index],
    };
    const app = writeAssembly({ app: { Resources: { ...others, Table: { ...Table, Properties } } } }, { handler });
    const first = await startSmallApp({ data, env: { ZEROSUM_ASSEMBLY: app } });
    await put(first, 'one');
    await first.stop();
    const second = await startSmallApp({ data, env: { ZEROSUM_ASSEMBLY: app } });
    expect(await has(second, 'one')).toBe(true);
    await second.stop();
  });

  test('survives a restart and the death of its engine, and --reset empties it', async () => {
    const data = temporaryFolder();
    const first = await startSmallApp({ data });
    await put(first, 'one');
    expect(await first.stop()).toBe(0);

    const second = await startSmallApp({ data });
    expect(await has(second, 'one')).toBe(true);
    process.kill(second.info().engines.dynamodb?.processId ?? 0, 'SIGKILL');
    await waitFor('the engine to serve again', () => second.stdout.includes('the dynoxide engine serves again'));
    expect(await has(second, 'one')).toBe(true);
    await put(second, 'two');
    await second.kill();

    const third = await startSmallApp({ data });
    expect([await has(third, 'one'), await has(third, 'two')]).toEqual([true, true]);
    await third.stop();

    const fourth = await startSmallApp({ data, args: ['--reset'] });
    expect(await has(fourth, 'one')).toBe(false);
    await fourth.stop();
  });

  test('after kill -9 of the parent alone, the next start stops the engine left behind and carries on', async () => {
    const data = temporaryFolder();
    const first = await startSmallApp({ data });
    await put(first, 'one');
    const { dynamodb: left, sqs } = first.info().engines;
    const workers = first.info().functions.flatMap(({ processIds }) => processIds);
    first.process.kill('SIGKILL');
    await first.exited;
    const alone = [...workers, sqs?.processId ?? 0];
    await waitFor('workers and queue engine to end by themselves', () => alone.every((one) => !isAlive(one)));
    expect(isAlive(left?.processId ?? 0)).toBe(true);

    const second = await startSmallApp({ data });
    expect(second.stdout).toMatch(new RegExp(`stopped what was left behind \\(process .*${left?.processId}`));
    expect(isAlive(left?.processId ?? 0)).toBe(false);
    expect(await has(second, 'one')).toBe(true);
    await second.stop();
  });

  test('whose stack.json names a process that is not ours: that process is left alone', async () => {
    const data = temporaryFolder();
    const first = await startSmallApp({ data });
    const info = first.info();
    await first.stop();
    const innocent = {
      ...info,
      engines: { dynamodb: { name: 'x', endpoint: 'http://127.0.0.1:1', processId: process.pid } },
    };
    writeFileSync(join(data, 'stack.json'), JSON.stringify(innocent));
    const second = await startSmallApp({ data });
    expect(second.stdout).not.toContain('left behind');
    await second.stop();
  });
});
