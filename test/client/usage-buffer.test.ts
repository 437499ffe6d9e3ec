import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { BatchSender } from '../../client/buffer/delivery.ts';
import { MemorySpool } from '../../client/buffer/memory-spool.ts';
import type { Rejection } from '../../client/buffer/spool.ts';
import { type BufferOptions, UsageBuffer } from '../../client/buffer/usage-buffer.ts';
import { ZerosumClient } from '../../client/client.ts';
import { ZerosumBufferFull, ZerosumInvalidError, ZerosumProblem, ZerosumUnreachable } from '../../client/errors.ts';
import { DiskSpool } from '../../client/spool/disk-spool.ts';
import type { BatchAnswer, UsageRequest } from '../../client/types/api.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { answering, cut, refusing, ScriptedServer } from '../support/scripted-server.ts';
import { temporaryFolder } from '../support/stack.ts';
import { waitFor } from '../support/wait-for.ts';

const NOW = Date.parse('2026-11-24T12:00:00Z');

function event(key: string, quantity = 1) {
  return { tenant: 'tenant_alpha', metric: 'api_call', quantity, idempotency_key: key };
}

function problem(status: number, detail = 'no') {
  return { type: 'urn:zerosum:problem:x', title: 'x', status, detail, request_id: 'r' };
}

type Result = BatchAnswer['results'][number];

/** A service that takes everything, but for what a test says of a key. */
class FakeService implements BatchSender {
  readonly batches: (readonly UsageRequest[])[] = [];
  /** What to answer for a key, instead of 202; asked again each time. */
  readonly statuses = new Map<string, () => number>();
  /** What to throw instead of answering. */
  failure: ((batch: readonly UsageRequest[]) => Error | undefined) | undefined;

  async sendBatch(events: readonly UsageRequest[]): Promise<BatchAnswer> {
    this.batches.push(events);
    const error = this.failure?.(events);
    if (error !== undefined) throw error;
    const results = events.map(({ idempotency_key: key }, index): Result => {
      const status = this.statuses.get(key)?.() ?? 202;
      if (status === 202) return { index, status, event_id: `api:${key}` };
      return { index, status: status as 400, problem: problem(status) };
    });
    return { accepted: 0, rejected: 0, results };
  }

  get keys(): string[][] {
    return this.batches.map((batch) => batch.map((one) => one.idempotency_key));
  }
}

function bufferOf(options: BufferOptions = {}) {
  const service = new FakeService();
  const clock = new ManualClock(NOW);
  const rejections: Rejection[] = [];
  const troubles: Error[] = [];
  const buffer = new UsageBuffer(service, {
    clock,
    onRejected: (rejection) => rejections.push(rejection),
    onTrouble: (error) => troubles.push(error),
    ...options,
  });
  onTestFinished(async () => {
    const closed = buffer.close({ timeoutMs: 0 }).catch(() => undefined);
    await waitFor('the buffer to close', async () => {
      clock.advance(1);
      return Promise.race([closed.then(() => true), new Promise<false>((resolve) => setImmediate(resolve, false))]);
    });
  });
  return { buffer, service, clock, rejections, troubles };
}

describe('a buffer', () => {
  it('sends when its time has come, what was recorded by then, in one batch', async () => {
    const { buffer, service, clock } = bufferOf({ flushEveryMs: 5_000 });
    await buffer.record(event('a'));
    clock.advance(4_000);
    await buffer.record(event('b'));
    clock.advance(999);
    expect(service.batches).toEqual([]);
    clock.advance(1);
    await waitFor('both', () => buffer.metrics.accepted === 2);
    expect(service.keys).toEqual([['a', 'b']]);
    await buffer.record(event('c'));
    clock.advance(5_000);
    await waitFor('the next', () => buffer.metrics.accepted === 3);
    expect(buffer.metrics).toEqual({ recorded: 3, accepted: 3, rejected: 0, retries: 0, pendingBytes: 0 });
  });

  it('sends as soon as a batch is full, by count and by size, and never more than fits', async () => {
    const { buffer, service } = bufferOf({ flushEvents: 3 });
    for (const key of ['a', 'b', 'c', 'd']) await buffer.record(event(key));
    await waitFor('the first three', () => buffer.metrics.accepted === 3);
    expect(service.keys).toEqual([['a', 'b', 'c']]);

    const large = bufferOf();
    const padded = { ...event('x'), padding: 'x'.repeat(250_000) };
    for (let count = 0; count < 17; count += 1) await large.buffer.record({ ...padded, idempotency_key: `x${count}` });
    await waitFor('the full one', () => large.buffer.metrics.accepted >= 16);
    for (const batch of large.service.batches) expect(JSON.stringify(batch).length).toBeLessThanOrEqual(4_194_304);
    await expect(large.buffer.record({ ...padded, padding: 'x'.repeat(300_000) } as never)).rejects.toThrow(
      ZerosumInvalidError,
    );
    expect(() => new UsageBuffer(large.service, { flushEvents: 1_001 })).toThrow(/from 1 to 1000/);
  });

  it('dates and keys an event that has neither, and leaves one with a key of its own as it is', async () => {
    const { buffer, service } = bufferOf({ newKey: () => 'made-up' });
    const { idempotency_key: _, ...bare } = event('');
    expect(await buffer.record(bare)).toBe('made-up');
    expect(await buffer.record(event('mine'))).toBe('mine');
    await buffer.flush();
    expect(service.batches.flat()).toEqual([
      { ...bare, idempotency_key: 'made-up', event_date: '2026-11-24T12:00:00.000Z' },
      event('mine'),
    ]);
  });

  it('tells of events that are refused for good, keeps them in a file, and sends the others on', async () => {
    const folder = temporaryFolder();
    const { buffer, service, rejections } = bufferOf({ spool: new DiskSpool(folder, { durability: 'process' }) });
    for (const [key, status] of [...[400, 403, 409].map((status) => [`bad-${status}`, status] as const)]) {
      service.statuses.set(key, () => status);
    }
    for (const key of ['a', 'bad-400', 'b', 'bad-403', 'bad-409']) await buffer.record(event(key));
    await buffer.flush();
    const expected = [400, 403, 409].map((status) => ({ status, reason: 'no', event: event(`bad-${status}`) }));
    expect(rejections).toEqual(expected);
    const lines = readFileSync(join(folder, 'rejects.ndjson'), 'utf8').trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(expected);
    expect(buffer.metrics).toMatchObject({ accepted: 2, rejected: 3 });
    expect(service.batches).toHaveLength(1);
  });

  it('sends again what was not taken for now, and that alone', async () => {
    const { buffer, service, clock, troubles } = bufferOf();
    const answers = [503, 503, 202];
    service.statuses.set('b', () => answers.shift() ?? 202);
    for (const key of ['a', 'b', 'c']) await buffer.record(event(key));
    const flushed = buffer.flush();
    await waitFor('the wait', () => troubles.length === 1);
    clock.advance(1);
    await waitFor('the second wait', () => troubles.length === 2);
    clock.advance(1);
    await flushed;
    expect(service.keys).toEqual([['a', 'b', 'c'], ['b'], ['b']]);
    expect(buffer.metrics).toMatchObject({ accepted: 3, rejected: 0, retries: 2 });
  });

  it.each([
    ['an expired token', new ZerosumProblem(problem(401))],
    ['a token of the wrong kind', new ZerosumProblem(problem(403))],
    ['no service', new ZerosumUnreachable('POST /events/batch', 1, 'refused')],
    ['whatever else there may be', new Error('anything')],
  ])('drops nothing for %s', async (_, failure) => {
    const { buffer, service, clock, troubles, rejections } = bufferOf();
    service.failure = () => failure;
    await buffer.record(event('a'));
    const flushed = buffer.flush({ timeoutMs: 10_000 });
    await waitFor('a try', () => troubles.length === 1);
    service.failure = undefined;
    clock.advance(1);
    await flushed;
    expect(troubles).toEqual([failure]);
    expect(rejections).toEqual([]);
    expect(service.keys).toEqual([['a'], ['a']]);
  });

  it('parts a batch that is refused as a whole until what is at fault stands alone', async () => {
    const { buffer, service, rejections } = bufferOf();
    service.failure = (batch) =>
      batch.some((one) => one.idempotency_key === 'poison') ? new ZerosumProblem(problem(413, 'too large')) : undefined;
    for (const key of ['a', 'b', 'poison', 'c', 'd']) await buffer.record(event(key));
    await buffer.flush();
    expect(rejections).toEqual([{ status: 413, reason: 'too large', event: event('poison') }]);
    expect(buffer.metrics.accepted).toBe(4);
  });

  it('says what is wrong when a flush takes too long, and sends it later all the same', async () => {
    const { buffer, service, clock, troubles } = bufferOf();
    service.failure = () => new ZerosumProblem(problem(401, 'Send a valid token.'));
    await buffer.record(event('a'));
    const flushed = expect(buffer.flush({ timeoutMs: 50 })).rejects.toThrow('Send a valid token. (401, request r)');
    await waitFor('a try', () => troubles.length > 0 && clock.sleepers >= 2);
    clock.advance(50);
    await flushed;
    service.failure = undefined;
    await waitFor('it', () => {
      clock.advance(1);
      return buffer.metrics.accepted === 1;
    });
  });

  it('ends a flush when what was recorded before it is done, whatever is recorded meanwhile', async () => {
    const { buffer, service } = bufferOf({ flushEvents: 1 });
    let count = 0;
    service.failure = () => {
      count += 1;
      if (count < 50) buffer.record(event(`meanwhile-${count}`)).catch(() => undefined);
      return undefined;
    };
    await buffer.record(event('a'));
    await buffer.flush();
    expect(service.batches.length).toBeLessThan(50);
  });

  it('is full at its limit, and takes more when the service does', async () => {
    const { buffer, service } = bufferOf({ spool: new MemorySpool(300) });
    service.failure = () => undefined;
    await buffer.record(event('a'));
    await buffer.record(event('b'));
    await buffer.record(event('c'));
    await expect(buffer.record(event('d'))).rejects.toThrow(ZerosumBufferFull);
    await buffer.flush();
    await buffer.record(event('d'));
  });

  it('says at its end what memory loses, and leaves on disk what was not sent', async () => {
    const folder = temporaryFolder();
    for (const spool of [new MemorySpool(), new DiskSpool(folder, { durability: 'process' })]) {
      const { buffer, service, clock, troubles } = bufferOf({ spool });
      service.failure = () => new ZerosumUnreachable('POST /events/batch', 1, 'refused');
      await buffer.record(event('a'));
      const closed = buffer.close({ timeoutMs: 20 }).then(() => 'closed', String);
      await waitFor('a try', () => troubles.length > 0 && clock.sleepers >= 2);
      clock.advance(20);
      expect(await closed).toMatch(spool.isLasting ? /^closed$/ : /got no answer/);
      await expect(buffer.record(event('b'))).rejects.toThrow('The buffer is closed');
    }
    const { buffer, service } = bufferOf({ spool: new DiskSpool(folder, { durability: 'process' }) });
    await buffer.flush();
    expect(service.keys).toEqual([['a']]);
  });

  it('goes on when a callback throws, which its program then hears of', async () => {
    const uncaught: unknown[] = [];
    const listeners = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', (error) => uncaught.push(error));
    const mistake = new Error('a mistake in the program');
    const { buffer } = bufferOf({
      onMetrics: () => {
        throw mistake;
      },
    });
    await buffer.record(event('a'));
    await buffer.flush();
    await waitFor('the mistake', () => uncaught.length > 0);
    process.removeAllListeners('uncaughtException');
    for (const listener of listeners) process.on('uncaughtException', listener);
    expect(uncaught).toEqual([mistake]);
  });
});

it('goes through a storm with the real client, each event taken once', async () => {
  const taken = new Map<string, number>();
  const refusals = [cut, refusing(429, 'throttled', { 'retry-after': '0' }), refusing(503, 'unavailable'), cut];
  const server = await ScriptedServer.start(...refusals, (response, request) => {
    const results = (JSON.parse(request.body) as UsageRequest[]).map(({ idempotency_key: key }, index) => {
      taken.set(key, (taken.get(key) ?? 0) + 1);
      return { index, status: 202, event_id: `api:${key}` };
    });
    answering(202, { accepted: results.length, rejected: 0, results })(response, request);
  });
  const spool = new DiskSpool(temporaryFolder());
  const buffer = new UsageBuffer(new ZerosumClient({ url: server.url, token: 't', retries: { triesMax: 1 } }), {
    spool,
  });
  await Promise.all(Array.from({ length: 500 }, (_, number) => buffer.record(event(`k${number}`))));
  await buffer.flush();
  await buffer.close();
  await server.stop();
  expect(taken.size).toBe(500);
  expect(Math.max(...taken.values())).toBe(1);
  expect(buffer.metrics).toMatchObject({ accepted: 500, retries: 4, pendingBytes: 0 });
});
