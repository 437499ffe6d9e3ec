import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { audit } from '../support/audit.ts';
import { type Answer, mint, request, TenantClient } from '../support/client.ts';
import { daysFromNow } from '../support/dates.ts';
import { type RunningStack, startStack } from '../support/stack.ts';
import { waitFor } from '../support/wait-for.ts';

const JSON_TYPE = 'application/json';
const BATCH_BODY_MAX_BYTES = 4 * 1_024 * 1_024;

let stack: RunningStack;

beforeAll(async () => {
  stack = await startStack({ functionEnvironment: { Reconcile: { SWEEP_MIN_AGE_MS: '1000' } } });
});
afterAll(() => stack?.stop());

let tenants = 0;

function newTenant(): TenantClient {
  tenants += 1;
  return new TenantClient(() => stack.url, `batch_${tenants}`);
}

type Event = Record<string, unknown>;

function send(client: TenantClient, events: readonly Event[], changes: Event = {}): Promise<Answer> {
  const whole = events.map((event) => ({
    tenant: client.tenant,
    metric: 'api_call',
    quantity: 1,
    ...event,
    ...changes,
  }));
  return sendBody(client, JSON.stringify(whole));
}

function sendBody(client: TenantClient, body: string | Uint8Array<ArrayBuffer>, type = JSON_TYPE): Promise<Answer> {
  return client.send('POST', '/events/batch', { body, headers: { 'content-type': type } });
}

const keyed = (count: number): Event[] =>
  Array.from({ length: count }, (_, index) => ({ idempotency_key: `k${index}` }));

const statuses = ({ json }: Answer): number[] => json.results.map(({ status }: { status: number }) => status);

describe('POST /events/batch', () => {
  it('takes a thousand events at once, and charges each once, also when the batch comes again', async () => {
    const client = newTenant();
    const first = await send(client, keyed(1_000));
    expect([first.status, first.json.accepted, first.json.rejected]).toEqual([202, 1_000, 0]);
    expect(first.json.results[999]).toEqual({ index: 999, status: 202, event_id: 'api:k999' });
    const again = await send(client, [...keyed(1_000)].reverse());
    expect([again.status, again.json.accepted]).toEqual([202, 1_000]);
    await waitFor('every event to be charged', async () => (await client.balanceMinor()) === '1000');
    const charges = [...(await audit(stack)).charges].filter(([event]) => event.startsWith(`${client.tenant} `));
    expect(charges).toHaveLength(1_000);
    expect(charges.every(([, amounts]) => amounts.length === 1)).toBe(true);
  });

  it('answers each event for itself, in order, and lets no bad one sink another', async () => {
    const client = newTenant();
    await client.post({ quantity: 2, idempotency_key: 'known' });
    const answer = await send(client, [
      { idempotency_key: 'a', quantity: 10 },
      { idempotency_key: 'b', quantity: 0 },
      { idempotency_key: 'c', tenant: 'tenant_beta' },
      { idempotency_key: 'd', metric: 'coffee' },
      { idempotency_key: 'known', quantity: 2 },
      { idempotency_key: 'known', quantity: 3 },
      { idempotency_key: 'a', quantity: 10 },
      { idempotency_key: 'a', quantity: 11 },
      { idempotency_key: 'e', event_date: daysFromNow(-400) },
      { idempotency_key: 'f', tenant: undefined },
      { idempotency_key: 'g', quantity: 100 },
    ]);
    expect(answer.status).toBe(207);
    expect(statuses(answer)).toEqual([202, 400, 403, 400, 202, 409, 202, 409, 400, 400, 202]);
    expect([answer.json.accepted, answer.json.rejected]).toEqual([4, 7]);
    expect(answer.json.results[1]).toMatchObject({
      index: 1,
      problem: { status: 400, type: 'urn:zerosum:problem:malformed', errors: [{ field: 'quantity' }] },
    });
    expect(answer.json.results[5]).toMatchObject({ event_id: 'api:known', problem: { status: 409 } });
    expect(answer.json.results[5].problem.request_id).toBe(answer.headers.get('x-request-id'));
    for (const key of ['known', 'a', 'g']) await client.settled(`api:${key}`);
    expect(await client.balanceMinor()).toBe('112');
    for (const key of ['b', 'c', 'd', 'e', 'f']) expect((await client.receipt(`api:${key}`)).status).toBe(404);
  });

  it('shares its ids with POST /events', async () => {
    const client = newTenant();
    await send(client, [{ idempotency_key: 'k', quantity: 4 }]);
    expect((await client.post({ idempotency_key: 'k', quantity: 4 })).status).toBe(202);
    expect((await client.post({ idempotency_key: 'k', quantity: 5 })).status).toBe(409);
    await client.settled('api:k');
    expect(await client.balanceMinor()).toBe('4');
  });

  it('takes NDJSON, a bad line for itself', async () => {
    const client = newTenant();
    const lines = keyed(3).map((event) =>
      JSON.stringify({ tenant: client.tenant, metric: 'api_call', quantity: 5, ...event }),
    );
    const answer = await sendBody(
      client,
      `${lines[0]}\n{"cut":\n${lines[1]}\r\n${lines[2]}\n\n`,
      'application/x-ndjson',
    );
    expect([answer.status, statuses(answer)]).toEqual([207, [202, 400, 202, 202]]);
    for (const key of ['k0', 'k1', 'k2']) await client.settled(`api:${key}`);
    expect(await client.balanceMinor()).toBe('15');
  });

  it("takes CloudEvents for the token's tenant", async () => {
    const client = newTenant();
    const yesterday = daysFromNow(-1);
    const common = { specversion: '1.0', source: '/meters/7', type: 'storage_gb_hour' };
    const events = [
      { ...common, id: 'ce-1', time: yesterday, data: { quantity: 2 } },
      { ...common, id: 'ce-2', subject: client.tenant, data: { quantity: 3 } },
      { ...common, id: 'ce-3', subject: 'tenant_beta', data: { quantity: 4 } },
      { ...common, id: 'ce-4', specversion: '0.3', data: { quantity: 5 } },
    ];
    const answer = await sendBody(client, JSON.stringify(events), 'application/cloudevents-batch+json; charset=UTF-8');
    expect([answer.status, statuses(answer)]).toEqual([207, [202, 202, 403, 400]]);
    await client.settled('api:ce-1');
    await client.settled('api:ce-2');
    expect(await client.balanceMinor()).toBe('25');
    const { lines } = (await client.get('/statement')).json;
    expect(lines.map(({ event_date: date }: Event) => date)).toContain(yesterday);
  });

  it.each([
    ['an empty array', JSON_TYPE, '[]', 400],
    ['1,001 events', JSON_TYPE, JSON.stringify(keyed(1_001)), 400],
    ['an object', JSON_TYPE, '{}', 400],
    ['no JSON', JSON_TYPE, '[{]', 400],
    ['no lines', 'application/x-ndjson', '\n', 400],
    ['no JSON lines', 'application/x-ndjson', 'a\nb', 400],
    ['another type', 'text/csv', '[]', 415],
    ['the type a form has', 'application/x-www-form-urlencoded', '[]', 415],
  ])('refuses %s as a whole', async (_, type, body, status) => {
    const answer = await sendBody(newTenant(), body, type);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
  });

  it('wants a type, a tenant’s token, and no compression', async () => {
    const client = newTenant();
    const bytes = new TextEncoder().encode('[]');
    expect((await client.send('POST', '/events/batch', { body: bytes })).status).toBe(415);
    const gzip = { 'content-type': JSON_TYPE, 'content-encoding': 'gzip' };
    expect((await client.send('POST', '/events/batch', { body: bytes, headers: gzip })).status).toBe(415);
    for (const headers of [{}, { authorization: `Bearer ${await mint({ admin: true })}` }]) {
      expect((await request(`${stack.url}/events/batch`, { method: 'POST', body: bytes, headers })).status).toBe(401);
    }
    expect((await client.get('/events/batch')).status).toBe(405);
  });

  it('takes a body of 4 MiB, which base64 makes larger, and not a byte more', async () => {
    const client = newTenant();
    const atLimit = bodyOf(client, BATCH_BODY_MAX_BYTES);
    expect(Buffer.byteLength(atLimit)).toBe(BATCH_BODY_MAX_BYTES);
    const tooLarge = [
      await sendBody(client, bodyOf(client, BATCH_BODY_MAX_BYTES + 1)),
      await sendBody(client, bodyOf(client, 5 * 1_024 * 1_024)),
      await sendBody(client, bodyOf(client, 11 * 1_024 * 1_024)),
    ];
    expect(tooLarge.map(({ status, json }) => [status, json.status])).toEqual([1, 2, 3].map(() => [413, 413]));
    const answer = await sendBody(client, atLimit);
    expect([answer.status, answer.json.accepted]).toEqual([202, 1_000]);
    await waitFor('every event to be charged', async () => (await client.balanceMinor()) === '1000');
  });
});

describe('a batch under fire', () => {
  it.each(['ingest:before-intake', 'ingest:after-intake', 'ingest:after-send'] as const)(
    'whose process dies at %s is charged once when it is sent again',
    async (point) => {
      const client = newTenant();
      await stack.crash('Ingest', point);
      const first = await send(client, keyed(250));
      expect(first.status).toBe(503);
      expect(await stack.armed()).toEqual([]);
      const again = await send(client, keyed(250));
      expect([again.status, again.json.accepted]).toEqual([202, 250]);
      await waitFor('every event to be charged', async () => (await client.balanceMinor()) === '250');
    },
  );

  it('is accepted while the queue hangs, and the sweep sends it when the queue is back (I3)', async () => {
    const client = newTenant();
    const queue = stack.info().engines.sqs?.processId;
    if (queue === undefined) throw new Error('There is no queue engine.');
    process.kill(queue, 'SIGSTOP');
    try {
      const answer = await send(client, keyed(200));
      expect([answer.status, answer.json.accepted]).toEqual([202, 200]);
    } finally {
      process.kill(queue, 'SIGCONT');
    }
    await waitFor('every event to be charged', async () => {
      await stack.invoke('Reconcile', {});
      return (await client.balanceMinor()) === '200';
    });
  });

  it('raced by others with the same ids is charged once, and each conflict has one winner', async () => {
    const client = newTenant();
    const rivals = await Promise.all(
      Array.from({ length: 6 }, (_, rival) => send(client, keyed(120), { quantity: 1 + (rival % 2) })),
    );
    const winners = keyed(120).map((_, index) => {
      const accepted = rivals.flatMap((answer, rival) => (statuses(answer)[index] === 202 ? [1 + (rival % 2)] : []));
      expect(new Set(accepted).size, `k${index}`).toBe(1);
      return accepted[0] ?? 0;
    });
    expect(rivals.flatMap(statuses).filter((status) => status !== 202 && status !== 409)).toEqual([]);
    const expected = String(winners.reduce((sum, amount) => sum + amount, 0));
    await waitFor('every event to be charged', async () => (await client.balanceMinor()) === expected);
  });
});

it('leaves tables that balance, chain and agree', async () => {
  const { faults, accepted, charges } = await audit(stack);
  expect(faults).toEqual([]);
  expect(charges.size).toBe(accepted.size);
});

/** A thousand events of a tenant in a body of just this size. */
function bodyOf(client: TenantClient, bytes: number): string {
  const events = keyed(1_000).map((event) => ({
    tenant: client.tenant,
    metric: 'api_call',
    quantity: 1,
    ...event,
    note: '',
  }));
  const missing = bytes - Buffer.byteLength(JSON.stringify(events));
  const each = Math.floor(missing / events.length);
  const padded = events.map((event, index) => ({
    ...event,
    note: 'x'.repeat(index === 0 ? missing - 999 * each : each),
  }));
  return JSON.stringify(padded);
}
