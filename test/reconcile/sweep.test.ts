import { describe, expect, it } from 'vitest';
import { instantOf } from '../../lambdas/domain/instant.ts';
import { refusalReasons } from '../../lambdas/domain/refusal.ts';
import { payloadHash } from '../../lambdas/domain/usage-event.ts';
import { hourSlices } from '../../lambdas/reconcile/accepted-events.ts';
import { ATTEMPTS_MAX } from '../../lambdas/reconcile/resend.ts';
import { NEARLY_DRAINED_MESSAGES } from '../../lambdas/reconcile/sweep.ts';
import { beta, instant, must, NOW, NOW_MS, quantity } from '../support/events.ts';
import { MIN_AGE_MS, MINUTE_MS, SweepWorld } from '../support/sweep-world.ts';

const HOUR_MS = 60 * MINUTE_MS;

describe('the sweep', () => {
  it('sends what has neither an entry nor a final refusal of this payload, and nothing else', async () => {
    const world = new SweepWorld();
    const events = new Map<string, Awaited<ReturnType<typeof world.accept>>>();
    for (const key of ['stranded', 'posted', 'refused', 'undelivered', 'refused-other']) {
      events.set(key, await world.accept(key, 30 * MINUTE_MS));
    }
    const event = (key: string) => must(events.get(key));
    await world.post(event('posted'));
    const refuse = (key: string, final: boolean, hash = payloadHash(event(key))) => {
      const { tenant, eventId } = event(key);
      return world.ledger.refuse({
        tenant,
        eventId,
        final,
        reason: refusalReasons.unpriced,
        payloadHash: hash,
        at: NOW,
        deliveries: 1,
      });
    };
    await refuse('refused', true);
    await refuse('undelivered', false);
    await refuse('refused-other', true, payloadHash({ ...event('refused-other'), quantity: quantity(2) }));
    const report = await world.run();
    expect(world.sentIds().sort()).toEqual(['refused-other', 'stranded', 'undelivered']);
    expect(report).toEqual({
      complete: true,
      looked: 5,
      resent: 3,
      gaveUp: 0,
      reached: instantOf(NOW_MS - MIN_AGE_MS),
    });
    expect(world.telemetry.counted('sweepResent')).toBe(3);
    const { tenant } = event('stranded');
    expect(world.findings).toContainEqual({
      ...{ type: 'unsettled', tenant, eventId: event('stranded').eventId },
      detail: 'accepted, but neither posted nor refused; sent again (try 1)',
    });
    expect(world.findings).toHaveLength(3);
  });

  it('sends the event as it was accepted, one message for each tenant’s, under the number of the try', async () => {
    const world = new SweepWorld();
    const own = [
      await world.accept('a', HOUR_MS - MINUTE_MS, { quantity: quantity(7), priceVersion: 3, eventDate: NOW }),
    ];
    const other = [await world.accept('a', 50 * MINUTE_MS, { tenant: beta })];
    await world.run();
    expect(world.sent).toEqual(expect.arrayContaining([{ message: { tenant: beta, events: other }, attempt: 1 }]));
    expect(world.sent).toEqual(
      expect.arrayContaining([{ message: { tenant: own[0]?.tenant, events: own }, attempt: 1 }]),
    );
  });

  it('leaves the young alone, and finds them when they are old enough', async () => {
    const world = new SweepWorld();
    await world.accept('k', MIN_AGE_MS - 1);
    await world.run();
    expect(world.sentIds()).toEqual([]);
    world.clock.advance(2);
    await world.run();
    expect(world.sentIds()).toEqual(['k']);
  });

  it('stays out of the way of a deep queue, and looks at the same stretch later', async () => {
    const world = new SweepWorld();
    await world.accept('k', 30 * MINUTE_MS);
    world.depth = NEARLY_DRAINED_MESSAGES + 1;
    expect(await world.run()).toMatchObject({ complete: false, looked: 0, resent: 0 });
    expect(world.sentIds()).toEqual([]);
    world.depth = NEARLY_DRAINED_MESSAGES;
    world.clock.advance(5 * HOUR_MS);
    expect(await world.run()).toMatchObject({ complete: true });
    expect(world.sentIds()).toEqual(['k']);
  });

  it('stops sending as soon as its own messages pile up, and goes on from there once they are gone', async () => {
    const world = new SweepWorld();
    for (let index = 0; index < 30; index += 1) await world.accept(`k${index}`, (30 + index) * MINUTE_MS);
    world.depthPerMessage = NEARLY_DRAINED_MESSAGES / 5;
    expect(await world.run()).toMatchObject({ complete: false });
    expect(world.sent).toHaveLength(6);
    world.clock.advance(MINUTE_MS);
    expect(await world.run()).toMatchObject({ complete: false, resent: 0 });
    world.depthPerMessage = 0;
    await world.run();
    expect(new Set(world.sentIds()).size).toBe(30);
    expect(world.sentIds()).toHaveLength(30);
  });

  it('sends nothing that another run or a redrive has taken on meanwhile', async () => {
    const world = new SweepWorld();
    await world.accept('k', 30 * MINUTE_MS);
    await world.run();
    world.clock.advance(MIN_AGE_MS);
    // Read by this run, then begun anew before it could record its own try.
    world.beforeRecord = ([before]) => ({ ...must(before), firstAt: instantOf(world.clock.nowMs()) });
    expect(await world.run()).toMatchObject({ resent: 0 });
    expect(world.sent).toHaveLength(1);
  });

  it('takes a record whose payload is not the one accepted for damaged, and sends none of it', async () => {
    const world = new SweepWorld();
    const { tenant, eventId } = await world.accept('k', 30 * MINUTE_MS);
    const id = `${tenant}#${eventId}`;
    const record = must(world.intake.records.get(id));
    world.intake.records.set(id, { ...record, event: { ...record.event, quantity: quantity(1_000) } });
    await world.run();
    expect(world.sentIds()).toEqual([]);
    expect(world.telemetry.errors).toHaveLength(1);
  });

  it('doubles its waits, gives up after the last try, and says so once', async () => {
    const world = new SweepWorld();
    await world.accept('k', 30 * MINUTE_MS);
    const sentAt: number[] = [];
    for (let minute = 0; minute < 4 * 24 * 60; minute += 10) {
      const before = world.sent.length;
      await world.run();
      if (world.sent.length > before) sentAt.push(minute);
      world.clock.advance(10 * MINUTE_MS);
    }
    const waits = sentAt.slice(1).map((at, index) => at - must(sentAt[index]));
    expect(waits).toEqual([10, 20, 40, 80, 160, 320, 640]);
    expect(world.sent.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(world.sent).toHaveLength(ATTEMPTS_MAX);
    expect(world.telemetry.counted('sweepGaveUp')).toBe(1);
    expect(world.telemetry.errors).toHaveLength(1);
    expect(world.attempts.get('tenant_alpha#api:k')).toMatchObject({ gaveUp: true, firstAt: NOW });
  });

  it('waits out a try that failed, also where the watermark has not passed it', async () => {
    const world = new SweepWorld();
    await world.accept('k', 30 * MINUTE_MS);
    world.queueIsDown = true;
    await expect(world.run()).rejects.toThrow('no queue');
    world.queueIsDown = false;
    world.clock.advance(MINUTE_MS);
    await world.run();
    expect(world.sentIds()).toEqual([]);
    world.clock.advance(MIN_AGE_MS);
    await world.run();
    expect(world.sent.map(({ attempt }) => attempt)).toEqual([2]);
  });

  it('forgets what has settled since it was sent', async () => {
    const world = new SweepWorld();
    const event = await world.accept('k', 30 * MINUTE_MS);
    await world.run();
    await world.post(event);
    world.clock.advance(MIN_AGE_MS);
    expect(await world.run()).toMatchObject({ resent: 0, gaveUp: 0 });
    expect(world.attempts.size).toBe(0);
  });

  it('passes a damaged item by, and comes back to it when it is mended', async () => {
    const world = new SweepWorld();
    for (const key of ['a', 'broken', 'z']) await world.accept(key, 30 * MINUTE_MS);
    world.damaged.add('tenant_alpha#api:broken');
    await world.run();
    expect(world.sentIds().sort()).toEqual(['a', 'z']);
    expect(world.telemetry.errors).toHaveLength(1);
    world.clock.advance(MIN_AGE_MS);
    await world.run();
    expect(world.sentIds()).not.toContain('broken');
    world.damaged.clear();
    world.clock.advance(2 * MIN_AGE_MS);
    await world.run();
    expect(world.sentIds()).toContain('broken');
  });

  it('says in the end that a damaged item needs someone', async () => {
    const world = new SweepWorld();
    await world.accept('broken', 30 * MINUTE_MS);
    world.damaged.add('tenant_alpha#api:broken');
    for (let run = 0; run < 12; run += 1) {
      await world.run();
      world.clock.advance(2 ** run * MIN_AGE_MS);
    }
    expect(world.telemetry.counted('sweepGaveUp')).toBe(1);
    expect(world.sent).toEqual([]);
  });

  it('gets through any stretch in time, however much was accepted in it', async () => {
    const world = new SweepWorld();
    const busy = Array.from({ length: 400 }, (_, index) => index);
    for (const index of busy) await world.post(await world.accept(`busy${index}`, 59 * MINUTE_MS - index * 6_000));
    await world.accept('stranded', 15 * MINUTE_MS);
    // A run has time for a part of them.
    world.lookMs = 1_000;
    for (let run = 0; run < 20 && world.sent.length === 0; run += 1) {
      await world.run({ deadlineMs: world.clock.nowMs() + 100_000, minAgeMs: MIN_AGE_MS });
    }
    expect(world.sentIds()).toEqual(['stranded']);
  });

  it('looks at what is new in every run, however much that was sent before is due again', async () => {
    const world = new SweepWorld();
    for (let index = 0; index < 30; index += 1) await world.accept(`stuck${index}`, 30 * MINUTE_MS);
    await world.run();
    expect(world.sentIds()).toHaveLength(30);
    await world.accept('new', 0);
    world.clock.advance(2 * MIN_AGE_MS);
    world.lookMs = 1_000;
    await world.run({ deadlineMs: world.clock.nowMs() + 10_000 });
    expect(world.sentIds()).toContain('new');
  });

  it('stops at its deadline with what it has done on record, also in the middle of one read', async () => {
    const world = new SweepWorld();
    for (let index = 0; index < 20; index += 1) await world.accept(`k${index}`, 30 * MINUTE_MS);
    expect(await world.run({ deadlineMs: NOW_MS })).toMatchObject({ complete: false, looked: 0 });
    await world.run();
    world.clock.advance(MIN_AGE_MS);
    const sent = world.sent.length;
    expect(await world.run({ deadlineMs: world.clock.nowMs() })).toMatchObject({ complete: false, resent: 0 });
    expect(world.sent).toHaveLength(sent);
    expect(world.attempts.size).toBe(20);
  });
});

describe('the stretches of time the sweep walks', () => {
  it('cover everything once, half open, and none crosses an hour', () => {
    const [from, until] = [instant('2026-03-01T22:15:00.001Z'), instant('2026-03-02T01:00:00Z')];
    const slices = hourSlices(from, until);
    expect(slices.map((slice) => slice.from)).toEqual([
      '2026-03-01T22:15:00.001Z',
      '2026-03-01T23:00:00.000Z',
      '2026-03-02T00:00:00.000Z',
    ]);
    expect(slices.map((slice) => slice.until)).toEqual([
      '2026-03-01T23:00:00.000Z',
      '2026-03-02T00:00:00.000Z',
      '2026-03-02T01:00:00.000Z',
    ]);
    expect(hourSlices(until, until)).toEqual([]);
    expect(hourSlices(until, from)).toEqual([]);
  });
});
