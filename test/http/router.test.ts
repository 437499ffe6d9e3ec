import { describe, expect, it } from 'vitest';
import { type Authenticate, unauthenticated } from '../../lambdas/http/authenticate.ts';
import { malformed, Problem } from '../../lambdas/http/problem.ts';
import { BODY_MAX_BYTES, createRouter, publicRoute, tenantRoute } from '../../lambdas/http/router.ts';
import { alpha } from '../support/events.ts';
import { httpRequest } from '../support/http-requests.ts';
import { TelemetryLog } from '../support/telemetry-log.ts';

const authenticate: Authenticate = async (header) => {
  if (header === 'tenant') return { kind: 'tenant', tenant: alpha };
  if (header === 'admin') return { kind: 'admin' };
  if (header === 'outage') throw new Error('secret store at 10.0.0.7 is down');
  throw unauthenticated();
};

function world() {
  const telemetry = new TelemetryLog();
  const calls: string[] = [];
  const routes = [
    tenantRoute('POST', '/events', async ({ request }, { tenant }) => {
      calls.push(tenant);
      const text = Buffer.from(request.body).toString();
      if (text === 'other') throw new Problem('forbidden', 'not yours');
      if (text === 'bad') throw malformed([{ field: 'quantity', message: 'is wrong' }]);
      if (text === 'crash') throw new TypeError('cannot read properties of undefined at /var/task/secret.js');
      return { status: 202, body: { accepted: true } };
    }),
    tenantRoute('GET', '/events/{event_id}', async ({ parameters }) => ({
      status: 200,
      body: { id: parameters.get('event_id') },
    })),
    publicRoute('GET', '/events', async () => ({ status: 200, body: {} })),
    publicRoute('GET', '/healthz', async () => ({ status: 200, body: { status: 'alive' } })),
  ];
  const router = createRouter(routes, authenticate, telemetry);
  const send = async (...call: Parameters<typeof httpRequest>) => {
    const response = await router(httpRequest(...call));
    return { ...response, json: JSON.parse(response.body) };
  };
  return { send, telemetry, calls };
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
