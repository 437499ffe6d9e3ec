import { describe, expect, it } from 'vitest';
import type { ClosePorts } from '../../lambdas/admin/close-ports.ts';
import { ALL_LANES } from '../../lambdas/domain/lane.ts';
import { nextPeriod } from '../../lambdas/domain/period.ts';
import { sealHash } from '../../lambdas/domain/seal.ts';
import { CLAIM_MAX_AGE_MS, CloseWorld } from '../support/close-world.ts';
import { dynoxide, useDynamodb } from '../support/dynamodb.ts';
import { entry, instant, lane, must, NOW, period, priceBook, tenantId } from '../support/events.ts';

const march = period('2026-03');
const closed = { kind: 'period_closed', status: 409 };

describe.skipIf(!dynoxide.available)('a close', () => {
  const dynamodb = useDynamodb(dynoxide);
  const worlds = { count: 0 };

  function newWorld() {
    worlds.count += 1;
    const world = new CloseWorld(dynamodb, `close${worlds.count}t`);
    return { world, key: world.tables.freshLane() };
  }

  it('shuts every lane, seals what they hold, anchors it, and leaves nothing to be done', async () => {
    const { world, key } = newWorld();
    const page = must(await world.post(key, [entry('a', 5n), entry('b', 7n)]));
    await world.post({ ...key, lane: lane(16) }, [entry('c', -2n)]);
    await world.close(key.tenant, march);
    const closure = must(await world.closures.find(key.tenant, march));
    if (closure.status !== 'closed') throw new Error('It is not closed.');
    const { seal } = closure;
    expect(seal).toMatchObject({ number: 1, closedAt: NOW, currency: 'USD', entryCount: 3 });
    expect(seal.totals).toEqual({ receivable: 10n, revenue: -10n, adjustments: 0n });
    expect(seal.hash).toBe(sealHash(seal));
    expect(seal.lanes[key.lane]).toEqual({ lane: key.lane, nextSeq: 2, chain: page.hash, entryCount: 2 });
    const heads = await world.tables.balances.heads(key.tenant, march);
    expect(heads.map((head) => [head.lane, head.closedAt])).toEqual(ALL_LANES.map((number) => [number, NOW]));
    expect(await world.post(key, [entry('late')])).toBeUndefined();
    expect(await world.post({ ...key, lane: lane(9) }, [entry('late')])).toBeUndefined();
    const anchored = world.anchored.map(({ hash, heads: lanes }) => [hash, lanes.map((head) => [head.lane, head.seq])]);
    expect(anchored).toEqual([
      [
        seal.hash,
        [
          [key.lane, 1],
          [16, 1],
        ],
      ],
    ]);
    expect(await ownNotes(world, key)).toEqual([]);
  });

  it('takes any month up to the next, also an idle one, and no later one', async () => {
    const { world, key } = newWorld();
    for (const month of ['2026-04', '1999-12', '2026-03']) await world.close(key.tenant, period(month));
    await expect(world.close(key.tenant, period('2026-05'))).rejects.toMatchObject({ status: 400 });
    expect(await world.closures.find(key.tenant, period('2026-05'))).toBeUndefined();
    expect((await world.closures.carry(key.tenant)).months).toEqual([
      { from: '1999-12', to: '1999-12' },
      { from: '2026-03', to: '2026-04' },
    ]);
  });

  it('knows by the clock which month is next, also over the end of a year', async () => {
    const { world, key } = newWorld();
    world.clock.advance(Date.parse('2026-12-31T23:59:59.999Z') - world.clock.nowMs());
    await expect(world.close(key.tenant, period('2027-02'))).rejects.toMatchObject({ status: 400 });
    await world.close(key.tenant, period('2027-01'));
    world.clock.advance(1);
    await world.close(key.tenant, period('2027-02'));
  });

  it('of an unknown tenant, or before any price book, is refused and begins nothing', async () => {
    const { world, key } = newWorld();
    const unknown = tenantId('unknown_tenant');
    await expect(world.close(unknown, march)).rejects.toMatchObject({ status: 400 });
    world.books = [priceBook(1, { effectiveAt: instant('2027-01-01T00:00:00Z') })];
    await expect(world.close(key.tenant, march)).rejects.toMatchObject({ status: 503 });
    for (const tenant of [unknown, key.tenant]) {
      expect(await world.closures.find(tenant, march)).toBeUndefined();
      expect(await ownNotes(world, { tenant })).toEqual([]);
    }
    // The first one has been added a moment ago, and the cache does not know.
    world.freshBooks = [priceBook()];
    await world.close(key.tenant, march);
  });

  it('has one winner of fifty, and a month is closed once', async () => {
    const { world, key } = newWorld();
    await world.post(key, [entry('a', 5n)]);
    const attempts = Array.from({ length: 50 }, () => world.close(key.tenant, march));
    const outcomes = await Promise.allSettled(attempts);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject(closed);
    }
    await expect(world.close(key.tenant, march)).rejects.toMatchObject(closed);
    expect(await world.closures.carry(key.tenant)).toMatchObject({ sealCount: 1, totals: { receivable: 5n } });
  });

  it('of many months of one tenant at once succeeds for each, in one chain of seals', async () => {
    const { world, key } = newWorld();
    const months = Array.from({ length: 8 }, (_, index) => period(`2025-0${index + 1}`));
    for (const [index, month] of months.entries())
      await world.post({ ...key, period: month }, [entry(`k${index}`, 3n)]);
    await Promise.all(months.map((month) => world.close(key.tenant, month)));
    const seals = [];
    for await (const { closure } of world.closures.all(key.tenant)) {
      if (closure.status === 'closed') seals.push(closure.seal);
    }
    seals.sort((left, right) => left.number - right.number);
    expect(seals.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    for (const [index, seal] of seals.entries()) {
      expect(seal.carried.receivable).toBe(3n * BigInt(index + 1));
      if (index > 0) expect(seal.prevHash).toBe(seals[index - 1]?.hash);
    }
    const carry = await world.closures.carry(key.tenant);
    expect(carry).toMatchObject({
      sealCount: 8,
      lastSeal: seals[7]?.hash,
      months: [{ from: '2025-01', to: '2025-08' }],
    });
  });

  it('seals what is posted to a lane until the moment its gate is shut', async () => {
    const { world, key } = newWorld();
    const { closing } = world.ports();
    await world.post(key, [entry('early', 5n)]);
    const lateGate: ClosePorts['closing'] = {
      ...bound(closing),
      shut: async (at, closedAt) => {
        if (at.lane === key.lane) await world.post(key, [entry('in time', 7n)]);
        return closing.shut(at, closedAt);
      },
    };
    await world.close(key.tenant, march, { closing: lateGate });
    const head = await world.tables.balances.head(key);
    const { totals, entryCount } = await world.closures.carry(key.tenant);
    expect([totals.receivable, entryCount, head.entryCount]).toEqual([12n, 2, 2]);
  });

  it('waits for a posting that is being committed to a lane, and gives up when that does not end', async () => {
    const { world, key } = newWorld();
    const { closing } = world.ports();
    let conflicts = 3;
    const busy = (until: () => boolean): ClosePorts['closing'] => ({
      ...bound(closing),
      shut: async (at, closedAt) => (until() ? closing.shut(at, closedAt) : false),
    });
    await world.close(key.tenant, march, { closing: busy(() => conflicts-- <= 0) });
    const april = nextPeriod(march);
    await expect(world.close(key.tenant, april, { closing: busy(() => false) })).rejects.toMatchObject({ status: 503 });
    // It has said that it gave up: nobody has to wait until it must be dead.
    await world.close(key.tenant, april);
    expect((await world.closures.find(key.tenant, april))?.status).toBe('closed');
  });

  it('goes through although the anchor can’t be put, and the schedule puts it', async () => {
    const { world, key } = newWorld();
    world.anchorsAreDown = true;
    await world.close(key.tenant, march);
    expect(world.telemetry.counted('closeAnchorFailures')).toBe(1);
    expect(await world.resume()).toMatchObject({ concluded: 0, failed: 1 });
    world.anchorsAreDown = false;
    expect(await world.resume()).toMatchObject({ concluded: 1, failed: 0 });
    expect(world.anchored).toHaveLength(1);
    expect(await world.resume()).toMatchObject({ concluded: 0 });
  });

  it('that was noted and never claimed is forgotten once its caller must be gone', async () => {
    const { world, key } = newWorld();
    const { closing } = world.ports();
    const dying = { ...bound(closing), claim: died };
    await expect(world.close(key.tenant, march, { closing: dying })).rejects.toThrow('died');
    expect(await world.resume()).toMatchObject({ underWay: 1, forgotten: 0 });
    world.clock.advance(CLAIM_MAX_AGE_MS + 1);
    expect(await world.resume()).toMatchObject({ forgotten: 1 });
    expect(await ownNotes(world, key)).toEqual([]);
    await world.close(key.tenant, march);
  });

  /** A process that died can't even say so. */
  const dead = { takeOver: died };

  /** Ways in which a close can end without an answer: the step at which its process dies. */
  const deaths: Record<string, (closing: ClosePorts['closing']) => Partial<ClosePorts['closing']>> = {
    'after the claim': () => ({ ...dead, shut: died }),
    'between two gates': (closing) => ({
      ...dead,
      shut: (at, closedAt) => (at.lane === 9 ? died() : closing.shut(at, closedAt)),
    }),
    'before the seal': () => ({ ...dead, seal: died }),
  };

  it.each(Object.keys(deaths))('whose process dies %s goes on with the next caller', async (place) => {
    const { world, key } = newWorld();
    await world.post(key, [entry('a', 5n)]);
    const { closing } = world.ports();
    const dying = { ...bound(closing), ...deaths[place]?.(closing) };
    await expect(world.close(key.tenant, march, { closing: dying })).rejects.toThrow('died');
    const first = await world.closures.find(key.tenant, march);
    world.clock.advance(CLAIM_MAX_AGE_MS);
    await expect(world.close(key.tenant, march)).rejects.toMatchObject(closed);
    world.clock.advance(1);
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => world.close(key.tenant, march)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const closure = await world.closures.find(key.tenant, march);
    expect(closure).toMatchObject({ status: 'closed', seal: { closedAt: NOW, totals: { receivable: 5n } } });
    expect(first).toMatchObject({ status: 'closing', claim: { closedAt: NOW } });
  });

  it.each(Object.keys(deaths))('whose process dies %s is finished by the schedule, on record', async (place) => {
    const { world, key } = newWorld();
    await world.post(key, [entry('a', 5n)]);
    const { closing } = world.ports();
    const dying = { ...bound(closing), ...deaths[place]?.(closing) };
    await expect(world.close(key.tenant, march, { closing: dying })).rejects.toThrow('died');
    expect(await world.resume()).toMatchObject({ resumed: 0, underWay: 1 });
    world.clock.advance(CLAIM_MAX_AGE_MS + 1);
    expect(await world.resume()).toMatchObject({ resumed: 1, failed: 0 });
    expect((await world.closures.find(key.tenant, march))?.status).toBe('closed');
    const actor = { kind: 'schedule', subject: null, tenant: null };
    const target = { tenant: key.tenant, period: march };
    expect(world.trail.entries.map(({ status }) => status)).toEqual([null, 200]);
    for (const written of world.trail.entries)
      expect(written).toMatchObject({ actor, target, action: 'resume-closes' });
    expect(await world.resume()).toMatchObject({ resumed: 0 });
  });

  it('that can’t be finished keeps no other waiting for ever', async () => {
    const { world, key } = newWorld();
    const tenants = [key.tenant, world.tables.freshLane().tenant, world.tables.freshLane().tenant];
    const { closing } = world.ports();
    for (const tenant of tenants) {
      const dying = { ...bound(closing), ...dead, shut: died };
      await expect(world.close(tenant, march, { closing: dying })).rejects.toThrow('died');
    }
    world.clock.advance(CLAIM_MAX_AGE_MS + 1);
    const stuck: ClosePorts['closing'] = {
      ...bound(closing),
      shut: async (at, closedAt) => at.tenant !== key.tenant && closing.shut(at, closedAt),
    };
    const statuses = async () => {
      const closures = await Promise.all(tenants.map((tenant) => world.closures.find(tenant, march)));
      return closures.map((closure) => closure?.status);
    };
    // The stuck one takes all the time there is.
    for (let run = 0; run < 40 && (await statuses()).filter((status) => status === 'closed').length < 2; run += 1) {
      await world.resume({ closing: stuck }, 5_000);
    }
    expect(await statuses()).toEqual(['closing', 'closed', 'closed']);
    expect(world.telemetry.counted('closeFailures')).toBeGreaterThan(0);
  });

  it.each(['seal', 'shut'] as const)(
    'that lost its claim to another before its %s closes nothing any more',
    async (step) => {
      const { world, key } = newWorld();
      const { closing } = world.ports();
      let isOvertaken = false;
      const overtaken = async () => {
        if (isOvertaken) return;
        isOvertaken = true;
        world.clock.advance(CLAIM_MAX_AGE_MS + 1);
        await world.close(key.tenant, march);
      };
      const slow: ClosePorts['closing'] = {
        ...bound(closing),
        ...(step === 'seal'
          ? { seal: async (...seal) => overtaken().then(() => closing.seal(...seal)) }
          : { shut: async (...gate) => overtaken().then(() => closing.shut(...gate)) }),
      };
      await expect(world.close(key.tenant, march, { closing: slow })).rejects.toMatchObject(closed);
      expect(await world.closures.carry(key.tenant)).toMatchObject({ sealCount: 1 });
    },
  );

  it('whose seal was put although the answer was lost is a success', async () => {
    const { world, key } = newWorld();
    const { closing } = world.ports();
    const lossy: ClosePorts['closing'] = {
      ...bound(closing),
      claim: async (...claim) => (await closing.claim(...claim)) && false,
      seal: async (...seal) => {
        expect(await closing.seal(...seal)).toBe('sealed');
        return closing.seal(...seal);
      },
    };
    await world.close(key.tenant, march, { closing: lossy });
    expect(await world.closures.carry(key.tenant)).toMatchObject({ sealCount: 1 });
  });
});

async function ownNotes(world: CloseWorld, { tenant }: { tenant: string }) {
  return (await world.notes.all()).filter((note) => note.tenant === tenant);
}

/** A copy whose methods can be laid over one by one. */
function bound(closing: ClosePorts['closing']): ClosePorts['closing'] {
  return {
    claim: (...args) => closing.claim(...args),
    takeOver: (...args) => closing.takeOver(...args),
    shut: (...args) => closing.shut(...args),
    seal: (...args) => closing.seal(...args),
  };
}

async function died(): Promise<never> {
  throw new Error('the process died');
}
