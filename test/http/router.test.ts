import { describe, expect, it } from 'vitest';
import { SCOPES } from '../../lambdas/domain/scope.ts';
import { adminCommand } from '../../lambdas/http/admin-route.ts';
import { type Authenticate, unauthenticated } from '../../lambdas/http/authenticate.ts';
import { BODY_MAX_BYTES } from '../../lambdas/http/limits.ts';
import { malformed, Problem } from '../../lambdas/http/problem.ts';
import { createRouter, publicRoute, tenantRoute } from '../../lambdas/http/router.ts';
import { FakeTrail } from '../support/audit-trail.ts';
import { alpha } from '../support/events.ts';
import { httpRequest } from '../support/http-requests.ts';
import { TelemetryLog } from '../support/telemetry-log.ts';

const authenticate: Authenticate = async (header) => {
  if (header === 'tenant') return { kind: 'tenant', tenant: alpha, scopes: SCOPES };
  if (header === 'reader') return { kind: 'tenant', tenant: alpha, scopes: ['ledger:read'] };
  if (header === 'admin') return { kind: 'admin' };
  if (header === 'outage') throw new Error('secret store at 10.0.0.7 is down');
  throw unauthenticated();
};

const LARGE_BODY_BYTES = 2 * BODY_MAX_BYTES;
const ORIGIN = 'https://app.example.com';

function world({ corsOrigins = [], throttled = [] }: { corsOrigins?: string[]; throttled?: string[] } = {}) {
  const telemetry = new TelemetryLog();
  const calls: string[] = [];
  const counted: string[] = [];
  const countRequest = async (tenant: string) => {
    counted.push(tenant);
    if (throttled.includes(tenant)) throw new Problem('throttled', 'slow down', { retryAfterSeconds: 7 });
  };
  const routes = [
    tenantRoute('POST', '/events', 'usage:write', async ({ request }, { tenant }) => {
      calls.push(tenant);
      const text = Buffer.from(request.body).toString();
      if (text === 'other') throw new Problem('forbidden', 'not yours');
      if (text === 'bad') throw malformed([{ field: 'quantity', message: 'is wrong' }]);
      if (text === 'crash') throw new TypeError('cannot read properties of undefined at /var/task/secret.js');
      return { status: 202, body: { accepted: true } };
    }),
    tenantRoute('GET', '/events/{event_id}', 'ledger:read', async ({ parameters }) => ({
      status: 200,
      body: { id: parameters.get('event_id') },
    })),
    publicRoute('GET', '/events', async () => ({ status: 200, body: {} })),
    publicRoute('GET', '/healthz', async () => ({ status: 200, body: { status: 'alive' } })),
    publicRoute('GET', '/docs', async () => ({
      ...{ status: 200, contentType: 'text/html', text: '<p>docs' },
      headers: { 'content-security-policy': "default-src 'self'" },
    })),
    adminCommand(new FakeTrail(), 'POST', '/admin', {
      read: () => ({}),
      about: () => ({ target: {} }),
      answer: async () => ({ status: 200, body: {} }),
    }),
    tenantRoute('POST', '/large', 'usage:write', async () => ({ status: 202, body: {} }), {
      bodyMaxBytes: LARGE_BODY_BYTES,
    }),
  ];
  const router = createRouter(routes, authenticate, telemetry, { corsOrigins, countRequest });
  const send = async (...call: Parameters<typeof httpRequest>) => {
    const response = await router(httpRequest(...call));
    return {
      ...response,
      json: /json/.test(response.headers['content-type'] ?? '') && JSON.parse(String(response.body)),
    };
  };
  return { send, telemetry, calls, counted };
}

const tenant = { authorization: 'tenant' };
const tooLarge = new Uint8Array(BODY_MAX_BYTES + 1);

describe('a router', () => {
  it('checks size, then credential, then permission, then content', async () => {
    const { send, calls } = world();
    expect(await send('POST', '/events', { body: tooLarge })).toMatchObject({ status: 413 });
    expect(calls).toEqual([]);
    expect(await send('POST', '/events', { body: 'bad' })).toMatchObject({ status: 401 });
    expect(await send('POST', '/events', { body: 'bad', headers: { authorization: 'admin' } })).toMatchObject({
      status: 401,
    });
    expect(calls).toEqual([]);
    expect(await send('POST', '/events', { body: 'other', headers: tenant })).toMatchObject({ status: 403 });
    expect(await send('POST', '/events', { body: 'bad', headers: tenant })).toMatchObject({ status: 400 });
    expect(await send('POST', '/events', { body: new Uint8Array(BODY_MAX_BYTES), headers: tenant })).toMatchObject({
      status: 202,
    });
  });

  it('asks for the scope of a route before it counts the caller or looks at the body', async () => {
    const { send, calls, counted } = world();
    const headers = { authorization: 'reader' };
    expect(await send('POST', '/events', { body: 'bad', headers })).toMatchObject({
      status: 403,
      json: { type: 'urn:zerosum:problem:forbidden', detail: 'This key lacks the scope usage:write.' },
    });
    expect([calls, counted]).toEqual([[], []]);
    expect((await send('GET', '/events/k', { headers })).status).toBe(200);
  });

  it('lets each route have a body limit of its own, and still asks for a credential before it looks at the body', async () => {
    const { send } = world();
    const statusOf = async (bytes: number, headers = tenant as Record<string, string>) =>
      (await send('POST', '/large', { body: new Uint8Array(bytes), headers })).status;
    expect(await statusOf(LARGE_BODY_BYTES)).toBe(202);
    expect(await statusOf(LARGE_BODY_BYTES + 1)).toBe(413);
    expect(await statusOf(LARGE_BODY_BYTES + 1, {})).toBe(413);
    expect(await statusOf(LARGE_BODY_BYTES, {})).toBe(401);
  });

  it.each(['gzip', 'br', 'deflate', 'GZIP', 'identity, gzip'])(
    'answers 415 to Content-Encoding %s, once the caller is known, and calls no route',
    async (encoding) => {
      const { send, calls } = world();
      const headers = { 'content-encoding': encoding };
      expect((await send('POST', '/events', { headers })).status).toBe(401);
      expect((await send('POST', '/admin', { headers: { ...headers, ...tenant } })).status).toBe(403);
      for (const path of ['/events', '/large']) {
        expect((await send('POST', path, { headers: { ...headers, ...tenant } })).status).toBe(415);
      }
      expect((await send('POST', '/admin', { headers: { ...headers, authorization: 'admin' } })).status).toBe(415);
      expect(calls).toEqual([]);
    },
  );

  it.each(['', 'identity', ' Identity '])('takes the Content-Encoding %j for none', async (encoding) => {
    const { send } = world();
    const headers = { ...tenant, 'content-encoding': encoding };
    expect((await send('POST', '/events', { headers })).status).toBe(202);
  });

  it('counts a tenant once it is known and before its body is looked at, and nobody else', async () => {
    const { send, counted } = world();
    await send('POST', '/events', { body: tooLarge, headers: tenant });
    await send('POST', '/events', { body: 'bad' });
    await send('POST', '/events', { headers: { authorization: 'admin' } });
    await send('POST', '/admin', { headers: { authorization: 'admin' } });
    await send('GET', '/healthz');
    expect(counted).toEqual([]);
    await send('POST', '/events', { body: 'bad', headers: { ...tenant, 'content-encoding': 'gzip' } });
    await send('GET', '/events/k', { headers: tenant });
    expect(counted).toEqual([alpha, alpha]);
  });

  it('answers 429 with the time to wait to a tenant that sent too much, and calls no route', async () => {
    const { send, calls } = world({ throttled: [alpha] });
    const answer = await send('POST', '/events', { body: 'bad', headers: tenant });
    expect([answer.status, answer.headers['retry-after'], answer.json.type]).toEqual([
      429,
      '7',
      'urn:zerosum:problem:throttled',
    ]);
    expect(calls).toEqual([]);
  });

  it('can answer with another type than JSON, under the same headers', async () => {
    const { send } = world();
    const { status, headers, body } = await send('GET', '/docs');
    expect([status, body]).toEqual([200, '<p>docs']);
    expect(headers).toMatchObject({
      'content-type': 'text/html',
      'content-security-policy': "default-src 'self'",
      'x-request-id': 'request-1',
      'x-content-type-options': 'nosniff',
    });
  });

  it('knows no other path, and names the methods of those it knows', async () => {
    const { send } = world();
    for (const path of ['/', '/event', '/events/a/b', '/Events', '/healthz/x']) {
      expect(await send('GET', path, { headers: tenant }), path).toMatchObject({ status: 404 });
    }
    const wrong = await send('DELETE', '/events');
    expect(wrong.status).toBe(405);
    expect(wrong.headers['allow']?.split(', ').sort()).toEqual(['GET', 'POST']);
  });

  it('decodes a path segment once, and takes one it cannot decode for unknown', async () => {
    const { send } = world();
    expect((await send('GET', '/events/api%3Aa%2Fb%2525', { headers: tenant })).json).toEqual({ id: 'api:a/b%25' });
    for (const path of ['/events/%', '/events/%ff', '/events/%C3%28']) {
      expect(await send('GET', path, { headers: tenant })).toMatchObject({ status: 404 });
    }
  });

  it('asks for the credential before it looks at a path it cannot decode', async () => {
    const { send, counted } = world();
    expect(await send('GET', '/events/%')).toMatchObject({ status: 401 });
    expect(await send('GET', '/events/%', { headers: tenant })).toMatchObject({ status: 404 });
    expect(counted).toEqual([alpha]);
  });

  it('answers every refusal as a problem document with the same headers as any answer', async () => {
    const { send } = world();
    const { status, headers, json } = await send('POST', '/events', { body: 'bad', headers: tenant });
    expect({ status, json }).toEqual({
      status: 400,
      json: {
        type: 'urn:zerosum:problem:malformed',
        title: 'The request is not valid',
        status: 400,
        detail: 'quantity: is wrong',
        request_id: 'request-1',
        errors: [{ field: 'quantity', message: 'is wrong' }],
      },
    });
    const fine = await send('GET', '/healthz');
    for (const answer of [headers, fine.headers]) {
      expect(answer).toMatchObject({
        'x-request-id': 'request-1',
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      });
      expect(answer['strict-transport-security']).toMatch(/max-age=\d{8}/);
    }
    expect(headers['content-type']).toBe('application/problem+json');
    expect(fine.headers['content-type']).toBe('application/json');
    expect((await send('POST', '/events')).headers['www-authenticate']).toBe('Bearer');
  });

  it.each([
    ['its own fault', { body: 'crash', headers: tenant }],
    ['a store that is down', { headers: { authorization: 'outage' } }],
  ])('turns %s into a 503 that tells nothing of the inside, and logs it', async (_, options) => {
    const { send, telemetry } = world();
    const { status, headers, body } = await send('POST', '/events', options);
    expect(status).toBe(503);
    expect(headers['retry-after']).toMatch(/^\d+$/);
    expect(body).not.toMatch(/TypeError|var\/task|10\.0\.0\.7|undefined/);
    expect(telemetry.counted('internalErrors')).toBe(1);
    expect(telemetry.errors).toHaveLength(1);
  });
});

describe('a browser', () => {
  const preflight = (origin: string) => ({ origin, 'access-control-request-method': 'POST' });

  it('may call from nowhere unless origins are listed: a preflight is a wrong method', async () => {
    const { send } = world();
    const { status, headers } = await send('OPTIONS', '/events', { headers: preflight(ORIGIN) });
    expect([status, headers['allow'], headers['vary']]).toEqual([405, 'POST, GET', undefined]);
    expect(headers).not.toHaveProperty('access-control-allow-origin');
    const actual = await send('GET', '/healthz', { headers: { origin: ORIGIN } });
    expect(actual.headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('on a listed origin gets its preflight answered, without a credential', async () => {
    const { send, counted } = world({ corsOrigins: ['https://other.example.com', ORIGIN] });
    const { status, headers, body } = await send('OPTIONS', '/events', { headers: preflight(ORIGIN) });
    expect([status, body]).toEqual([204, '']);
    expect(headers).toMatchObject({
      'access-control-allow-origin': ORIGIN,
      'access-control-allow-methods': 'POST, GET',
      'access-control-max-age': '7200',
      vary: 'Origin',
    });
    const allowed = headers['access-control-allow-headers']?.split(', ');
    expect(allowed).toEqual(expect.arrayContaining(['authorization', 'content-type', 'x-key-id', 'webhook-signature']));
    expect(allowed).toEqual(expect.arrayContaining(['if-match', 'if-none-match']));
    expect(headers).not.toHaveProperty('access-control-allow-credentials');
    expect(counted).toEqual([]);
  });

  it('on a listed origin may read answers and refusals, and the request id', async () => {
    const { send } = world({ corsOrigins: [ORIGIN] });
    const origin = { origin: ORIGIN };
    for (const [status, answer] of [
      [200, await send('GET', '/healthz', { headers: origin })],
      [401, await send('POST', '/events', { headers: origin })],
      [503, await send('POST', '/events', { headers: { ...origin, authorization: 'outage' } })],
      [404, await send('GET', '/nope', { headers: origin })],
      [405, await send('OPTIONS', '/events', { headers: origin })],
    ] as const) {
      expect(answer.status).toBe(status);
      expect(answer.headers).toMatchObject({ 'access-control-allow-origin': ORIGIN, vary: 'Origin' });
      expect(answer.headers['access-control-expose-headers']).toContain('x-request-id');
    }
  });

  it.each(['https://app.example.com.evil.example', 'http://app.example.com', 'https://app.example.com:444', 'null'])(
    'on %s may not, where another is listed',
    async (origin) => {
      const { send } = world({ corsOrigins: [ORIGIN] });
      const refused = await send('OPTIONS', '/events', { headers: preflight(origin) });
      const actual = await send('GET', '/healthz', { headers: { origin } });
      expect([refused.status, actual.status]).toEqual([405, 200]);
      for (const { headers } of [refused, actual]) {
        expect(headers['vary']).toBe('Origin');
        expect(headers).not.toHaveProperty('access-control-allow-origin');
      }
    },
  );

  it('is told nothing of paths there are not', async () => {
    const { send } = world({ corsOrigins: [ORIGIN] });
    expect((await send('OPTIONS', '/nope', { headers: preflight(ORIGIN) })).status).toBe(404);
  });
});
