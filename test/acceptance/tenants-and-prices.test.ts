import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseWebhookKeyId } from '../../lambdas/domain/ids.ts';
import { instantOf } from '../../lambdas/domain/instant.ts';
import { seal, sealKeys } from '../../lambdas/secrets/seal.ts';
import { tenantKey } from '../../lambdas/storage/keys.ts';
import { UsageIntake } from '../../lambdas/storage/usage-intake.ts';
import { encodeUsageMessage } from '../../lambdas/storage/usage-message.ts';
import { webhookKeyItem } from '../../lambdas/storage/webhook-keys.ts';
import { developmentSecrets } from '../../localstack/embedded/development.ts';
import { AdminClient } from '../support/admin-client.ts';
import { engineClient } from '../support/audit.ts';
import { type Answer, mint, request, TenantClient } from '../support/client.ts';
import { metric, must, quantity, tenantId, usageEvent } from '../support/events.ts';
import { type RunningStack, startStack } from '../support/stack.ts';
import { StackQueue } from '../support/stack-queue.ts';
import { waitFor } from '../support/wait-for.ts';
import { ownHeaders } from '../support/webhook-signer.ts';

/** A function trusts the prices it has read for half a minute. */
const PRICES_TIMEOUT_MS = 45_000;
const TEST_TIMEOUT_MS = 120_000;
const WRITE_TIMEOUT_MS = 5_000;

let stack: RunningStack;
let admin: AdminClient;

beforeAll(async () => {
  stack = await startStack();
  admin = new AdminClient(() => stack.url);
});
afterAll(() => stack?.stop());

const month = new Date().toISOString().slice(0, 'YYYY-MM'.length);
const etagIn = ({ headers }: Answer) => headers.get('etag') ?? '';
const save = (tenant: string, name: string, headers: Record<string, string> = {}) =>
  admin.post('/tenants', { tenant, name }, headers);
const clientOf = (tenant: string) => new TenantClient(() => stack.url, tenant);

/** What the audit log has of a call: status and target of each entry, in their order. */
async function recordOf(answer: Answer): Promise<[number | null, object][]> {
  const { entries } = (await admin.get('/audit')).json;
  const own = entries.filter(
    (entry: { request_id: string }) => entry.request_id === answer.headers.get('x-request-id'),
  );
  return own.map(({ status, target }: { status: number | null; target: object }) => [status, target]).reverse();
}

describe('POST /tenants', () => {
  it('makes a tenant that may do everything at once', async () => {
    // Asked for before, so that whoever remembers a "no" is found out.
    const close = { tenant: 'newcomer', period: month };
    expect((await admin.post('/periods/close', close)).status).toBe(400);
    const created = await save('newcomer', 'New Corp');
    expect([created.status, created.json]).toEqual([201, { tenant: 'newcomer', name: 'New Corp', etag: '"1"' }]);
    expect(etagIn(created)).toBe('"1"');
    const newcomer = clientOf('newcomer');
    expect((await newcomer.post({ quantity: 3, idempotency_key: 'k' })).status).toBe(202);
    const signer = { keyId: 'whk_newcomer', secret: 'whsec_newcomer' };
    await addWebhookKey(signer, 'newcomer');
    const body = JSON.stringify({ event_id: 'd', metric: 'api_call', quantity: 4 });
    const headers = ownHeaders(signer, body, Math.floor(Date.now() / 1_000));
    expect((await request(`${stack.url}/webhooks/usage`, { method: 'POST', body, headers })).status).toBe(202);
    const credit = { tenant: 'newcomer', amount_minor: -2, idempotency_key: 'c', reason: 'welcome' };
    expect((await admin.post('/adjustments', credit)).status).toBe(202);
    for (const id of ['api:k', 'wh:whk_newcomer:d', 'adj:c']) await newcomer.settled(id);
    expect((await newcomer.get(`/statement?period=${month}`)).json).toMatchObject({
      currency: 'USD',
      total_minor: '5',
    });
    expect((await admin.post('/periods/close', close)).status).toBe(200);
  });

  it('creates once however often it is asked, and renames only what the caller has seen', async () => {
    expect((await save('renamed', 'First')).status).toBe(201);
    expect((await save('renamed', 'First')).json).toEqual({ tenant: 'renamed', name: 'First', etag: '"1"' });
    const refused = [await save('renamed', 'Second'), await save('renamed', 'Second', { 'if-match': 'W/"1"' })];
    expect(refused.map(({ status }) => status)).toEqual([428, 412]);
    const renamed = await save('renamed', 'Second', { 'if-match': '"1"' });
    expect([renamed.status, etagIn(renamed)]).toEqual([200, '"2"']);
    expect((await save('renamed', 'Third', { 'if-match': '"1"' })).status).toBe(412);
    expect(await recordOf(renamed)).toEqual([
      [null, { tenant: 'renamed', name: 'Second' }],
      [200, { tenant: 'renamed', name: 'Second', revision: '2', previous_name: 'First' }],
    ]);
    expect(await recordOf(must(refused[0]))).toEqual([
      [null, { tenant: 'renamed', name: 'Second' }],
      [428, { tenant: 'renamed', name: 'Second' }],
    ]);
  });

  it('lets one of many rename it who have seen the same', async () => {
    await save('contended', 'First');
    const names = ['a', 'b', 'c', 'd', 'd', 'd'];
    const answers = await Promise.all(names.map((name) => save('contended', name, { 'if-match': '"1"' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412, 412, 412]);
  });

  it.each([
    ['{"tenant":"No#Tenant","name":"x"}', ['tenant']],
    ['{"tenant":"x"}', ['name']],
    ['{"tenant":"","name":""}', ['tenant', 'name']],
    [`{"tenant":"x","name":"${'é'.repeat(101)}"}`, ['name']],
    ['{"tenant":"x","name":"\\u0000"}', ['name']],
    ['[]', ['body']],
  ])('refuses %s', async (body, fields) => {
    const { status, json } = await admin.post('/tenants', body);
    expect([status, json.errors.map(({ field }: { field: string }) => field)]).toEqual([400, fields]);
  });
});

describe('GET /tenants', () => {
  it('lists every tenant by id, also one from before changes were counted, page by page', async () => {
    const old = { ...tenantKey(tenantId('ancient')), name: 'Ancient' };
    await withEngine((engine) => engine.send(new PutCommand({ TableName: stack.table('Config'), Item: old })));
    const whole = (await admin.get('/tenants')).json;
    const ids: string[] = whole.tenants.map(({ tenant }: { tenant: string }) => tenant);
    expect(ids).toEqual([...ids].sort());
    expect(ids).toEqual(expect.arrayContaining(['ancient', 'tenant_alpha', 'tenant_beta', 'newcomer', 'renamed']));
    expect(whole.tenants[0]).toEqual({ tenant: 'ancient', name: 'Ancient', etag: '"1"' });
    const pages: object[] = [];
    let cursor = '';
    do {
      const { json } = await admin.get(`/tenants?limit=2${cursor}`);
      pages.push(...json.tenants);
      cursor = json.next_cursor === undefined ? '' : `&cursor=${json.next_cursor}`;
    } while (cursor !== '');
    expect(pages).toEqual(whole.tenants);
    expect((await save('ancient', 'Renewed', { 'if-match': '"1"' })).json.etag).toBe('"2"');
  });

  it.each(['limit=0', 'limit=1001', 'cursor=', 'cursor=x', 'cursor=Tm8jVGVuYW50'])('refuses %s', async (query) => {
    expect((await admin.get(`/tenants?${query}`)).status).toBe(400);
  });
});

describe('the checks of both', () => {
  it.each(['/tenants', '/prices'])('of %s come in the order of the contract', async (path) => {
    const method = path === '/tenants' ? 'POST' : 'PUT';
    const large = ' '.repeat(256 * 1_024 + 1);
    const send = (body: string, headers: Record<string, string>) =>
      request(`${stack.url}${path}`, { method, body, headers });
    const tenant = { authorization: `Bearer ${await mint({ tenant_id: 'tenant_alpha' })}` };
    const other = { authorization: `Bearer ${await mint({ admin: true })}` };
    const answers = [
      await send(large, {}),
      await send('{', {}),
      await send('{', { ...tenant, 'content-encoding': 'gzip' }),
      await send('{', { ...other, 'content-encoding': 'gzip' }),
      await send('{', other),
      await request(`${stack.url}${path}`, { method: 'DELETE', headers: other }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([413, 401, 403, 415, 400, 405]);
    expect(answers.at(-1)?.headers.get('allow')).toBe(`GET, ${method}`);
    const stranger = await request(`${stack.url}${path}`, { headers: tenant });
    expect(stranger.status).toBe(403);
    expect(await recordOf(stranger)).toEqual([[403, {}]]);
  });
});

describe('PUT /prices', () => {
  const prices = { api_call: 2, seat: '70', storage_gb_hour: 5 };
  const put = (body: object, headers: Record<string, string> = {}) =>
    admin.send('PUT', '/prices', { currency: 'USD', unit_prices: prices, ...body }, headers);

  it('leaves nothing behind when it is refused', async () => {
    const before = await admin.get('/prices');
    const first = { version: 1, currency: 'USD', unit_prices: { api_call: '1', storage_gb_hour: '5' } };
    expect(before.json).toMatchObject({ in_force: first, versions: [first] });
    const etag = { 'if-match': etagIn(before) };
    const refused = [
      await put({}),
      await put({}, { 'if-none-match': '*' }),
      await put({}, { 'if-match': '"0.0"' }),
      await put({ currency: 'EUR' }, etag),
      await put({ effective_at: '2020-01-01T00:00:00Z' }, etag),
      await put({ unit_prices: { api_call: -1 } }),
      await admin.send('PUT', '/prices', '{"currency":"USD","unit_prices":{"__proto__":1}}', etag),
    ];
    expect(refused.map(({ status }) => status)).toEqual([428, 412, 412, 400, 400, 400, 400]);
    const after = await admin.get('/prices');
    expect([after.text, etagIn(after)]).toEqual([before.text, etagIn(before)]);
  });

  it('has one winner of many who have seen the same, on record with what it made', async () => {
    const etag = { 'if-match': etagIn(await admin.get('/prices')) };
    const effectiveAt = '2035-06-01T02:00:00+02:00';
    const tries = [1, 2, 3, 3].map((price) =>
      put({ unit_prices: { api_call: price }, effective_at: effectiveAt }, etag),
    );
    const answers = await Promise.all(tries);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412]);
    const winner = must(answers.find(({ status }) => status === 200));
    const { json } = await admin.get('/prices');
    expect(json.versions).toEqual([winner.json, json.in_force]);
    expect([json.in_force.version, winner.json.version, etagIn(winner)]).toEqual([1, 2, '"2.1"']);
    expect(await recordOf(winner)).toEqual([
      [null, { currency: 'USD' }],
      [200, { currency: 'USD', version: '2', effective_at: '2035-06-01T00:00:00.000Z' }],
    ]);
  });

  it(
    'makes nothing dearer or cheaper that was accepted before, whenever it is posted',
    async () => {
      const client = clientOf('tenant_beta');
      const use = (key: string, name: string) => client.post({ quantity: 10, metric: name, idempotency_key: key });
      await use('before', 'api_call');
      await use('dropped', 'storage_gb_hour');
      for (const key of ['before', 'dropped']) await client.settled(`api:${key}`);
      const { storage_gb_hour: _, ...rest } = prices;
      const changed = await put({ unit_prices: rest }, { 'if-match': etagIn(await admin.get('/prices')) });
      expect(changed.json).toMatchObject({ version: 3, unit_prices: { api_call: '2', seat: '70' } });
      expect((await admin.get('/prices')).json.in_force).toEqual(changed.json);

      // What nobody has heard of is looked up at once, by ingest and then by the consumer, which knows only version 1.
      expect((await use('seats', 'seat')).status).toBe(202);
      await client.settled('api:seats');
      expect((await client.receipt('api:seats')).json).toMatchObject({ price_version: 3, amount_minor: '700' });

      // Accepted before the change, and handed to the consumer after it.
      await acceptBehindTheBack('late', 'storage_gb_hour');
      await client.settled('api:late');
      expect((await client.receipt('api:late')).json).toMatchObject({ price_version: 1, amount_minor: '50' });

      const versions: number[] = [];
      await waitFor(
        'the new price',
        async () => {
          const key = `after-${versions.length}`;
          await use(key, 'api_call');
          await client.settled(`api:${key}`);
          const { price_version: version, amount_minor: amount } = (await client.receipt(`api:${key}`)).json;
          expect(amount).toBe(version === 1 ? '10' : '20');
          versions.push(version);
          return version === 3;
        },
        PRICES_TIMEOUT_MS,
      );
      const gone = async (key: string) => (await use(key, 'storage_gb_hour')).json;
      await waitFor('the metric to be gone', async () => (await gone('new')).status === 400, PRICES_TIMEOUT_MS);
      expect(await gone('newer')).toMatchObject({ status: 400, errors: [{ field: 'metric' }] });
      // A known id is a replay, at any price and none.
      expect(await gone('dropped')).toEqual({ accepted: true, event_id: 'api:dropped' });
      expect((await client.receipt('api:before')).json).toMatchObject({ price_version: 1, amount_minor: '10' });
      expect((await client.get('/balance')).json.currency).toBe('USD');
      expect((await admin.post('/reconcile', { full: true })).json).toMatchObject({ ok: true, discrepancies: [] });
    },
    TEST_TIMEOUT_MS,
  );
});

/** An event that version 1 prices, as ingest would have kept it, and its message. */
async function acceptBehindTheBack(key: string, name: string): Promise<void> {
  const changes = { tenant: tenantId('tenant_beta'), metric: metric(name), quantity: quantity(10) };
  const event = usageEvent(key, { ...changes, receivedAt: instantOf(Date.now()), priceVersion: 1 });
  await withEngine((engine) => new UsageIntake(engine, stack.table('UsageIntake')).accept(event, WRITE_TIMEOUT_MS));
  const message = encodeUsageMessage({ tenant: event.tenant, events: [event] });
  await new StackQueue(stack, 'UsageQueueUsage').send(message);
}

async function addWebhookKey({ keyId, secret }: { keyId: string; secret: string }, tenant: string): Promise<void> {
  const current = seal(secret, keyId, sealKeys(developmentSecrets.webhookSeal));
  const Item = webhookKeyItem({ keyId: must(parseWebhookKeyId(keyId)), tenant: tenantId(tenant), current });
  await withEngine((engine) => engine.send(new PutCommand({ TableName: stack.table('Config'), Item })));
}

async function withEngine(act: (engine: ReturnType<typeof engineClient>) => Promise<unknown>): Promise<void> {
  const engine = engineClient(stack);
  await act(engine).finally(() => engine.destroy());
}
