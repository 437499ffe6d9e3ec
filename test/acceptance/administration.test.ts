import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditKey } from '../../lambdas/storage/operations-keys.ts';
import { AdminClient } from '../support/admin-client.ts';
import { audit, engineClient } from '../support/audit.ts';
import { type Answer, mint, request, TenantClient } from '../support/client.ts';
import { addTenants } from '../support/config.ts';
import { period } from '../support/events.ts';
import { type RunningStack, startStack } from '../support/stack.ts';

const TEST_TIMEOUT_MS = 120_000;

const month = period(new Date().toISOString().slice(0, 'YYYY-MM'.length));

let stack: RunningStack;
let admin: AdminClient;
let alpha: TenantClient;
let beta: TenantClient;

beforeAll(async () => {
  stack = await startStack();
  admin = new AdminClient(() => stack.url);
  alpha = new TenantClient(() => stack.url, 'books_alpha');
  beta = new TenantClient(() => stack.url, 'books_beta');
  await addTenants(stack, ['books_alpha', 'books_beta', 'books_idle']);
  await alpha.post({ quantity: 30, idempotency_key: 'k' });
  await beta.post({ quantity: 12, idempotency_key: 'k' });
  await beta.settled('api:k');
  await alpha.settled('api:k');
  const credit = { tenant: 'books_alpha', amount_minor: -5, idempotency_key: 'c', reason: 'goodwill' };
  expect((await admin.post('/adjustments', credit)).status).toBe(202);
  await alpha.settled('adj:c');
});
afterAll(() => stack?.stop());

describe('GET /trial-balance', () => {
  const totals = { receivable: '25', revenue: '-30', adjustments: '5' };

  it('has the totals of every account, which net to zero: of a tenant or all, of a month or all', async () => {
    const whole = await admin.get('/trial-balance');
    expect([whole.status, whole.json]).toEqual([
      200,
      {
        ...{ tenant: null, period: null, sum_minor: '0', entry_count: 3 },
        totals_minor: { receivable: '37', revenue: '-42', adjustments: '5' },
      },
    ]);
    const own = { tenant: 'books_alpha', totals_minor: totals, sum_minor: '0', entry_count: 2 };
    expect((await admin.get('/trial-balance?tenant=books_alpha')).json).toEqual({ ...own, period: null });
    const both = `/trial-balance?tenant=books_alpha&period=${month}`;
    expect((await admin.get(both)).json).toEqual({ ...own, period: month });
    expect((await admin.get(`/trial-balance?period=${month}`)).json).toEqual({ ...whole.json, period: month });
    const idle = { totals_minor: { receivable: '0', revenue: '0', adjustments: '0' }, sum_minor: '0', entry_count: 0 };
    expect((await admin.get('/trial-balance?period=2020-01')).json).toEqual({
      ...idle,
      tenant: null,
      period: '2020-01',
    });
    expect((await admin.get('/trial-balance?tenant=books_idle')).json).toEqual({
      ...idle,
      tenant: 'books_idle',
      period: null,
    });
  });

  it('agrees with the ledger, also with a month closed', async () => {
    const { lanes } = await audit(stack);
    expect(lanes.reduce((sum, lane) => sum + lane.totals.receivable, 0n)).toBe(37n);
    expect((await admin.post('/periods/close', { tenant: 'books_beta', period: month })).status).toBe(200);
    for (const query of ['', `?period=${month}`]) {
      expect((await admin.get(`/trial-balance${query}`)).json.totals_minor.receivable).toBe('37');
    }
    expect((await admin.get('/trial-balance?tenant=books_beta')).json.totals_minor.receivable).toBe('12');
  });

  it.each(['tenant=nobody_knows', 'tenant=No%23Tenant', 'period=2026-13', 'period='])('refuses %s', async (query) => {
    expect((await admin.get(`/trial-balance?${query}`)).status).toBe(400);
  });
});

describe('GET /audit', () => {
  it('has every call of an administrator, accepted or refused, and a tenant’s attempt', async () => {
    const authorization = `Bearer ${await mint({ admin: true, sub: 'ada@example.com' })}`;
    const call = async (method: string, path: string, body?: object): Promise<Answer> =>
      request(`${stack.url}${path}`, {
        method,
        headers: { authorization },
        ...(body && { body: JSON.stringify(body) }),
      });
    const calls = [
      await call('POST', '/periods/close', { tenant: 'books_idle', period: '2026-01' }),
      await call('POST', '/periods/close', { tenant: 'books_idle', period: '2026-01' }),
      await call('POST', '/periods/close', { tenant: 'nobody_knows', period: '2026-01' }),
      await call('POST', '/periods/close', { tenant: 7 }),
      await call('POST', '/adjustments', {
        ...{ tenant: 'books_idle', amount_minor: 3, idempotency_key: 'a', reason: 'a late fee' },
      }),
      await call('GET', '/trial-balance?tenant=books_idle'),
      await alpha.send('POST', '/periods/close', { body: '{}' }),
    ];
    const refused = await request(`${stack.url}/audit`, { headers: { authorization: 'Bearer nonsense' } });
    expect([...calls, refused].map(({ status }) => status)).toEqual([200, 409, 400, 400, 202, 200, 403, 401]);

    const { json } = await admin.get('/audit');
    expect(json).toMatchObject({ month, chain: { ok: true } });
    const ids = calls.map(({ headers }) => headers.get('x-request-id'));
    const written = ids.map((id) => json.entries.filter((entry: { request_id: string }) => entry.request_id === id));
    const outcomes = written.map((entries) => entries.map(({ status }: { status: number | null }) => status).reverse());
    expect(outcomes).toEqual([[null, 200], [null, 409], [null, 400], [400], [null, 202], [200], [403]]);
    expect(written[0][0]).toMatchObject({
      ...{ writer: 'admin', action: 'POST /periods/close', outcome: 'answered', status: 200, reason: null },
      ...{ target: { tenant: 'books_idle', period: '2026-01' } },
      actor: { kind: 'admin', subject: 'ada@example.com', tenant: null },
    });
    expect(written[0][1]).toMatchObject({ outcome: 'begun', status: null, target: { tenant: 'books_idle' } });
    expect(written[4][0]).toMatchObject({ reason: 'a late fee', target: { tenant: 'books_idle' } });
    expect(written[6][0]).toMatchObject({
      writer: 'admin_attempts',
      actor: { kind: 'tenant', tenant: 'books_alpha' },
      target: {},
    });
    expect(JSON.stringify(json)).not.toMatch(/Bearer|eyJ/);
    const nobodys = refused.headers.get('x-request-id');
    expect(json.entries.some((entry: { request_id: string }) => entry.request_id === nobodys)).toBe(false);
  });

  it('lists in pages, newest first, that do not move', async () => {
    const first = (await admin.get('/audit?limit=5')).json;
    const again = (await admin.get(`/audit?limit=5&cursor=${first.next_cursor}`)).json;
    await admin.get('/trial-balance');
    const later = (await admin.get(`/audit?limit=5&month=${month}&cursor=${first.next_cursor}`)).json;
    expect(later).toEqual(again);
    const own = [...first.entries, ...again.entries].filter(({ writer }: { writer: string }) => writer === 'admin');
    const numbers: number[] = own.map(({ number }: { number: number }) => number);
    expect(numbers.length).toBeGreaterThan(5);
    expect(numbers).toEqual(numbers.map((_, index) => own[0].number - index));
    expect((await admin.get('/audit?month=2020-01')).json).toEqual({
      month: '2020-01',
      entries: [],
      chain: { ok: true },
    });
    for (const query of ['limit=0', 'limit=201', 'month=x', 'cursor=x']) {
      expect((await admin.get(`/audit?${query}`)).status).toBe(400);
    }
  });

  it('keeps up with fifty calls at once', { timeout: TEST_TIMEOUT_MS }, async () => {
    const calls = Array.from({ length: 50 }, (_, index) =>
      admin.post('/adjustments', {
        ...{ tenant: 'books_idle', amount_minor: 1, idempotency_key: `many-${index}`, reason: 'test' },
      }),
    );
    const answers = await Promise.all(calls);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    const { json } = await admin.get('/audit?limit=200');
    const ids = new Set(answers.map(({ headers }) => headers.get('x-request-id')));
    const written = json.entries.filter((entry: { request_id: string }) => ids.has(entry.request_id));
    expect(written).toHaveLength(100);
    expect(json.chain).toEqual({ ok: true });
  });

  it('says where an entry was edited behind its back', async () => {
    await edit(2, 'reason', 'I was never here');
    const pages = [(await admin.get('/audit?limit=200')).json];
    while (pages.at(-1).next_cursor) {
      pages.push((await admin.get(`/audit?limit=200&cursor=${pages.at(-1).next_cursor}`)).json);
    }
    expect(pages.at(-1).chain).toEqual({ ok: false, broken_at: { writer: 'admin', number: 2 } });
  });

  it('lets nothing happen that it can’t put on record', async () => {
    const { entries } = (await admin.get('/audit?limit=1')).json;
    // The entry of the call above comes after the one it shows; the next can't continue what is no entry.
    await edit(entries[0].number + 1, 'hash', 'none');
    const answer = await admin.post('/periods/close', { tenant: 'books_idle', period: '2026-02' });
    expect(answer.json).toMatchObject({ status: 503, type: 'urn:zerosum:problem:unavailable' });
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    expect((await admin.get('/trial-balance')).status).toBe(503);
    const idle = new TenantClient(() => stack.url, 'books_idle');
    expect((await idle.get('/statement?period=2026-02')).json.status).toBe('open');
  });

  /** Changes an entry as no part of the system may. */
  async function edit(number: number, attribute: string, value: string): Promise<void> {
    const engine = engineClient(stack);
    const update = new UpdateCommand({
      ...{ TableName: stack.table('Operations'), Key: { ...auditKey({ writer: 'admin', month }, number) } },
      ...{ UpdateExpression: 'SET #name = :value', ExpressionAttributeNames: { '#name': attribute } },
      ExpressionAttributeValues: { ':value': value },
    });
    await engine.send(update);
    engine.destroy();
  }
});
