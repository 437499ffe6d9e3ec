import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { audit, engineClient, scan } from '../support/audit.ts';
import { type Answer, mint, request, TenantClient } from '../support/client.ts';
import { type RunningStack, startStack } from '../support/stack.ts';
import { waitFor } from '../support/wait-for.ts';
import { meterco, ownHeaders } from '../support/webhook-signer.ts';

const LIMIT = 40;
const WINDOW_MS = 10_000;
const ORIGIN = 'https://app.example.com';

let stack: RunningStack;

beforeAll(async () => {
  const environment = { REQUESTS_PER_WINDOW: String(LIMIT), CORS_ORIGINS: `https://other.example.com,${ORIGIN}` };
  stack = await startStack({ functionEnvironment: { Ingest: environment, Read: environment } });
});
afterAll(() => stack?.stop());

let tenants = 0;

const windowNow = () => Math.floor(Date.now() / WINDOW_MS);

/** Does it all in one window of time, with another tenant when the window ended meanwhile. */
async function inOneWindow(story: (client: TenantClient) => Promise<void>): Promise<void> {
  for (let attempt = 0; attempt < 10; attempt += 1) {
    await waitFor('a window with time left', () => Date.now() % WINDOW_MS < WINDOW_MS / 2);
    const window = windowNow();
    tenants += 1;
    const client = new TenantClient(() => stack.url, `limited_${tenants}`);
    const told = await story(client).then(
      () => undefined,
      (fault: unknown) => ({ fault }),
    );
    if (window !== windowNow()) continue;
    if (told !== undefined) throw told.fault;
    return;
  }
  throw new Error('No story fitted into a window.');
}

async function send(client: TenantClient, requests: number, from = 0): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let index = 0; index < requests; index += 1)
    answers.push(await client.post({ idempotency_key: `k${from + index}` }));
  return answers;
}

function delivery(id: string): Promise<Answer> {
  const body = JSON.stringify({ event_id: id, metric: 'api_call', quantity: 1 });
  const headers = ownHeaders(meterco, body, Math.floor(Date.now() / 1_000));
  return request(`${stack.url}/webhooks/usage`, { method: 'POST', body, headers });
}

const statuses = (answers: readonly Answer[]) => new Set(answers.map(({ status }) => status));

describe("a tenant's requests", () => {
  it('are taken up to the limit; the next is a 429 that says when to come again, and leaves nothing behind', async () => {
    await inOneWindow(async (client) => {
      expect(statuses(await send(client, LIMIT))).toEqual(new Set([202]));
      const refused = await send(client, 3, LIMIT);
      expect(statuses(refused)).toEqual(new Set([429]));
      const [first] = refused;
      expect(first?.json).toMatchObject({ status: 429, type: 'urn:zerosum:problem:throttled' });
      const retryAfter = Number(first?.headers.get('retry-after'));
      expect(retryAfter).toBeGreaterThanOrEqual(1);
      expect(retryAfter).toBeLessThanOrEqual(WINDOW_MS / 1_000);
      const { accepted } = await audit(stack);
      expect([...accepted].filter((event) => event.startsWith(`${client.tenant} `))).toHaveLength(LIMIT);
    });
  });

  it('count together in every function, hide no other tenant, and are free again in the next window', async () => {
    await inOneWindow(async (client) => {
      await send(client, LIMIT / 2);
      const reads: Answer[] = [];
      for (let index = 0; index < LIMIT / 2; index += 1) reads.push(await client.get('/balance'));
      expect(statuses(reads)).toEqual(new Set([200]));
      const over = [await client.get('/balance'), await client.get('/statement'), await client.receipt('api:k0')];
      expect(statuses(over)).toEqual(new Set([429]));
      expect(statuses([await client.post({}), await client.send('POST', '/events/batch', { body: 'x' })])).toEqual(
        new Set([429]),
      );
      const other = new TenantClient(() => stack.url, `${client.tenant}_other`);
      expect(statuses(await send(other, 5))).toEqual(new Set([202]));
      expect((await request(`${stack.url}/healthz`)).status).toBe(200);
    });
    const client = new TenantClient(() => stack.url, 'limited_again');
    await send(client, LIMIT + 1);
    await waitFor('the next window', async () => (await client.post({ idempotency_key: 'later' })).status === 202);
  });

  it('include the deliveries that its webhook keys sign, and nothing that nobody signed', async () => {
    const alpha = new TenantClient(() => stack.url, 'tenant_alpha');
    await waitFor('a spent window in which both were seen', async () => {
      const window = windowNow();
      await Promise.all(Array.from({ length: LIMIT }, () => alpha.get('/balance')));
      const [signed, unsigned] = await Promise.all([
        delivery(`d${window}`),
        request(`${stack.url}/webhooks/usage`, { method: 'POST', body: '{}' }),
      ]);
      expect(unsigned.status).toBe(401);
      return signed.status === 429 && window === windowNow();
    });
    await waitFor('a new window', async () => (await delivery('later')).status === 202);
  });

  it('are counted for known tenants alone: who shows no credential costs no write', async () => {
    const token = await mint({ tenant_id: 'never_counted' }, 'another secret');
    for (const headers of [{}, { authorization: `Bearer ${token}` }]) {
      for (const path of ['/balance', '/events/api:k'])
        expect((await request(`${stack.url}${path}`, { headers })).status).toBe(401);
    }
    const admin = { authorization: `Bearer ${await mint({ admin: true })}` };
    expect((await request(`${stack.url}/balance`, { headers: admin })).status).toBe(401);
    const client = engineClient(stack);
    const counted = (await scan(client, stack.table('RateLimits'))).map(({ pk }) => pk.split('#')[0] ?? '');
    client.destroy();
    expect(counted.length).toBeGreaterThan(0);
    for (const tenant of counted) expect(tenant).toMatch(/^(limited_|tenant_alpha$)/);
  });
});

describe('a browser', () => {
  it('on a listed origin gets preflights and readable answers, refusals included', async () => {
    const asked = {
      origin: ORIGIN,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    };
    const preflight = await request(`${stack.url}/events`, { method: 'OPTIONS', headers: asked });
    expect([preflight.status, preflight.text]).toEqual([204, '']);
    expect(preflight.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(preflight.headers.get('access-control-allow-methods')).toBe('POST');
    expect(preflight.headers.get('access-control-allow-headers')).toContain('authorization');
    expect(preflight.headers.get('vary')).toBe('Origin');
    for (const path of ['/healthz', '/balance', '/nope']) {
      const { headers } = await request(`${stack.url}${path}`, { headers: { origin: ORIGIN } });
      expect(headers.get('access-control-allow-origin')).toBe(ORIGIN);
      expect(headers.get('access-control-expose-headers')).toContain('x-request-id');
    }
  });

  it('on any other gets neither', async () => {
    const asked = { origin: 'https://evil.example.com', 'access-control-request-method': 'POST' };
    const refused = await request(`${stack.url}/events`, { method: 'OPTIONS', headers: asked });
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'POST']);
    for (const { headers } of [refused, await request(`${stack.url}/healthz`, { headers: asked })]) {
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
  });
});
