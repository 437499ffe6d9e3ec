import type { Example, Operation } from '../../lambdas/docs/operation.ts';
import { operations } from '../../lambdas/docs/operations.ts';
import { routes } from '../../lambdas/http/routes.ts';
import type { Answer } from './client.ts';
import { waitFor } from './wait-for.ts';

/** Posting takes a fraction of a second; what was not posted after this won't be. */
const SETTLE_TIMEOUT_MS = 10_000;

/** What another run answers otherwise: the document's schema is all that holds for these. */
const volatile = new Set([
  ...['request_id', 'run_id', 'received_at', 'posted_at', 'event_date', 'period', 'month', 'start', 'as_of', 'at'],
  ...[
    'effective_at',
    'created_at',
    'previous_valid_until',
    'revoked_at',
    'secret',
    'started_at',
    'updated_at',
    'first_failed_at',
    'last_failed_at',
    'checked',
    'number',
  ],
  ...['page_hash', 'prev_hash', 'entry_hashes', 'hash'],
]);

/** The example that `operation/example` names. */
export function namedExample(step: string): { operation: Operation; example: Example; path: string } {
  const [id, name] = step.split('/');
  const operation = operations.find((one) => one.id === id);
  const example = operation?.examples.find((one) => one.name === name);
  if (operation === undefined || example === undefined) throw new Error(`There is no example ${step}.`);
  return { operation, example, path: routes[operation.route].path };
}

/** Asks until the answer is the example's, or no longer: what it reads may not be posted yet. */
export async function eventually(send: () => Promise<Answer>, example: Example): Promise<Answer> {
  let last: Answer | undefined;
  const agrees = async () => {
    last = await send();
    return last.status === example.status && differences(last, example).length === 0;
  };
  await waitFor('the example', agrees, SETTLE_TIMEOUT_MS).catch(() => undefined);
  return last ?? send();
}

/** What differs from the example, but for what another run answers otherwise and, in an excerpt, what it does not show. */
export function differences(answer: Answer, { answer: expected, isExcerpt = false }: Example): string[] {
  const actual = answer.json ?? answer.text;
  if (typeof actual !== 'string' || !isExcerpt) return different(actual, expected, isExcerpt);
  return actual.startsWith(String(expected)) ? [] : ['it begins otherwise'];
}

function different(actual: unknown, expected: unknown, isExcerpt: boolean, at = ''): string[] {
  if (Array.isArray(actual) && Array.isArray(expected)) return differentLists(actual, expected, isExcerpt, at);
  if (isRecord(actual) && isRecord(expected)) {
    const names = isExcerpt ? Object.keys(expected) : Object.keys({ ...actual, ...expected });
    return names.flatMap((name) => {
      const [left, right] = [actual[name], expected[name]];
      const isVolatile = volatile.has(name) && left !== undefined && right !== undefined;
      return isVolatile ? [] : different(left, right, isExcerpt, `${at}/${name}`);
    });
  }
  return Object.is(actual, expected) ? [] : [`${at} is ${JSON.stringify(actual)} and not ${JSON.stringify(expected)}`];
}

function differentLists(
  actual: readonly unknown[],
  expected: readonly unknown[],
  isExcerpt: boolean,
  at: string,
): string[] {
  // What an excerpt shows may stand anywhere in the list: the nearest item tells what is wrong.
  const nearest = (item: unknown) =>
    actual.map((one) => different(one, item, true, at)).sort((left, right) => left.length - right.length)[0];
  if (isExcerpt) return expected.flatMap((item) => nearest(item) ?? [`${at} is empty`]);
  if (actual.length !== expected.length) return [`${at} has ${actual.length} items and not ${expected.length}`];
  return expected.flatMap((item, index) => different(actual[index], item, false, `${at}/${index}`));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
