import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { audit, engineClient, scan } from '../support/audit.ts';
import { mint, request, TenantClient } from '../support/client.ts';
import { type RunningStack, startStack } from '../support/stack.ts';
import { waitFor } from '../support/wait-for.ts';

let stack: RunningStack;

beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack?.stop());

let tenants = 0;

/** A tenant nobody else uses, so that tests do not see each other's money. */
function newTenant(): TenantClient {
  tenants += 1;
  return new TenantClient(() => stack.url, `tenant_${tenants}`);
}

async function settled(client: TenantClient, eventId: string): Promise<void> {
  await waitFor(`${eventId} to settle`, async () => (await client.receipt(eventId)).json.status !== 'accepted');
}

describe('POST /events', () => {
  it('answers 202 with the namespaced id, and the charge is on the balance', async () => {
    const client = newTenant();
    const answer = await client.post({ metric: 'storage_gb_hour', quantity: 20, idempotency_key: 'k' });
    expect(answer.status).toBe(202);
    expect(answer.json).toEqual({ accepted: true, event_id: 'api:k' });
    await settled(client, 'api:k');
    expect((await client.get('/balance')).json).toEqual({ balance_minor: '100', currency: 'USD' });
  });

  it('answers the same 202 to a replay and charges once (I2)', async () => {
    const client = newTenant();
    const first = await client.post({ quantity: 7, idempotency_key: 'k' });
    await settled(client, 'api:k');
    const replay = await client.post({ quantity: 7, idempotency_key: 'k' });
    expect([replay.status, replay.text]).toEqual([first.status, first.text]);
    // The replay was enqueued too: once a later event of the same lane is settled, so is the replay.
    await client.post({ quantity: 1, idempotency_key: 'k2' });
    await settled(client, 'api:k2');
    expect(await client.balanceMinor()).toBe('8');
  });

  it('answers 409 to the same key with another payload, and charges the first alone (I4)', async () => {
    const client = newTenant();
    await client.post({ quantity: 7, idempotency_key: 'k' });
    for (const other of [{ quantity: 8 }, { metric: 'storage_gb_hour' }, { event_date: new Date().toISOString() }]) {
      const answer = await client.post({ quantity: 7, idempotency_key: 'k', ...other });
      expect(answer.status).toBe(409);
      expect(answer.json).toMatchObject({ status: 409, type: 'urn:zerosum:problem:conflict' });
    }
    await settled(client, 'api:k');
    expect(await client.balanceMinor()).toBe('7');
  });

  it.each([
    ['1.0', 202],
    ['1e3', 202],
    ['1000000000000', 202],
    ['1000000000001', 400],
    ['1.5', 400],
    ['"7"', 400],
    ['null', 400],
    ['-0', 400],
    ['0', 400],
    ['-1', 400],
    ['1e400', 400],
    ['[1]', 400],
    ['true', 400],
  ])('takes the quantity %s with %i', async (quantity, status) => {
    const client = newTenant();
    const body = `{"tenant":"${client.tenant}","metric":"api_call","quantity":${quantity},"idempotency_key":"k"}`;
    const answer = await client.send('POST', '/events', { body });
    expect(answer.status).toBe(status);
    if (status === 400) expect(answer.json.errors).toMatchObject([{ field: 'quantity' }]);
  });

  it.each([
    ['no tenant', { tenant: undefined }, 400, 'tenant'],
    ['another tenant', { tenant: 'tenant_beta' }, 403, undefined],
    ['another tenant and a bad quantity', { tenant: 'tenant_beta', quantity: 0 }, 403, undefined],
    ['a tenant that is no text', { tenant: 5 }, 400, 'tenant'],
    ['an unknown metric', { metric: 'coffee' }, 400, 'metric'],
    ['the metric __proto__', { metric: '__proto__' }, 400, 'metric'],
    ['the metric toString', { metric: 'toString' }, 400, 'metric'],
    ['no metric', { metric: undefined }, 400, 'metric'],
    ['an empty key', { idempotency_key: '' }, 400, 'idempotency_key'],
    ['a key of 201 bytes', { idempotency_key: 'x'.repeat(201) }, 400, 'idempotency_key'],
    ['a key of 201 bytes in 67 characters', { idempotency_key: '€'.repeat(67) }, 400, 'idempotency_key'],
    ['a key with NUL', { idempotency_key: 'a\0b' }, 400, 'idempotency_key'],
    ['a key with an unpaired surrogate', { idempotency_key: 'a\ud800' }, 400, 'idempotency_key'],
    ['a date without offset', { event_date: '2026-01-01T00:00:00' }, 400, 'event_date'],
    ['an impossible date', { event_date: '2026-02-30T00:00:00Z' }, 400, 'event_date'],
    ['a date over a year ago', { event_date: daysFromNow(-367) }, 400, 'event_date'],
    ['a date two days ahead', { event_date: daysFromNow(2) }, 400, 'event_date'],
  ])('refuses %s and leaves nothing behind', async (_, change, status, field) => {
    const client = newTenant();
    const answer = await client.post({ idempotency_key: 'k', ...change });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.json.request_id).toBe(answer.headers.get('x-request-id'));
    if (field !== undefined) expect(answer.json.errors).toMatchObject([{ field }]);
    expect((await client.receipt('api:k')).status).toBe(404);
    expect(await acceptedBy(client.tenant)).toEqual([]);
  });

  it('takes keys and dates at their limits', async () => {
    const client = newTenant();
    const key = '€'.repeat(66);
    const answers = await Promise.all([
      client.post({ idempotency_key: key }),
      client.post({ idempotency_key: 'a/b %2F#?&\n' }),
      client.post({ idempotency_key: 'old', event_date: daysFromNow(-360) }),
      client.post({ idempotency_key: 'offset', event_date: '2026-11-01T02:00:00+02:00' }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
    expect((await client.receipt(`api:${key}`)).status).toBe(200);
    expect((await client.receipt('api:a/b %2F#?&\n')).json.event_id).toBe('api:a/b %2F#?&\n');
  });

  it('lets the last of two equal JSON keys count and ignores unknown fields', async () => {
    const client = newTenant();
    const fields = `"tenant":"${client.tenant}","metric":"api_call","quantity":1,"quantity":3,"idempotency_key":"k"`;
    expect((await client.send('POST', '/events', { body: `{${fields}}` })).status).toBe(202);
    expect((await client.post({ quantity: 3, idempotency_key: 'k', note: 'extra' })).status).toBe(202);
  });

  it('refuses bytes that are not UTF-8, text that is not JSON, and JSON that is no object', async () => {
    const client = newTenant();
    const start = `{"tenant":"${client.tenant}","metric":"api_call","quantity":1,"idempotency_key":"`;
    const invalid = Buffer.concat([Buffer.from(start), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);
    for (const body of [invalid, '{', '[]', '7', '', '['.repeat(100_000)]) {
      expect((await client.send('POST', '/events', { body })).status).toBe(400);
    }
    expect(await acceptedBy(client.tenant)).toEqual([]);
  });

  it('takes a body without Content-Type, refuses a compressed one with 415', async () => {
    const client = newTenant();
    const event = { tenant: client.tenant, metric: 'api_call', quantity: 1, idempotency_key: 'k' };
    const body = JSON.stringify(event);
    const compressed = await client.send('POST', '/events', { body, headers: { 'content-encoding': 'gzip' } });
    expect(compressed.status).toBe(415);
    const plain = await client.send('POST', '/events', {
      body: Buffer.from(body),
      headers: { 'content-encoding': 'identity' },
    });
    expect(plain.status).toBe(202);
  });

  it('refuses 256 KiB and one byte before it looks at the token, and takes 256 KiB', async () => {
    const client = newTenant();
    const event = JSON.stringify({ tenant: client.tenant, metric: 'api_call', quantity: 1, idempotency_key: 'k' });
    const full = event.padEnd(256 * 1024, ' ');
    expect((await client.send('POST', '/events', { body: full })).status).toBe(202);
    expect((await request(`${stack.url}/events`, { method: 'POST', body: `${full} ` })).status).toBe(413);
  });
});

describe('credentials', () => {
  it.each([
    ['no token', async () => undefined],
    ['garbage', async () => 'Bearer garbage'],
    ['another scheme', async () => `Basic ${await mint({ tenant_id: 'tenant_alpha' })}`],
    ['another secret', async () => `Bearer ${await mint({ tenant_id: 'tenant_alpha' }, 'not_the_secret')}`],
    ['an administrator', async () => `Bearer ${await mint({ admin: true })}`],
    ['both claims', async () => `Bearer ${await mint({ admin: true, tenant_id: 'tenant_alpha' })}`],
    ['a malformed tenant', async () => `Bearer ${await mint({ tenant_id: 'Tenant#1' })}`],
    ['no claims', async () => `Bearer ${await mint({})}`],
    ['alg none', async () => `Bearer ${unsigned({ tenant_id: 'tenant_alpha', exp: 4_000_000_000 })}`],
  ])('%s is a 401 on every tenant route', async (_, authorization) => {
    const value = await authorization();
    const headers = value === undefined ? {} : { authorization: value };
    for (const [method, path] of [
      ['GET', '/balance'],
      ['GET', '/statement'],
      ['GET', '/events/api:k'],
      ['POST', '/events'],
    ] as const) {
      const answer = await request(`${stack.url}${path}`, { method, headers });
      expect(answer.status).toBe(401);
      expect(answer.json).toMatchObject({ status: 401, type: 'urn:zerosum:problem:unauthenticated' });
    }
  });

  it("shows a tenant nothing of another's (I5)", async () => {
    const [owner, other] = [newTenant(), newTenant()];
    await owner.post({ quantity: 5, idempotency_key: 'k' });
    await settled(owner, 'api:k');
    expect((await other.receipt('api:k')).status).toBe(404);
    expect(await other.balanceMinor()).toBe('0');
    expect((await other.get('/statement')).json).toMatchObject({ lines: [], total_minor: '0' });
    expect((await other.post({ quantity: 9, idempotency_key: 'k' })).status).toBe(202);
    await settled(other, 'api:k');
    expect([await owner.balanceMinor(), await other.balanceMinor()]).toEqual(['5', '9']);
  });
});

describe('reads', () => {
  it('gives a receipt that names the page which proves it', async () => {
    const client = newTenant();
    const date = daysFromNow(-1);
    await client.post({ quantity: 3, metric: 'storage_gb_hour', idempotency_key: 'k', event_date: date });
    await settled(client, 'api:k');
    const { json } = await client.receipt('api:k');
    expect(json).toMatchObject({ event_id: 'api:k', status: 'posted', amount_minor: '15', price_version: 1 });
    const page = (await ledgerItems()).find(({ hash }) => hash === json.proof.page_hash);
    expect(page?.pk).toBe(`J#${client.tenant}#${json.proof.period}#${String(json.proof.lane).padStart(2, '0')}`);
    expect((await client.receipt('api:unknown')).status).toBe(404);
    expect((await client.get('/events/%E0%A4%A')).status).toBe(404);
  });

  it('lists a statement in pages that agree with each other and the total, whatever is posted meanwhile', async () => {
    const client = newTenant();
    const keys = Array.from({ length: 25 }, (_, index) => `k${index}`);
    await Promise.all(keys.map((key, index) => client.post({ quantity: index + 1, idempotency_key: key })));
    for (const key of keys) await settled(client, `api:${key}`);
    const whole = (await client.get('/statement')).json;
    expect(whole).toMatchObject({ status: 'open', currency: 'USD', total_minor: '325' });
    expect(whole.next_cursor).toBeUndefined();

    const first = (await client.get('/statement?limit=10')).json;
    await client.post({ quantity: 1_000, idempotency_key: 'late' });
    await settled(client, 'api:late');
    const second = (await client.get(`/statement?limit=10&cursor=${first.next_cursor}`)).json;
    const third = (await client.get(`/statement?limit=10&cursor=${second.next_cursor}`)).json;
    expect([...first.lines, ...second.lines, ...third.lines]).toEqual(whole.lines);
    expect([first.total_minor, second.total_minor, third.total_minor]).toEqual(['325', '325', '325']);
    expect(third.next_cursor).toBeUndefined();
  });

  it('gives an idle month no lines and zero, and refuses what is no month, limit or cursor', async () => {
    const client = newTenant();
    const idle = await client.get('/statement?period=2020-02');
    expect(idle.json).toEqual({ period: '2020-02', status: 'open', currency: 'USD', lines: [], total_minor: '0' });
    for (const query of [
      'period=2026-13',
      'period=26-1',
      'limit=0',
      'limit=1001',
      'limit=ten',
      'cursor=x',
      'cursor=',
    ]) {
      expect((await client.get(`/statement?${query}`)).status).toBe(400);
    }
  });
});

describe('everywhere', () => {
  it('serves under the stage prefix as at the root', async () => {
    const client = new TenantClient(() => `${stack.url}/local`, 'tenant_prefix');
    expect((await client.post({ idempotency_key: 'k' })).status).toBe(202);
    expect(await client.balanceMinor()).toMatch(/^\d+$/);
  });

  it('answers 404 to an unknown route and 405 with Allow to a wrong method', async () => {
    for (const path of ['/', '/nope', '/events/api:k/more', '/Balance']) {
      expect((await request(`${stack.url}${path}`)).status).toBe(404);
    }
    const wrong = await request(`${stack.url}/events`, { method: 'DELETE' });
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST']);
    expect((await request(`${stack.url}/balance`, { method: 'POST' })).status).toBe(405);
  });

  it('sends request id and security headers with every answer', async () => {
    for (const path of ['/healthz', '/readyz', '/balance', '/nope']) {
      const { headers, status } = await request(`${stack.url}${path}`);
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
      expect(headers.get('strict-transport-security')).toContain('max-age=');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('content-type')).toBe(status < 400 ? 'application/json' : 'application/problem+json');
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  it('is alive and ready', async () => {
    expect((await request(`${stack.url}/healthz`)).status).toBe(200);
    expect((await request(`${stack.url}/readyz`)).status).toBe(200);
  });
});

it('leaves tables that balance, chain and agree (I1, I6, I9)', async () => {
  const { faults, charges, lanes } = await audit(stack);
  expect(faults).toEqual([]);
  expect(charges.size).toBeGreaterThan(30);
  const total = [...charges.values()].flat().reduce((sum, amount) => sum + amount, 0n);
  expect(lanes.reduce((sum, lane) => sum + lane.totals.receivable, 0n)).toBe(total);
});

async function acceptedBy(tenant: string): Promise<string[]> {
  const client = engineClient(stack);
  const items = await scan(client, stack.table('UsageIntake'));
  return items.filter((item) => item['tenant'] === tenant).map(({ sk }) => sk);
}

async function ledgerItems() {
  return scan(engineClient(stack), stack.table('Ledger'));
}

function daysFromNow(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString();
}

function unsigned(claims: object): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${encode({ alg: 'none' })}.${encode(claims)}.`;
}
