import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../localstack/embedded/functions/outcome.ts';
import { type RetryRules, runBatch } from '../../localstack/embedded/triggers/batch-run.ts';
import type { Discarded } from '../../localstack/embedded/triggers/discarded-batch.ts';
import { streamRecord } from '../../localstack/embedded/triggers/stream-record.ts';
import { firstFailed } from '../../localstack/embedded/triggers/stream-response.ts';

const failure: Outcome = { kind: 'error', error: { errorType: 'Error', errorMessage: 'no' } };
const throttled: Outcome = { kind: 'throttled', error: failure.error };
const success: Outcome = { kind: 'result', payload: null };
const failedAt = (...numbers: unknown[]): Outcome => ({
  kind: 'result',
  payload: { batchItemFailures: numbers.map((itemIdentifier) => ({ itemIdentifier })) },
});

const lax: RetryRules = {
  reportsFailures: true,
  bisects: false,
  mostRetries: Number.POSITIVE_INFINITY,
  mostAgeMs: Number.POSITIVE_INFINITY,
};

/** Numbered like their keys; `ageSeconds` is how long ago it was written. */
function record(number: string, ageSeconds = 0) {
  const ApproximateCreationDateTime = Math.floor(Date.now() / 1_000) - ageSeconds;
  const dynamodb = { ApproximateCreationDateTime, Keys: {}, SequenceNumber: number, SizeBytes: 1 };
  return streamRecord(
    { eventName: 'INSERT', eventVersion: '1.1', dynamodb: { ...dynamodb, StreamViewType: 'KEYS_ONLY' } },
    { arn: 'arn:stream', region: 'us-east-1' },
  );
}

/** Runs a batch against a function that answers so; tells what it was handed and what became of the records. */
async function run(
  records: readonly ReturnType<typeof record>[],
  answer: (numbers: readonly string[], invocation: number) => Outcome,
  rules: Partial<RetryRules> = {},
) {
  const invocations: string[] = [];
  const settled: string[] = [];
  const discarded: Discarded[] = [];
  const pool = {
    invoke: async (event: unknown) => {
      const numbers = (event as { Records: typeof records }).Records.map(({ dynamodb }) => dynamodb.SequenceNumber);
      invocations.push(numbers.join(''));
      return answer(numbers, invocations.length);
    },
  };
  const owner = {
    settled: async ({ dynamodb }: (typeof records)[number]) => void settled.push(dynamodb.SequenceNumber),
    discarded: async (what: Discarded) => void discarded.push(what),
  };
  await runBatch(records, { pool, rules: { ...lax, ...rules }, owner, signal: new AbortController().signal });
  const given = discarded.map(({ condition, records, invocations }) => [
    condition,
    records.map(({ dynamodb }) => dynamodb.SequenceNumber).join(''),
    invocations,
  ]);
  return { invocations, settled, discarded: given };
}

const abcd = ['a', 'b', 'c', 'd'].map((number) => record(number));
const poison = (numbers: readonly string[], bad: string) => (numbers.includes(bad) ? failedAt(bad) : success);

describe('a batch of stream records', () => {
  test('that succeeds is settled at its last record', async () => {
    expect(await run(abcd, () => success)).toEqual({ invocations: ['abcd'], settled: ['d'], discarded: [] });
  });

  test('begins again at the lowest record that failed', async () => {
    const { invocations, settled } = await run(abcd, (_numbers, at) => (at === 1 ? failedAt('d', 'b') : success));
    expect(invocations).toEqual(['abcd', 'bcd']);
    expect(settled).toEqual(['a', 'd']);
  });

  test('is delivered whole again after an error, and once more for each throttle', async () => {
    const { invocations } = await run(abcd, (_numbers, at) => [failure, throttled][at - 1] ?? success);
    expect(invocations).toEqual(['abcd', 'abcd', 'abcd']);
  });

  test('is given up from the failed record on when its retries are used up', async () => {
    const result = await run(abcd, (numbers) => poison(numbers, 'c'), { mostRetries: 1 });
    expect(result.invocations).toEqual(['abcd', 'cd']);
    expect(result.discarded).toEqual([['RetryAttemptsExhausted', 'cd', 2]]);
    expect(result.settled).toEqual(['b', 'd']);
  });

  test('is bisected down to the record to blame, in order, and no split counts as a retry', async () => {
    const isBad = (numbers: readonly string[]) => (numbers.includes('c') ? failure : success);
    const result = await run(abcd, isBad, { mostRetries: 0, bisects: true, reportsFailures: false });
    expect(result.invocations).toEqual(['abcd', 'ab', 'cd', 'c', 'd']);
    expect(result.discarded).toEqual([['RetryAttemptsExhausted', 'c', 1]]);
    expect(result.settled).toEqual(['b', 'c', 'd']);
  });

  test('bisects what a partial failure leaves too', async () => {
    const result = await run(abcd, (numbers) => poison(numbers, 'b'), { mostRetries: 1, bisects: true });
    expect(result.invocations).toEqual(['abcd', 'bcd', 'bc', 'b', 'c', 'd']);
    expect(result.discarded).toEqual([['RetryAttemptsExhausted', 'b', 2]]);
  });

  test('leaves out what is too old, and says so', async () => {
    const records = [record('a', 120), record('b', 90), record('c')];
    const result = await run(records, () => success, { mostAgeMs: 60_000 });
    expect(result.invocations).toEqual(['c']);
    expect(result.discarded).toEqual([['RecordAgeExceeded', 'ab', 0]]);
    expect(result.settled).toEqual(['b', 'c']);
  });
});

describe('what a stream’s batch response says failed first', () => {
  const numbers = ['a', 'b', 'c'];
  const first = (payload: unknown, reports = true) => firstFailed({ kind: 'result', payload }, numbers, reports);
  const items = (...identifiers: unknown[]) => ({
    batchItemFailures: identifiers.map((itemIdentifier) => ({ itemIdentifier })),
  });

  test.each([
    ['null', null],
    ['an empty answer', {}],
    ['a null list', { batchItemFailures: null }],
    ['an empty list', { batchItemFailures: [] }],
  ])('%s: nothing', (_name, payload) => {
    expect(first(payload)).toBeUndefined();
  });

  test.each([
    ['text', 'done'],
    ['a list that is none', { batchItemFailures: 'a' }],
    ['an empty identifier', items('c', '')],
    ['a null identifier', items(null)],
    ['an item with another key', { batchItemFailures: [{ id: 'c' }] }],
    ['an identifier of no record', items('c', 'z')],
  ])('%s: everything', (_name, payload) => {
    expect(first(payload)).toBe(0);
  });

  test('the lowest it names; nothing when its answers are not read; everything when it threw', () => {
    expect(first(items('c', 'b'))).toBe(1);
    expect(first(items('b'), false)).toBeUndefined();
    expect(firstFailed(failure, numbers, true)).toBe(0);
  });
});
