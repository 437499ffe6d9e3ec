import { describe, expect, it } from 'vitest';
import { SCOPES } from '../../lambdas/domain/scope.ts';
import { adminCommand, adminQuery } from '../../lambdas/http/admin-route.ts';
import { type Authenticate, unauthenticated } from '../../lambdas/http/authenticate.ts';
import { jsonObject } from '../../lambdas/http/json-body.ts';
import { malformed, Problem } from '../../lambdas/http/problem.ts';
import { createRouter } from '../../lambdas/http/router.ts';
import { FakeTrail } from '../support/audit-trail.ts';
import { alpha } from '../support/events.ts';
import { httpRequest } from '../support/http-requests.ts';
import { TelemetryLog } from '../support/telemetry-log.ts';

const authenticate: Authenticate = async (header) => {
  if (header === 'tenant') return { kind: 'tenant', tenant: alpha, scopes: SCOPES, subject: 'mallory' };
  if (header === 'admin') return { kind: 'admin', subject: 'ada' };
  throw unauthenticated();
};

function world() {
  const trail = new FakeTrail();
  const effects: string[] = [];
  const spec = {
    read: ({ request }: { request: Parameters<typeof jsonObject>[0] }) => {
      const { thing } = jsonObject(request);
      if (typeof thing !== 'string') throw malformed([{ field: 'thing', message: 'must be a text' }]);
      return thing;
    },
    about: (thing: string) => ({ target: { thing }, reason: 'because' }),
    answer: async (thing: string) => {
      effects.push(thing);
      if (thing === 'taken') throw new Problem('conflict', 'taken');
      if (thing === 'broken') throw new TypeError('inside');
      return { status: 200, body: { thing }, ...(thing === 'numbered' && { effect: { number: '7' } }) };
    },
  };
  const routes = [adminCommand(trail, 'POST', '/things', spec), adminQuery(trail, 'GET', '/things', spec)];
  const router = createRouter(routes, authenticate, new TelemetryLog());
  const send = async (method: string, body: object, headers: object = {}) => {
    const options = { headers: { authorization: 'admin', ...headers }, body: JSON.stringify(body) };
    return (await router(httpRequest(method, '/things', options))).status;
  };
  return { trail, effects, send };
}

const ada = { kind: 'admin', subject: 'ada', tenant: null };

describe('an administrator’s command', () => {
  it('is on record before its effect and after it', async () => {
    const { trail, effects, send } = world();
    expect(await send('POST', { thing: 'a' })).toBe(200);
    expect(effects).toEqual(['a']);
    const common = {
      actor: ada,
      action: 'POST /things',
      target: { thing: 'a' },
      reason: 'because',
      requestId: 'request-1',
    };
    expect(trail.entries).toEqual([
      { ...common, status: null },
      { ...common, status: 200 },
    ]);
  });

  it('says in the end what came of it, if only that tells', async () => {
    const { trail, send } = world();
    expect(await send('POST', { thing: 'numbered' })).toBe(200);
    expect(trail.entries.map(({ target }) => target)).toEqual([
      { thing: 'numbered' },
      { thing: 'numbered', number: '7' },
    ]);
  });

  it.each([
    ['taken', 409],
    ['broken', 503],
  ])('that ends in a refusal or a fault (%s) is on record with it', async (thing, status) => {
    const { trail, send } = world();
    expect(await send('POST', { thing })).toBe(status);
    expect(trail.entries.map((entry) => entry.status)).toEqual([null, status]);
  });

  it('does nothing when it can’t be put on record', async () => {
    const { trail, effects, send } = world();
    trail.appendsLeft = 0;
    expect(await send('POST', { thing: 'a' })).toBe(503);
    expect(effects).toEqual([]);
    expect(trail.telemetry.counted('auditFailures')).toBe(1);
  });

  it('that is done stays done, and answered, when only its end can’t be put on record', async () => {
    const { trail, effects, send } = world();
    trail.appendsLeft = 1;
    expect(await send('POST', { thing: 'a' })).toBe(200);
    expect(effects).toEqual(['a']);
    expect(trail.telemetry.counted('auditFailures')).toBe(1);
    expect(trail.telemetry.errors).toHaveLength(1);
  });

  it('that a tenant only tries wakes nobody when it can’t be put on record', async () => {
    const { trail, send } = world();
    trail.appendsLeft = 0;
    expect(await send('POST', { thing: 'a' }, { authorization: 'tenant' })).toBe(403);
    expect(trail.telemetry.counted('auditFailures')).toBe(0);
    expect(trail.telemetry.errors).toHaveLength(1);
  });

  it('that can’t be read is on record as the refusal it got, and began nothing', async () => {
    const { trail, effects, send } = world();
    expect(await send('POST', { thing: 1 })).toBe(400);
    expect(await send('POST', { thing: 'a' }, { 'content-encoding': 'gzip' })).toBe(415);
    expect(effects).toEqual([]);
    const common = { actor: ada, action: 'POST /things', target: {}, reason: null, requestId: 'request-1' };
    expect(trail.entries).toEqual([
      { ...common, status: 400 },
      { ...common, status: 415 },
    ]);
  });
});

describe('an administrator’s query', () => {
  it('is on record once, and shows nothing when it can’t be', async () => {
    const { trail, send } = world();
    expect(await send('GET', { thing: 'a' })).toBe(200);
    expect(await send('GET', { thing: 'taken' })).toBe(409);
    expect(trail.entries.map(({ status, target }) => [status, target])).toEqual([
      [200, { thing: 'a' }],
      [409, { thing: 'taken' }],
    ]);
    trail.appendsLeft = 0;
    expect(await send('GET', { thing: 'a' })).toBe(503);
  });
});

describe('another’s credential on an administrator’s route', () => {
  it('of a tenant is a 403, on record with the tenant', async () => {
    const { trail, effects, send } = world();
    for (const method of ['GET', 'POST'])
      expect(await send(method, { thing: 'a' }, { authorization: 'tenant' })).toBe(403);
    expect(effects).toEqual([]);
    const actor = { kind: 'tenant', subject: 'mallory', tenant: alpha };
    expect(trail.entries.map((entry) => [entry.actor, entry.action, entry.status])).toEqual([
      [actor, 'GET /things', 403],
      [actor, 'POST /things', 403],
    ]);
  });

  it('that is none is a 401 and leaves nothing on record, for anybody could fill the log with it', async () => {
    const { trail, send } = world();
    expect(await send('POST', { thing: 'a' }, { authorization: 'nonsense' })).toBe(401);
    expect(trail.entries).toEqual([]);
  });
});
