import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { audit, engineClient, scan } from '../support/audit.ts';
import { request, TenantClient } from '../support/client.ts';
import { daysFromNow } from '../support/dates.ts';
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

describe('POST /events', () => {
  it('answers 202 with the namespaced id, and the charge is on the balance', async () => {
    const client = newTenant();
    const answer = await client.post({ metric: 'storage_gb_hour', quantity: 20, idempotency_key: 'k' });
    expect(answer.status).toBe(202);
    expect(answer.json).toEqual({ accepted: true, event_id: 'api:k' });
    await client.settled('api:k');
    expect((await client.get('/balance')).json).toEqual({ balance_minor: '100', currency: 'USD' });
  });

  it('answers the same 202 to a replay and charges once (I2)', async () => {
    const client = newTenant();
    const first = await client.post({ quantity: 7, idempotency_key: 'k' });
    await client.settled('api:k');
    const replay = await client.post({ quantity: 7, idempotency_key: 'k' });
    expect([replay.status, replay.text]).toEqual([first.status, first.text]);
    // The replay was enqueued too: once a later event of the same lane is settled, so is the replay.
    await client.post({ quantity: 1, idempotency_key: 'k2' });
    await client.settled('api:k2');
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
    await client.settled('api:k');
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

it('leaves tables that balance, chain and agree (I1, I6, I9)', async () => {
  // A scan of several tables is no snapshot: it means something once nothing is on its way any more.
  await waitFor('everything to be posted', async () => {
    const { accepted, charges } = await audit(stack);
    return charges.size === accepted.size;
  });
  const { faults, charges, lanes } = await audit(stack);
  expect(faults).toEqual([]);
  expect(charges.size).toBeGreaterThan(10);
  const total = [...charges.values()].flat().reduce((sum, amount) => sum + amount, 0n);
  expect(lanes.reduce((sum, lane) => sum + lane.totals.receivable, 0n)).toBe(total);
});

async function acceptedBy(tenant: string): Promise<string[]> {
  const client = engineClient(stack);
  const items = await scan(client, stack.table('UsageIntake'));
  return items.filter((item) => item['tenant'] === tenant).map(({ sk }) => sk);
}
