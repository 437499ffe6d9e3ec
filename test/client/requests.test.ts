import { inspect } from 'node:util';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Retry } from '../../client/caller.ts';
import { type ClientOptions, ZerosumClient } from '../../client/client.ts';
import {
  ZerosumError,
  ZerosumInvalidError,
  ZerosumProblem,
  ZerosumUnexpectedAnswer,
  ZerosumUnreachable,
} from '../../client/errors.ts';
import { retryAfterMsOf, waitMs } from '../../client/retry-policy.ts';
import { systemClock } from '../../client/runtime.ts';
import { answering, cut, half, refusing, ScriptedServer, type Step, silent } from '../support/scripted-server.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const TOKEN = 'zs_secret_token';
const NOW = Date.parse('2026-11-24T12:00:00Z');

const event = { tenant: 'tenant_alpha', metric: 'api_call', quantity: 1 };
const accepted = answering(202, { accepted: true, event_id: 'api:1' });
const throttled = (retryAfter: string) => refusing(429, 'throttled', { 'retry-after': retryAfter });

let server: ScriptedServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

/** A client of a scripted server, in a time that passes only while it waits. */
async function clientOf(steps: readonly Step[], options: Partial<ClientOptions> = {}) {
  const scripted = await ScriptedServer.start(...steps);
  server = scripted;
  const clock = new VirtualClock(NOW);
  const retries: Retry[] = [];
  const onRetry = (retry: Retry) => retries.push(retry);
  const client = new ZerosumClient({ url: scripted.url, token: TOKEN, clock, onRetry, ...options });
  return { client, clock, retries, received: scripted.received };
}

async function thrown(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.fail('nothing was thrown'),
    (error) => error,
  );
}

describe('a call that fails for now', () => {
  it('is sent again, byte for byte with the same key, until it is answered', async () => {
    const steps = [cut, half, refusing(503, 'unavailable'), throttled('2'), answering(502, '<html>'), accepted];
    const { client, retries, received } = await clientOf(steps);
    expect(await client.sendEvent(event)).toEqual({ accepted: true, event_id: 'api:1' });
    expect(received).toHaveLength(steps.length);
    expect(new Set(received.map(({ body }) => body)).size).toBe(1);
    expect(JSON.parse(received[0]?.body ?? '').idempotency_key).toMatch(/^[0-9a-f-]{36}$/);
    expect(retries.map(({ because }) => because.name)).toEqual([
      ...['ZerosumUnreachable', 'ZerosumUnreachable', 'ZerosumProblem', 'ZerosumProblem', 'ZerosumUnexpectedAnswer'],
    ]);
    expect(retries[3]?.waitMs).toBeGreaterThanOrEqual(2_000);
  });

  it('gives each event of a batch, and each adjustment, a key of its own that stays', async () => {
    const { client, received } = await clientOf([cut, answering(202, { accepted: 2, rejected: 0, results: [] })]);
    await client.sendBatch([event, { ...event, idempotency_key: 'mine' }]);
    const [first, second] = received.map(({ body }) => JSON.parse(body));
    expect(second).toEqual(first);
    expect(first[1].idempotency_key).toBe('mine');
    await client.adjust({ tenant: 'tenant_alpha', amount_minor: -25n, reason: 'Sorry' });
    expect(JSON.parse(received[2]?.body ?? '')).toMatchObject({
      amount_minor: -25,
      idempotency_key: expect.any(String),
    });
  });

  it('is given up when its time is over, with what the last try met', async () => {
    const { client, clock, received } = await clientOf([refusing(503, 'unavailable')], {
      retries: { budgetMs: 30_000 },
    });
    const error = await thrown(client.balance());
    expect(error).toBeInstanceOf(ZerosumProblem);
    expect(error).toMatchObject({ status: 503, kind: 'unavailable', tries: received.length });
    expect(received.length).toBeGreaterThan(4);
    expect(clock.nowMs()).toBeLessThanOrEqual(NOW + 30_000);
  });

  it('does not wait for longer than it has', async () => {
    const { client, received } = await clientOf([throttled('3600')]);
    const error = await thrown(client.balance());
    expect(error).toMatchObject({ status: 429, retryAfterMs: 3_600_000, tries: 1 });
    expect(received).toHaveLength(1);
  });

  it('is tried once when told so, and by the questions for health', async () => {
    const { client, received } = await clientOf([refusing(503, 'unavailable')]);
    await thrown(client.balance({ triesMax: 1 }));
    await thrown(client.ready());
    await thrown(client.health());
    expect(received).toHaveLength(3);
  });

  it('waits from nothing to an exponential ceiling, after what the service asks for', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.option(fc.nat(60_000)),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (tries, after, random) => {
          const wait = waitMs(tries, after ?? undefined, { random: () => random }) - (after ?? 0);
          expect(wait).toBeGreaterThanOrEqual(0);
          expect(wait).toBeLessThanOrEqual(Math.min(10_000, 100 * 2 ** (tries - 1)));
        },
      ),
    );
    expect(waitMs(1, 10_000_000_000, { random: () => 0 })).toBe(3_600_000);
    expect(retryAfterMsOf('7', NOW)).toBe(7_000);
    expect(retryAfterMsOf('Tue, 24 Nov 2026 12:00:30 GMT', NOW)).toBe(30_000);
    expect(retryAfterMsOf('Tue, 24 Nov 2026 11:00:00 GMT', NOW)).toBe(0);
    expect(retryAfterMsOf('soon', NOW)).toBeUndefined();
    expect(retryAfterMsOf(null, NOW)).toBeUndefined();
  });
});

describe('a refusal', () => {
  it.each([400, 401, 403, 404, 405, 409, 412, 413, 415, 428])('of status %i is final', async (status) => {
    const { client, received } = await clientOf([refusing(status, 'refused')]);
    const error = await thrown(client.sendEvent(event));
    expect(error).toBeInstanceOf(ZerosumProblem);
    expect(error).toMatchObject({ status, detail: 'It is refused.', request_id: 'r-1', errors: [], tries: 1 });
    expect(String(error)).toBe(`ZerosumProblem: It is refused. (${status}, request r-1)`);
    expect(received).toHaveLength(1);
  });

  it('that may be the doing of a try whose answer was lost says so', async () => {
    const { client } = await clientOf([cut, refusing(409, 'period_closed')]);
    const error = await thrown(client.closePeriod({ tenant: 'tenant_alpha', period: '2026-10' }));
    expect(error).toMatchObject({ kind: 'period_closed', afterLostAnswer: true, tries: 2 });
    expect(String(error)).toContain('An earlier try of this call got no answer and may have done it');
  });

  it('after one that did nothing does not', async () => {
    const { client } = await clientOf([throttled('1'), refusing(409, 'period_closed')]);
    const error = await thrown(client.closePeriod({ tenant: 'tenant_alpha', period: '2026-10' }));
    expect(error).toMatchObject({ afterLostAnswer: false, tries: 2 });
  });
});

describe('an answer that is not the service', () => {
  it('is not followed elsewhere with the token', async () => {
    const elsewhere = await ScriptedServer.start(accepted);
    const { client } = await clientOf([answering(307, '', { location: `${elsewhere.url}/events` })]);
    const error = await thrown(client.sendEvent(event));
    expect(error).toBeInstanceOf(ZerosumUnexpectedAnswer);
    expect(String(error)).toContain(`a redirect to ${elsewhere.url}/events`);
    expect(elsewhere.received).toEqual([]);
    await elsewhere.stop();
  });

  it.each([200, 404, 500])('but a page of status %i is told as what it is', async (status) => {
    const { client } = await clientOf([answering(status, '<html>Welcome</html>')], { retries: { triesMax: 1 } });
    const error = await thrown(client.balance());
    expect(error).toBeInstanceOf(ZerosumUnexpectedAnswer);
    expect(String(error)).toMatch(/GET .*\/balance was answered \d+ with 20 characters .* Check that the URL/);
  });
});

describe('a call that does not end', () => {
  it('is tried for so long and no longer', async () => {
    const { client } = await clientOf([silent], { retries: { triesMax: 1, tryTimeoutMs: 30 } });
    const error = await thrown(client.balance());
    expect(error).toBeInstanceOf(ZerosumUnreachable);
    expect(String(error)).toMatch(/got no answer, tried once; the last time: nothing within 30 ms/);
  });

  it('ends with the reason of its signal, while it is under way and while it waits', async () => {
    const [underWay, waiting] = [new AbortController(), new AbortController()];
    const { client } = await clientOf([() => underWay.abort('enough')]);
    expect(await thrown(client.balance({ signal: underWay.signal }))).toBe('enough');
    await server?.stop();

    const onRetry = () => waiting.abort('no more');
    const real = await clientOf([throttled('20')], { clock: systemClock });
    expect(await thrown(real.client.balance({ signal: waiting.signal, onRetry }))).toBe('no more');
    expect(real.received).toHaveLength(1);
  });
});

describe('the token', () => {
  it('is asked for before each try', async () => {
    const tokens = ['old', 'new'];
    const { client, received } = await clientOf([cut, answering(200, {})], { token: async () => tokens.shift() ?? '' });
    await client.balance();
    expect(received.map(({ headers }) => headers.authorization)).toEqual(['Bearer old', 'Bearer new']);
  });

  it('is in no error, whatever happens', async () => {
    const steps = [
      refusing(401, 'unauthenticated'),
      answering(200, 'no JSON'),
      cut,
      answering(302, '', { location: '/x' }),
    ];
    const { client } = await clientOf(steps, { retries: { triesMax: 1 } });
    const errors = [];
    for (const _ of steps) errors.push(await thrown(client.balance()));
    for (const url of ['http://127.0.0.1:1', 'http://no.such.host.invalid']) {
      errors.push(await thrown(new ZerosumClient({ url, token: TOKEN }).balance({ triesMax: 1 })));
    }
    errors.push(await thrown(new ZerosumClient({ url: 'http://127.0.0.1:1', token: `${TOKEN}\n` }).balance()));
    for (const error of errors) {
      expect(error).toBeInstanceOf(ZerosumError);
      expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(TOKEN);
    }
  });
});

describe('what can not be sent', () => {
  it.each(['nonsense', 'ftp://host', 'http://user:secret@host', 'http://host/?stage=prod', 'http://host/#here'])(
    'is refused as a URL: %s',
    (url) => {
      expect(() => new ZerosumClient({ url })).toThrow(ZerosumInvalidError);
      expect(() => new ZerosumClient({ url })).not.toThrow('secret');
    },
  );

  it.each([2 ** 53, 2n ** 53n, 1.5, Number.NaN])('is refused as a quantity: %s', async (quantity) => {
    const client = new ZerosumClient({ url: 'http://127.0.0.1:1' });
    await expect(client.sendEvent({ ...event, quantity })).rejects.toThrow(/quantity must be a whole number/);
  });
});

it('puts paths below the stage, and names in them out of harm', async () => {
  const scripted = await ScriptedServer.start(answering(200, {}));
  server = scripted;
  for (const url of [`${scripted.url}/prod`, `${scripted.url}/prod/`]) {
    await new ZerosumClient({ url }).receipt('api:a/../b?c', { proof: 'full', from_seq: 3 });
  }
  expect(scripted.received.map(({ url }) => url)).toEqual([
    '/prod/events/api%3Aa%2F..%2Fb%3Fc?proof=full&from_seq=3',
    '/prod/events/api%3Aa%2F..%2Fb%3Fc?proof=full&from_seq=3',
  ]);
});
