import { DeleteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiDocument } from '../../lambdas/docs/api-document.ts';
import type { Access, Example, Operation } from '../../lambdas/docs/operation.ts';
import { operations } from '../../lambdas/docs/operations.ts';
import { instantOf } from '../../lambdas/domain/instant.ts';
import { routes } from '../../lambdas/http/routes.ts';
import { intakeKey } from '../../lambdas/storage/keys.ts';
import { UsageIntake } from '../../lambdas/storage/usage-intake.ts';
import { encodeUsageMessage } from '../../lambdas/storage/usage-message.ts';
import { DocumentedAnswers } from '../support/api-document.ts';
import { engineClient } from '../support/audit.ts';
import { type Answer, mint, request, TenantClient } from '../support/client.ts';
import { Curl } from '../support/curl.ts';
import { eventId, metric, tenantId, usageEvent } from '../support/events.ts';
import { type RunningStack, startStack } from '../support/stack.ts';
import { StackQueue } from '../support/stack-queue.ts';
import { waitFor } from '../support/wait-for.ts';

/** The order in which a reader would try the examples, so that each finds what it is about. */
const story = [
  'getHealth/alive',
  'getReadiness/ready',
  'getDocument/document',
  'getPage/page',
  'acceptUsage/charge',
  'acceptUsage/replay',
  'acceptUsage/conflict',
  'acceptUsage/invalid',
  'acceptUsage/another_tenant',
  'getReceipt/posted',
  'getReceipt/full_proof',
  'getReceipt/unknown',
  'getBalance/balance',
  'getStatement/this_month',
  'getStatement/idle_month',
  'getUsage/this_month',
  'acceptDelivery/delivery',
  'acceptDelivery/again',
  'acceptDelivery/conflict',
  'acceptBatch/json',
  'acceptBatch/ndjson',
  'acceptBatch/cloudevents',
  'acceptBatch/some_refused',
  'acceptBatch/empty',
  'acceptAdjustment/credit',
  'acceptAdjustment/conflict',
  'acceptAdjustment/unknown_tenant',
  'getReceipt/adjustment',
  'closePeriod/close',
  'closePeriod/again',
  'closePeriod/too_late',
  'getTrialBalance/tenant',
  'getTrialBalance/idle_month',
  'getAuditLog/this_month',
  'reconcile/clean',
  'getReconcileRun/complete',
  'getReconcileRun/unknown',
  'reconcile/found',
  'listDeadLetters/none',
  'listDeadLetters/refused',
  'redriveDeadLetters/redrive',
  'redriveDeadLetters/posted',
  'redriveDeadLetters/none',
];

/** What another run answers otherwise: the document's schema is all that holds for these. */
const volatile = new Set([
  'request_id',
  'received_at',
  'posted_at',
  'event_date',
  'period',
  'month',
  'page_hash',
  'prev_hash',
  'entry_hashes',
  'at',
  'number',
  'start',
  'as_of',
  'started_at',
  'updated_at',
  'run_id',
  'checked',
  'first_failed_at',
  'last_failed_at',
  'hash',
]);

/** Posting takes a fraction of a second; what was not posted after this won't be. */
const SETTLE_TIMEOUT_MS = 10_000;

/** Ids that the examples show, each with the one seen in its place. */
const captured: [shown: string, seen: string][] = [];

let stack: RunningStack;
let curl: Curl;
let document: ApiDocument;
let documented: DocumentedAnswers;
let authorizations: Record<Exclude<Access, 'webhook'>, Record<string, string>>;

beforeAll(async () => {
  stack = await startStack();
  const [tenantToken, adminToken] = await Promise.all([mint({ tenant_id: 'tenant_alpha' }), mint({ admin: true })]);
  authorizations = {
    public: {},
    tenant: { authorization: `Bearer ${tenantToken}` },
    admin: { authorization: `Bearer ${adminToken}` },
  };
  curl = new Curl({
    API: stack.url,
    TENANT_TOKEN: tenantToken,
    ADMIN_TOKEN: adminToken,
    KEY_ID: 'whk_alpha_meterco',
    KEY_SECRET: 'whsec_dev_alpha_meterco_1',
  });
  document = (await request(`${stack.url}/openapi.json`)).json;
  documented = new DocumentedAnswers(document);
});
afterAll(() => stack?.stop());

/** What has to have happened before an example that no caller could bring about. */
const preparations: Readonly<Record<string, () => Promise<void>>> = {
  'reconcile/found': async () => {
    const beta = new TenantClient(() => stack.url, 'tenant_beta');
    await beta.post({ idempotency_key: 'lost-1' });
    await beta.settled('api:lost-1');
    const Key = intakeKey(tenantId('tenant_beta'), eventId('api:lost-1'));
    await withEngine((engine) => engine.send(new DeleteCommand({ TableName: stack.table('UsageIntake'), Key })));
  },
  'listDeadLetters/refused': async () => {
    const changes = { tenant: tenantId('tenant_beta'), metric: metric('ghost'), receivedAt: instantOf(Date.now()) };
    const event = usageEvent('unpriced-1', changes);
    await withEngine((engine) => new UsageIntake(engine, stack.table('UsageIntake')).accept(event, SETTLE_TIMEOUT_MS));
    const message = encodeUsageMessage({ tenant: event.tenant, events: [event] });
    await new StackQueue(stack, 'UsageQueueUsage').send(message);
  },
};

async function withEngine(act: (engine: DynamoDBDocumentClient) => Promise<unknown>): Promise<void> {
  const engine = engineClient(stack);
  await act(engine).finally(() => engine.destroy());
}

describe('the examples, sent as the document says', () => {
  it('are all told here', () => {
    const all = operations.flatMap(({ id, examples }) => examples.map(({ name }) => `${id}/${name}`));
    expect([...story].sort()).toEqual(all.sort());
  });

  it.each(story)('%s is answered so', async (step) => {
    const { operation, example, path } = told(step);
    const { 'x-codeSamples': samples } = document.paths[path]?.[operation.method.toLowerCase()] ?? {
      'x-codeSamples': [],
    };
    const command = samples.find(({ label }) => label === example.summary)?.source ?? '';
    await preparations[step]?.();
    const send = () => curl.run(captured.reduce((text, [shown, seen]) => text.replaceAll(shown, seen), command));
    const answer = operation.method === 'GET' ? await eventually(send, example) : await send();
    expect(documented.faults(operation.method, path, answer)).toEqual([]);
    expect(answer.status).toBe(example.status);
    expect(differences(answer, example)).toEqual([]);
    if (isRecord(example.answer) && 'run_id' in example.answer)
      captured.push([String(example.answer['run_id']), String(answer.json.run_id)]);
  });
});

describe('the refusals', () => {
  const all = operations.map((operation) => ({ ...operation, path: routes[operation.route].path }));

  it.each(all.filter(({ access }) => access !== 'public'))(
    '$method $path refuses every other credential',
    async (operation) => {
      const others =
        operation.access === 'admin'
          ? ([
              ['public', 401],
              ['tenant', 403],
            ] as const)
          : ([
              ['public', 401],
              ['admin', 401],
            ] as const);
      for (const [access, status] of others) {
        const answer = await sent(operation, { headers: authorizations[access] });
        expect(answer.status).toBe(status);
        expect(documented.faults(operation.method, operation.path, answer)).toEqual([]);
      }
    },
  );

  it.each(all.filter(({ body }) => body !== undefined))(
    '$method $path refuses what is too large, compressed or no JSON',
    async (operation) => {
      const credential = operation.access === 'webhook' ? {} : authorizations[operation.access];
      const refused = [
        [413, { body: ' '.repeat(4 * 1_048_576 + 1) }],
        ...(operation.access === 'webhook'
          ? []
          : ([
              [415, { body: '{}', headers: { 'content-encoding': 'gzip' } }],
              [400, { body: '{', headers: { 'content-type': 'application/json' } }],
            ] as const)),
      ] as const;
      for (const [status, init] of refused) {
        const headers = { ...credential, ...('headers' in init ? init.headers : {}) };
        const answer = await sent(operation, { ...init, headers });
        expect(answer.status, operation.id).toBe(status);
        expect(documented.faults(operation.method, operation.path, answer)).toEqual([]);
      }
    },
  );

  it.each(all.filter(({ query }) => query !== undefined))(
    '$method $path refuses a parameter that its schema refuses',
    async (operation) => {
      const { parameters = [] } = document.paths[operation.path]?.[operation.method.toLowerCase()] ?? {};
      const strict = parameters.filter(
        (parameter) =>
          parameter.in === 'query' &&
          parameter.schema['pattern' in parameter.schema ? 'pattern' : 'minimum'] !== undefined,
      );
      expect(strict).not.toEqual([]);
      for (const { name } of strict) {
        const answer = await sent(operation, {
          headers: authorizations[operation.access as 'tenant' | 'admin'],
          query: `?${name}=%40`,
        });
        expect(answer.status, name).toBe(400);
        expect(answer.json.errors).toContainEqual(expect.objectContaining({ field: name }));
        expect(documented.faults(operation.method, operation.path, answer)).toEqual([]);
      }
    },
  );

  it.each([...new Set(all.map(({ path }) => path))])(
    '%s answers 405 to every method it does not document',
    async (path) => {
      const methods = operations.filter(({ route }) => routes[route].path === path).map(({ method }) => method);
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter(
        (name) => !methods.some((one) => one === name),
      )) {
        const answer = await request(`${stack.url}${filled(path)}`, { method });
        expect(answer.status, method).toBe(405);
        expect(answer.headers.get('allow')?.split(', ').sort()).toEqual([...methods].sort());
        expect(answer.json).toMatchObject({ type: 'urn:zerosum:problem:method_not_allowed', status: 405 });
      }
    },
  );
});

it('serves the document and the page the same under the stage prefix', async () => {
  const [root, staged] = await Promise.all(
    ['', '/local'].map((prefix) => request(`${stack.url}${prefix}/openapi.json`)),
  );
  expect(staged?.text).toBe(root?.text);
  const page = await request(`${stack.url}/local/docs`);
  const links = [...page.text.matchAll(/(?:href|src)="([^"]*)"/g)].map((match) => match[1] ?? '');
  for (const link of new Set(links.filter((target) => !target.startsWith('#')))) {
    expect((await request(String(new URL(link, `${stack.url}/local/docs`)))).status, link).toBe(200);
  }
});

function told(step: string): { operation: Operation; example: Example; path: string } {
  const [id, name] = step.split('/');
  const operation = operations.find((one) => one.id === id);
  const example = operation?.examples.find((one) => one.name === name);
  if (operation === undefined || example === undefined) throw new Error(`There is no example ${step}.`);
  return { operation, example, path: routes[operation.route].path };
}

/** Asks until the answer is the example's, or no longer: what it reads may not be posted yet. */
async function eventually(send: () => Promise<Answer>, example: Example): Promise<Answer> {
  let last: Answer | undefined;
  const agrees = async () => {
    last = await send();
    return last.status === example.status && differences(last, example).length === 0;
  };
  await waitFor('the example', agrees, SETTLE_TIMEOUT_MS).catch(() => undefined);
  return last ?? send();
}

/** What differs from the example, but for fields that may and, in an excerpt, what it does not show. */
function differences(answer: Answer, { answer: expected, isExcerpt = false }: Example): string[] {
  const actual = answer.json ?? answer.text;
  if (typeof actual !== 'string' || !isExcerpt) return different(actual, expected, isExcerpt);
  return actual.startsWith(String(expected)) ? [] : ['it begins otherwise'];
}

function different(actual: unknown, expected: unknown, isExcerpt: boolean, at = ''): string[] {
  if (Array.isArray(actual) && Array.isArray(expected)) {
    const faults = expected.map((item, index) =>
      isExcerpt
        ? // Somewhere in the list: others may come before and after it.
          (actual.map((one) => different(one, item, true, `${at}/${index}`)).sort(byLength)[0] ?? [`${at} is empty`])
        : different(actual[index], item, false, `${at}/${index}`),
    );
    return isExcerpt || actual.length === expected.length ? faults.flat() : [`${at} has ${actual.length} items`];
  }
  if (isRecord(actual) && isRecord(expected)) {
    const names = isExcerpt ? Object.keys(expected) : Object.keys({ ...actual, ...expected });
    return names.flatMap((name) => {
      const isOneMissing = actual[name] === undefined || expected[name] === undefined;
      return volatile.has(name) && !isOneMissing
        ? []
        : different(actual[name], expected[name], isExcerpt, `${at}/${name}`);
    });
  }
  return Object.is(actual, expected) ? [] : [`${at} is ${JSON.stringify(actual)} and not ${JSON.stringify(expected)}`];
}

function byLength(left: readonly unknown[], right: readonly unknown[]): number {
  return left.length - right.length;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sent(
  operation: Pick<Operation, 'method' | 'examples'> & { path: string },
  { query = '', ...init }: { body?: string; headers?: Record<string, string>; query?: string },
): Promise<Answer> {
  const [{ parameters }] = operation.examples;
  return request(`${stack.url}${filled(operation.path, parameters)}${query}`, { method: operation.method, ...init });
}

/** The path with these parameters, or with what names nothing. */
function filled(path: string, parameters: Readonly<Record<string, string>> = {}): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parameters[name] ?? 'unknown'));
}
