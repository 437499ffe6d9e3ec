import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantOf } from '../../lambdas/domain/instant.ts';
import { adjustmentEntry, type JournalEntry, usageEntry } from '../../lambdas/domain/journal.ts';
import { amountMinor } from '../../lambdas/domain/money.ts';
import type { JournalPage, LaneKey } from '../../lambdas/domain/page.ts';
import { meterCursorKey } from '../../lambdas/storage/keys.ts';
import { dynoxide, useDynamodb } from '../support/dynamodb.ts';
import { adjustmentEvent, lane, metric, NOW_MS, quantity, usageEvent } from '../support/events.ts';
import { LedgerTables } from '../support/ledger-tables.ts';
import { expectedMeters } from '../support/meters.ts';
import { Death, IMMORTAL, type Lifetime, ProjectorWorld } from '../support/projector-world.ts';
import { pageRecord } from '../support/stream-records.ts';

const RUNS = { stories: 60, repairs: 40 };
const HOUR_MS = 3_600_000;

const post = fc.record({
  lane: fc.constantFrom(lane(2), lane(7)),
  entries: fc.array(
    fc.record({
      kind: fc.constantFrom('usage', 'usage', 'usage', 'adjustment'),
      metric: fc.constantFrom('api_call', 'storage_gb_hour', 'a#b'),
      quantity: fc.integer({ min: 1, max: 1_000 }),
      hoursAgo: fc.integer({ min: 0, max: 40 }),
    }),
    { minLength: 1, maxLength: 4 },
  ),
});
const lifetime = fc.oneof(
  fc.constant(IMMORTAL),
  fc.record({ calls: fc.integer({ min: 0, max: 14 }), diesAfterEffect: fc.boolean() }),
);
/** A stretch of all that was posted: it may repeat pages, and leave some out. */
const delivery = fc.record({
  what: fc.constant('delivery' as const),
  from: fc.nat(),
  pages: fc.nat({ max: 6 }),
  lifetime,
});
const rebuild = fc.record({ what: fc.constant('rebuild' as const), lifetime });
/** What is posted, and what goes on at once while it is. */
const rounds = fc.array(
  fc.record({
    posts: fc.array(post, { maxLength: 5 }),
    processes: fc.array(fc.oneof({ weight: 3, arbitrary: delivery }, { weight: 1, arbitrary: rebuild }), {
      minLength: 1,
      maxLength: 3,
    }),
  }),
  { minLength: 1, maxLength: 4 },
);
const damage = fc.array(
  fc.record({
    place: fc.nat(),
    attributes: fc.constantFrom<object>(
      { seq: 99n, generation: 0n, q03: 5n, a03: 5n },
      { seq: 0n, generation: 0n },
      { seq: 'x' },
      { seq: 1n, generation: 1n, q01: 'x' },
      { seq: 2n, generation: 9_999_999_999_999n, q01: 1n },
    ),
  }),
  { minLength: 1, maxLength: 4 },
);

type Round = typeof rounds extends fc.Arbitrary<(infer One)[]> ? One : never;
type Post = Round['posts'][number];
type Wounds = typeof damage extends fc.Arbitrary<infer All> ? All : never;

describe.skipIf(!dynoxide.available)('usage meters, however their pages arrive', () => {
  const dynamodb = useDynamodb(dynoxide);
  const tables = new LedgerTables(dynamodb, 'p');

  /** A tenant's journal and the projector over it. */
  class Story {
    readonly world: ProjectorWorld;
    readonly pages: JournalPage[] = [];
    readonly #key = tables.freshLane();
    #entries = 0;

    constructor(seed: number) {
      this.world = new ProjectorWorld(dynamodb, tables, seed);
    }

    get tenant() {
      return this.#key.tenant;
    }

    async live({ posts, processes }: Round): Promise<void> {
      const posting = async () => {
        for (const one of posts)
          this.pages.push(await tables.post({ ...this.#key, lane: one.lane }, this.#entriesOf(one)));
      };
      await Promise.all([posting(), ...processes.map((process) => this.#run(process))]);
    }

    deliver(from = 0, count = this.pages.length, life?: Lifetime) {
      return this.world.deliver(
        this.pages.slice(from, from + count).map((page, index) => pageRecord(page, from + index)),
        life,
      );
    }

    async #run(process: Round['processes'][number]): Promise<void> {
      const { lifetime: life } = process;
      try {
        if (process.what === 'rebuild') await this.world.rebuild({ tenant: this.tenant }, life);
        else await this.deliver(process.from % (this.pages.length + 1), process.pages, life);
      } catch (error) {
        if (!(error instanceof Death)) throw error;
      }
    }

    #entriesOf({ entries }: Post): JournalEntry[] {
      return entries.map((one) => {
        this.#entries += 1;
        const { tenant } = this;
        if (one.kind === 'adjustment') return adjustmentEntry(adjustmentEvent(`k${this.#entries}`, { tenant }));
        const used = {
          ...{ tenant, metric: metric(one.metric), quantity: quantity(one.quantity) },
          eventDate: instantOf(NOW_MS - one.hoursAgo * HOUR_MS),
        };
        return usageEntry(usageEvent(`k${this.#entries}`, used), amountMinor(BigInt(one.quantity) * 3n));
      });
    }
  }

  it('equal what the pages hold, whoever dies, repeats, overtakes or rebuilds', async () => {
    await fc.assert(
      fc.asyncProperty(rounds, fc.nat(), async (story, seed) => {
        const told = new Story(seed);
        const { world, pages, tenant } = told;
        for (const round of story) await told.live(round);
        expect(await told.deliver()).toEqual({ batchItemFailures: [] });
        expect(await world.shown(tenant)).toEqual(expectedMeters(pages));
        expect(world.telemetry.errors.filter(({ error }) => !(error instanceof Death))).toEqual([]);
      }),
      { numRuns: RUNS.stories },
    );
  });

  it('are whole again after a rebuild, whatever somebody did to them, with the stream going on', async () => {
    await fc.assert(
      fc.asyncProperty(rounds, damage, fc.nat(), async (story, wounds, seed) => {
        const told = new Story(seed);
        const { world, pages, tenant } = told;
        for (const round of story) await told.live(round);
        await wound(world, tenant, wounds);
        await Promise.all([world.rebuildStepwise({ tenant }), told.deliver()]);
        expect(await told.deliver()).toEqual({ batchItemFailures: [] });
        expect(await world.shown(tenant)).toEqual(expectedMeters(pages));
      }),
      { numRuns: RUNS.repairs },
    );
  });

  /** Overwrites some of the tenant's meters and cursors, and adds a meter that nothing was ever posted to. */
  async function wound(world: ProjectorWorld, tenant: LaneKey['tenant'], wounds: Wounds) {
    const keys = [meterCursorKey({ ...tables.freshLane(), tenant, lane: lane(2) })];
    for await (const { stored } of world.meters.all(tenant, undefined)) keys.push(stored);
    keys.push(
      { pk: `U#${tenant}#nothing`, sk: '2026-01-01#2026-03#02' },
      { pk: `U#${tenant}#api_call`, sk: 'no meter' },
    );
    for (const { place, attributes } of wounds) {
      const key = keys[place % keys.length];
      if (key !== undefined) await tables.overwrite('usage', key, attributes);
    }
  }
});
