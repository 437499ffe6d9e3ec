import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isAlive } from '../../localstack/embedded/data/process-identity.ts';
import { lambda, restApi, writeAssembly } from '../support/handwritten-assembly.ts';
import { type RunningStack, startStack } from '../support/stack.ts';
import { waitFor } from '../support/wait-for.ts';

/** Does what its event says, and counts the invocations of its process. */
const bundle = `
  const hook = Symbol.for('zerosum.crash-hook');
  let count = 0, running = 0;
  export const handler = async (event, context) => {
    count += 1; running += 1;
    try {
      if (event.throw) throw new TypeError(event.throw);
      if (event.die) process.kill(process.pid, 'SIGKILL');
      if (event.spin) for (;;);
      if (event.sleepMs) await new Promise((wake) => setTimeout(wake, event.sleepMs));
      if (event.log) console.log(event.log);
      if (event.point) globalThis[hook](event.point);
      return {
        pid: process.pid, count, running, environment: process.env,
        remainingMs: context.getRemainingTimeInMillis(), requestId: context.awsRequestId, name: context.functionName,
      };
    } finally { running -= 1; }
  };`;

interface Report {
  readonly pid: number;
  readonly count: number;
  readonly running: number;
  readonly environment: Record<string, string>;
  readonly remainingMs: number;
  readonly requestId: string;
  readonly name: string;
}

let stack: RunningStack;

async function report(event: object, name = 'Many'): Promise<Report> {
  const outcome = await stack.invoke(name, event);
  expect(outcome.kind).toBe('result');
  return outcome.payload as Report;
}

beforeAll(async () => {
  const resources = {
    Many: lambda('bundle', {
      Timeout: 2,
      MemorySize: 256,
      Environment: { Variables: { DECLARED: { Ref: 'AWS::Region' }, OVER: 'no' } },
    }),
    Single: lambda('bundle', { Timeout: 2, ReservedConcurrentExecutions: 1 }),
    ...restApi({ '/many': { ANY: 'Many' }, '/single': { ANY: 'Single' } }),
  };
  stack = await startStack({
    env: { ZEROSUM_ASSEMBLY: writeAssembly({ app: { Resources: resources } }, { bundle }), LEAKED: 'secret' },
    functionEnvironment: { Many: { OVER: 'laid' } },
  });
});

afterAll(() => stack?.stop());

describe('a function', () => {
  test('sees its declared environment and Lambda’s, and nothing of this machine’s', async () => {
    const { environment } = await report({});
    expect(environment).toMatchObject({
      DECLARED: 'us-east-1',
      OVER: 'laid',
      AWS_REGION: 'us-east-1',
      AWS_LAMBDA_FUNCTION_NAME: 'app-Many',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_ENDPOINT_URL_DYNAMODB: stack.info().engines.dynamodb?.endpoint,
      AWS_ENDPOINT_URL_SQS: stack.info().engines.sqs?.endpoint,
      AWS_ENDPOINT_URL_S3: stack.engineEndpoint('s3'),
    });
    for (const name of ['LEAKED', 'PATH', 'HOME', 'ZEROSUM_DATA']) expect(environment[name]).toBeUndefined();
  });

  test('gets a context that knows its name, its request and its remaining time', async () => {
    const [a, b] = [await report({}), await report({})];
    expect(a.name).toBe('app-Many');
    expect(a.requestId).not.toBe(b.requestId);
    expect(a.remainingMs).toBeGreaterThan(1_000);
    expect(a.remainingMs).toBeLessThanOrEqual(2_000);
  });

  test('runs one invocation at a time in a process, and in more processes as invocations overlap', async () => {
    const reports = await Promise.all(Array.from({ length: 12 }, () => report({ sleepMs: 100 })));
    expect(new Set(reports.map(({ running }) => running))).toEqual(new Set([1]));
    expect(new Set(reports.map(({ pid }) => pid)).size).toBeGreaterThan(1);
    const single = await Promise.all(Array.from({ length: 4 }, () => report({ sleepMs: 20 }, 'Single')));
    expect(new Set(single.map(({ pid }) => pid)).size).toBe(1);
  });

  test('that throws fails its invocation and lives on', async () => {
    const before = await report({}, 'Single');
    const outcome = await stack.invoke('Single', { throw: 'no' });
    expect(outcome).toMatchObject({ kind: 'error', error: { errorType: 'TypeError', errorMessage: 'no' } });
    expect((await report({}, 'Single')).pid).toBe(before.pid);
  });

  test('that dies fails its invocation and is replaced', async () => {
    const before = await report({}, 'Single');
    expect(await stack.invoke('Single', { die: true })).toMatchObject({ kind: 'crash' });
    const after = await report({}, 'Single');
    expect(after.pid).not.toBe(before.pid);
    expect(after.count).toBe(1);
    await waitFor('stack.json to name the successor', () => functionProcesses('Single').includes(after.pid));
    expect(functionProcesses('Single')).not.toContain(before.pid);
  });

  test('that outstays its timeout is killed, even when it never yields', async () => {
    const { pid } = await report({}, 'Single');
    const outcome = await stack.invoke('Single', { spin: true });
    expect(outcome.kind).toBe('timeout');
    expect(outcome.error?.errorMessage).toMatch(/Task timed out after 2\.00 seconds/);
    await waitFor('the process to be gone', () => !isAlive(pid));
    expect((await report({}, 'Single')).count).toBe(1);
  });

  test('logs to its own file', async () => {
    await report({ log: 'a line of its own' });
    const read = () => readFileSync(join(stack.data, 'logs', 'Many.log'), 'utf8');
    await waitFor('the line', () => read().includes('a line of its own'));
  });

  test('is counted, with the processor time it took', async () => {
    const before = (await stack.stats()).functions['Single'];
    await report({}, 'Single');
    const after = (await stack.stats()).functions['Single'];
    expect(after?.invocations).toBe((before?.invocations ?? 0) + 1);
    expect(after?.cpuMs).toBeGreaterThan(before?.cpuMs ?? 0);
  });
});

describe('a crash point', () => {
  test('kills the one process that reaches it first, once, whatever others are there', async () => {
    await stack.crash('Many', 'here');
    expect(await stack.armed()).toEqual([{ function: 'Many', point: 'here' }]);
    await report({ point: 'elsewhere' });
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, () => stack.invoke('Many', { sleepMs: 50, point: 'here' })),
    );
    expect(outcomes.filter(({ kind }) => kind === 'crash')).toHaveLength(1);
    expect(outcomes.filter(({ kind }) => kind === 'result')).toHaveLength(7);
    expect(await stack.armed()).toEqual([]);
    const [death, ...more] = await stack.crashDeaths();
    expect([death?.function, death?.point, more]).toEqual(['Many', 'here', []]);
    expect(isAlive(death?.processId ?? process.pid)).toBe(false);
  });

  test('also kills a process that started after it was armed, and none once disarmed', async () => {
    await stack.invoke('Single', { die: true });
    await stack.crash('Single', 'here');
    await stack.invoke('Single', { die: true });
    expect((await stack.invoke('Single', { point: 'here' })).kind).toBe('crash');
    await stack.crash('Single', 'here');
    await stack.disarm();
    expect((await stack.invoke('Single', { point: 'here' })).kind).toBe('result');
  });
});

function functionProcesses(label: string): readonly number[] {
  return stack.info().functions.find((one) => one.label === label)?.processIds ?? [];
}
