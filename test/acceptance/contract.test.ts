import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { audit, engineClient, scan } from '../support/audit.ts';
import { mint, request, TenantClient } from '../support/client.ts';
import { daysFromNow } from '../support/dates.ts';
import { type RunningStack, startStack } from '../support/stack.ts';

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

describe('credentials', () => {
  it.each([
    ['no token', async () => undefined],
    ['garbage', async () => 'Bearer garbage'],
    ['another scheme', async () => `Basic ${await mint({ tenant_id: 'tenant_alpha' })}`],
    ['another secret', async () => `Bearer ${await mint({ tenant_id: 'tenant_alpha' }, 'not_the_secret')}`],
    ['an administrator', async () => `Bearer ${await mint({ admin: true })}`],
    ['both claims', async () => `Bearer ${await mint({ admin: true, tenant_id: 'tenant_alpha' })}`],
    ['a malformed tenant', async () => `Bearer ${await mint({ tenant_id: 'Tenant#1' })}`],
    ['an unknown API key', async () => `Bearer zs_nobody_${'0'.repeat(64)}`],
    ['a malformed API key', async () => 'Bearer zs_a_b'],
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
    await owner.settled('api:k');
    expect((await other.receipt('api:k')).status).toBe(404);
    expect(await other.balanceMinor()).toBe('0');
    expect((await other.get('/statement')).json).toMatchObject({ lines: [], total_minor: '0' });
    expect((await other.post({ quantity: 9, idempotency_key: 'k' })).status).toBe(202);
    await other.settled('api:k');
    expect([await owner.balanceMinor(), await other.balanceMinor()]).toEqual(['5', '9']);
  });
});

describe('reads', () => {
  it('gives a receipt that names the page which proves it', async () => {
    const client = newTenant();
    const date = daysFromNow(-1);
    await client.post({ quantity: 3, metric: 'storage_gb_hour', idempotency_key: 'k', event_date: date });
    await client.settled('api:k');
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
    for (const key of keys) await client.settled(`api:${key}`);
    const whole = (await client.get('/statement')).json;
    expect(whole).toMatchObject({ status: 'open', currency: 'USD', total_minor: '325' });
    expect(whole.next_cursor).toBeUndefined();

    const first = (await client.get('/statement?limit=10')).json;
    await client.post({ quantity: 1_000, idempotency_key: 'late' });
    await client.settled('api:late');
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
  expect(charges.size).toBeGreaterThan(25);
  const total = [...charges.values()].flat().reduce((sum, amount) => sum + amount, 0n);
  expect(lanes.reduce((sum, lane) => sum + lane.totals.receivable, 0n)).toBe(total);
});

async function ledgerItems() {
  return scan(engineClient(stack), stack.table('Ledger'));
}

function unsigned(claims: object): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${encode({ alg: 'none' })}.${encode(claims)}.`;
}
