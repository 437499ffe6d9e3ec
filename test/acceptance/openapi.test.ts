import { DeleteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiDocument, ApiOperation } from '../../lambdas/docs/api-document.ts';
import type { Access, Operation } from '../../lambdas/docs/operation.ts';
import { EXAMPLE_RUN_ID } from '../../lambdas/docs/operations/reconcile.ts';
import { operations } from '../../lambdas/docs/operations.ts';
import { instantOf } from '../../lambdas/domain/instant.ts';
import { BATCH_BODY_MAX_BYTES } from '../../lambdas/http/limits.ts';
import { routes } from '../../lambdas/http/routes.ts';
import { intakeKey, priceBookKey } from '../../lambdas/storage/keys.ts';
import { UsageIntake } from '../../lambdas/storage/usage-intake.ts';
import { encodeUsageMessage } from '../../lambdas/storage/usage-message.ts';
import { DocumentedAnswers } from '../support/api-document.ts';
import { engineClient } from '../support/audit.ts';
import { type Answer, mint, request, TenantClient } from '../support/client.ts';
import { Curl } from '../support/curl.ts';
import { differences, eventually, namedExample } from '../support/documented-examples.ts';
import { eventId, metric, must, tenantId, usageEvent } from '../support/events.ts';
import { type RunningStack, startStack } from '../support/stack.ts';
import { StackQueue } from '../support/stack-queue.ts';
import { waitFor } from '../support/wait-for.ts';

/** The order in which a reader would try the examples, so that each finds what it is about. */
const story = [
  'getHealth/alive',
  'getReadiness/ready',
  'getDocument/document',
  'getPage/page',
  'getConsole/page',
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
  'getStatement/with_event_ids',
  'getStatement/idle_month',
  'getUsage/this_month',
  'getUsage/by_metric',
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
  'listTenants/all',
  'saveTenant/create',
  'saveTenant/again',
  'saveTenant/unconditional',
  'saveTenant/rename',
  'saveTenant/stale',
  'issueWebhookKey/issue',
  'issueWebhookKey/taken',
  'listWebhookKeys/of_tenant',
  'getWebhookKey/one',
  'rotateWebhookKey/rotate',
  'rotateWebhookKey/stale',
  'revokeWebhookKey/revoke',
  'issueApiKey/issue',
  'issueApiKey/taken',
  'listApiKeys/of_tenant',
  'getApiKey/one',
  'rotateApiKey/rotate',
  'rotateApiKey/stale',
  'revokeApiKey/revoke',
  'getPrices/now',
  'changePrices/unconditional',
  'changePrices/change',
  'changePrices/stale',
  'changePrices/currency',
  'changePrices/first',
];

/** As a request waits for it. */
const WRITE_TIMEOUT_MS = 5_000;

/** Far more than the examples need, and soon reached by who tries. */
const REQUESTS_PER_WINDOW = 150;

/** Of the runs begun here, the first in place of the one that the examples show. */
const runIds: string[] = [];

let stack: RunningStack;
let curl: Curl;
let document: ApiDocument;
let documented: DocumentedAnswers;
let authorizations: Record<Exclude<Access, 'webhook'>, Record<string, string>>;

beforeAll(async () => {
  stack = await startStack({
    functionEnvironment: { Read: { REQUESTS_PER_WINDOW: String(REQUESTS_PER_WINDOW) } },
  });
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
    await withEngine((engine) => new UsageIntake(engine, stack.table('UsageIntake')).accept(event, WRITE_TIMEOUT_MS));
    const message = encodeUsageMessage({ tenant: event.tenant, events: [event] });
    await new StackQueue(stack, 'UsageQueueUsage').send(message);
  },
  'changePrices/first': async () => {
    const TableName = stack.table('Config');
    await withEngine((engine) =>
      Promise.all(
        [1, 2].map((version) => engine.send(new DeleteCommand({ TableName, Key: { ...priceBookKey(version) } }))),
      ),
    );
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
    const { operation, example, path } = namedExample(step);
    const samples = documentedOperation(operation.method, path)['x-codeSamples'];
    const command = samples.find(({ label }) => label === example.summary)?.source ?? '';
    await preparations[step]?.();
    const [runId] = runIds;
    const send = () => curl.run(runId === undefined ? command : command.replace(EXAMPLE_RUN_ID, runId));
    const answer = operation.method === 'GET' ? await eventually(send, example) : await send();
    expect(documented.faults(operation.method, path, answer)).toEqual([]);
    expect(answer.status).toBe(example.status);
    expect(differences(answer, example)).toEqual([]);
    runIds.push(...(answer.json?.run_id === undefined ? [] : [answer.json.run_id]));
  });
});

const all = operations.map((operation) => ({ ...operation, path: routes[operation.route].path }));

describe('the refusals', () => {
  it.each(all.filter(({ access }) => access !== 'public'))(
    '$method $path refuses every other credential',
    async (operation) => {
      const { access, method, path } = operation;
      const none = await sent(operation, {});
      const other = await sent(operation, { headers: authorizations[access === 'admin' ? 'tenant' : 'admin'] });
      expect([none.status, other.status]).toEqual([401, access === 'admin' ? 403 : 401]);
      for (const answer of [none, other]) expect(documented.faults(method, path, answer)).toEqual([]);
    },
  );

  it.each(all.filter(({ body }) => body !== undefined))(
    '$method $path refuses what is too large, compressed or no JSON',
    async (operation) => {
      const { access, method, path } = operation;
      const isJson = { 'content-type': 'application/json' };
      const credential = access === 'webhook' ? {} : authorizations[access];
      const answers = [await sent(operation, { body: ' '.repeat(BATCH_BODY_MAX_BYTES + 1), headers: credential })];
      expect(answers[0]?.status).toBe(413);
      // What is not signed gets no further.
      if (access !== 'webhook') {
        const compressed = { ...credential, ...isJson, 'content-encoding': 'gzip' };
        answers.push(await sent(operation, { body: '{}', headers: compressed }));
        answers.push(await sent(operation, { body: '{', headers: { ...credential, ...isJson } }));
        expect(answers.map(({ status }) => status)).toEqual([413, 415, 400]);
      }
      for (const answer of answers) expect(documented.faults(method, path, answer)).toEqual([]);
    },
  );

  it.each(all.filter(({ query }) => query !== undefined))(
    '$method $path refuses a parameter that its schema refuses',
    async (operation) => {
      const { access, method, path } = operation;
      const strict = documentedOperation(method, path).parameters.filter(
        ({ in: place, schema }) => place === 'query' && ['pattern', 'minimum', 'enum'].some((rule) => rule in schema),
      );
      expect(strict).not.toEqual([]);
      const headers = access === 'webhook' ? {} : authorizations[access];
      for (const { name } of strict) {
        const answer = await sent(operation, { headers, query: `?${name}=%40` });
        expect(answer.json).toMatchObject({ status: 400, errors: [{ field: name }] });
        expect(documented.faults(method, path, answer)).toEqual([]);
      }
    },
  );

  it.each([...new Set(all.map(({ path }) => path))])(
    '%s answers 405 to every method it does not document',
    async (path) => {
      const methods: string[] = all.filter((one) => one.path === path).map(({ method }) => method);
      const others = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((method) => !methods.includes(method));
      for (const method of others) {
        const answer = await request(`${stack.url}${filled(path)}`, { method });
        expect(answer.status, method).toBe(405);
        expect(answer.headers.get('allow')?.split(', ').sort()).toEqual(methods.sort());
        expect(answer.json).toMatchObject({ type: 'urn:zerosum:problem:method_not_allowed', status: 405 });
      }
    },
  );

  it('throttles a tenant as the document says', async () => {
    const client = new TenantClient(() => stack.url, 'tenant_busy');
    const answers: Answer[] = [];
    await waitFor('a refusal', async () => {
      answers.push(...(await Promise.all(Array.from({ length: 20 }, () => client.get('/balance')))));
      return answers.some(({ status }) => status === 429);
    });
    for (const answer of answers) expect(documented.faults('GET', '/balance', answer)).toEqual([]);
  });

  it('is not ready as the document says, when a dependency is silent', async () => {
    const engine = must(stack.info().engines.dynamodb?.processId);
    process.kill(engine, 'SIGSTOP');
    const answer = await request(`${stack.url}/readyz`).finally(() => process.kill(engine, 'SIGCONT'));
    expect(answer.status).toBe(503);
    expect(documented.faults('GET', '/readyz', answer)).toEqual([]);
  });
});

it('serves the document and the pages the same under the stage prefix', async () => {
  const [root, staged] = await Promise.all(
    ['', '/local'].map((prefix) => request(`${stack.url}${prefix}/openapi.json`)),
  );
  expect(staged?.text).toBe(root?.text);
  for (const path of ['docs', 'console']) {
    const page = await request(`${stack.url}/local/${path}`);
    const links = [...page.text.matchAll(/(?:href|src)="([^"]*)"/g)].map((match) => match[1] ?? '');
    for (const link of new Set(links.filter((target) => !/^(?:#|data:)/.test(target)))) {
      expect((await request(String(new URL(link, `${stack.url}/local/${path}`)))).status, link).toBe(200);
    }
  }
});

function documentedOperation(method: string, path: string): ApiOperation {
  const operation = document.paths[path]?.[method.toLowerCase()];
  if (operation === undefined) throw new Error(`The document lacks ${method} ${path}.`);
  return operation;
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
