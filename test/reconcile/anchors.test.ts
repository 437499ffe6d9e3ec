import { describe, expect, it } from 'vitest';
import { type Anchor, anchorText } from '../../lambdas/domain/anchor.ts';
import { instantOf } from '../../lambdas/domain/instant.ts';
import { IntakeTally } from '../../lambdas/domain/intake-tally.ts';
import type { JournalPage, LaneKey } from '../../lambdas/domain/page.ts';
import { payloadHash } from '../../lambdas/domain/usage-event.ts';
import { AnchorRecorder } from '../../lambdas/reconcile/anchors/anchor-recorder.ts';
import type { AnchorPorts } from '../../lambdas/reconcile/anchors/ports.ts';
import { verifyAnchors } from '../../lambdas/reconcile/anchors/verify-anchors.ts';
import { alpha, entry, lane, laneKey, must, NOW, NOW_MS, period, usageEvent } from '../support/events.ts';
import { FakeAnchoredLanes, FakeBucket } from '../support/fake-bucket.ts';
import { type LaneStory, laneOfPages, numberedLane } from '../support/lanes.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const FOREVER = { deadlineMs: Number.POSITIVE_INFINITY };

/** Lanes, seals and a bucket in memory; the test changes them behind the back of what it tests. */
class World {
  readonly bucket = new FakeBucket();
  readonly index = new FakeAnchoredLanes();
  readonly clock = new VirtualClock(NOW_MS);
  readonly lanes = new Map<string, LaneStory>();
  readonly seals = new Map<string, string>();
  #runs = 0;

  readonly ports: AnchorPorts = {
    anchors: this.bucket,
    anchoredLanes: this.index.port,
    ledger: { pageHashes: async (places) => places.map((place) => this.#page(place)?.hash) },
    seals: { sealHash: async (tenant, month) => this.seals.get(`${tenant} ${month}`) },
    clock: this.clock,
  };

  set(story: LaneStory): LaneStory {
    this.lanes.set(nameOf(story.head), story);
    return story;
  }

  /** A run that found nothing wrong: it offers every lane. */
  async run() {
    this.#runs += 1;
    this.clock.advance(60_000);
    const recorder = new AnchorRecorder(this.ports, `run${this.#runs}`);
    const faults = [];
    for (const { head } of this.lanes.values()) {
      const { tenant, period: month, lane: number, nextSeq, chain } = head;
      faults.push(await recorder.offer({ tenant, period: month, lane: number, seq: nextSeq - 1, chain }));
    }
    await recorder.flush();
    return faults.filter((fault) => fault !== undefined);
  }

  async check(tally?: IntakeTally) {
    return (await verifyAnchors(undefined, this.ports, { ...FOREVER, ...(tally && { tally }) })).faults;
  }

  #page(place: LaneKey & { seq: number }): JournalPage | undefined {
    return this.lanes.get(nameOf(place))?.pages.find(({ seq }) => seq === place.seq);
  }
}

function nameOf({ tenant, period: month, lane: number }: LaneKey): string {
  return `${tenant} ${month} ${number}`;
}

/** The same lane with one amount changed and every later page made to fit. */
function rewritten(pages: number): LaneStory {
  return laneOfPages(
    Array.from({ length: pages }, (_, page) => [entry(`k${page}-0`, page === 1 ? 1n : BigInt(page * 100 + 1))]),
  );
}

describe('anchoring', () => {
  it('lists a lane once it has moved, and only then', async () => {
    const world = new World();
    world.set(numberedLane([1, 1]));
    world.set(numberedLane([2], laneKey({ lane: lane(4) })));
    await world.run();
    world.set(numberedLane([1, 1, 1]));
    await world.run();
    await world.run();
    expect(world.bucket.anchors().map(({ heads }) => heads.map((head) => [head.lane, head.seq]))).toEqual([
      [
        [3, 2],
        [4, 1],
      ],
      [[3, 3]],
    ]);
    expect(await world.check()).toEqual([]);
  });

  it('names the anchor before, so that none can be hidden', async () => {
    const world = new World();
    for (const pages of [[1], [1, 1], [1, 1, 1]]) {
      world.set(numberedLane(pages));
      await world.run();
    }
    const [first, second] = world.bucket.keys();
    expect(world.bucket.anchors().map(({ previous }) => previous?.key)).toEqual([undefined, first, second]);
    world.bucket.texts.delete(must(second));
    expect(await world.check()).toMatchObject([{ type: 'missing_anchor', place: { item: second } }]);
  });

  it('splits what is too much for one anchor', async () => {
    const world = new World();
    const recorder = new AnchorRecorder(world.ports, 'big');
    const { head } = numberedLane([1]);
    for (let number = 0; number < 2_500; number += 1) {
      const month = period(`${2_000 + Math.floor(number / 12)}-${String((number % 12) + 1).padStart(2, '0')}`);
      await recorder.offer({ ...laneKey({ period: month }), seq: 1, chain: head.chain });
    }
    await recorder.flush();
    expect(world.bucket.anchors().map(({ heads }) => heads.length)).toEqual([1_000, 1_000, 500]);
    expect(world.bucket.keys().map((key) => key.slice(-9))).toEqual(['0001.json', '0002.json', '0003.json']);
    expect(Math.max(...[...world.bucket.texts.values()].map((text) => text.length))).toBeLessThan(200_000);
  });

  it('loses no anchor when a step is done again at the same moment', async () => {
    const world = new World();
    const { head } = world.set(numberedLane([1]));
    const anchored = { ...laneKey(), seq: 1, chain: head.chain };
    const dying = new AnchorRecorder(world.ports, 'run');
    await dying.offer(anchored);
    await dying.flush();
    world.index.keys.clear();
    const again = new AnchorRecorder(world.ports, 'run');
    await again.offer(anchored);
    await again.flush();
    expect(world.bucket.keys()).toHaveLength(2);
    expect(await world.check()).toEqual([]);
  });
});

describe('a lane rewritten coherently', () => {
  it('passes every check of itself, and is found by its anchor and not anchored again', async () => {
    const world = new World();
    world.set(rewrittenFrom());
    await world.run();
    const { head } = world.set(rewritten(4));
    expect(await world.run()).toMatchObject([
      { type: 'anchored_hash_missing', tenant: alpha, place: { period: '2026-03', lane: 3, seq: 3 } },
    ]);
    expect(await world.check()).toMatchObject([{ type: 'anchored_hash_missing', place: { lane: 3, seq: 3 } }]);
    const everAnchored = world.bucket.anchors().flatMap(({ heads }) => heads.map(({ chain }) => chain));
    expect(everAnchored).not.toContain(head.chain);
  });

  it('is found by a full run though the index was made to forget its anchor', async () => {
    const world = new World();
    world.set(rewrittenFrom());
    await world.run();
    world.set(rewritten(4));
    world.index.keys.clear();
    expect(await world.run()).toEqual([]);
    expect(await world.check()).toMatchObject([{ type: 'anchored_hash_missing', place: { lane: 3, seq: 3 } }]);
  });

  it('is found when the index points to an anchor of others', async () => {
    const world = new World();
    world.set(numberedLane([1], laneKey({ lane: lane(5) })));
    await world.run();
    const [others] = world.bucket.keys();
    world.set(rewrittenFrom());
    await world.run();
    world.set(rewritten(4));
    world.index.keys.set(nameOf(laneKey()), must(others));
    expect(await world.run()).toMatchObject([{ type: 'anchor_index_mismatch', place: { period: '2026-03', lane: 3 } }]);
  });

  it('is found cut back', async () => {
    const world = new World();
    world.set(rewrittenFrom());
    await world.run();
    world.set(laneOfPages([[entry('k0-0', 1n)]]));
    const found = [
      { type: 'anchored_hash_missing', place: { lane: 3, seq: 3 }, message: expect.stringContaining('cut back') },
    ];
    expect(await world.run()).toMatchObject(found);
    expect(await world.check()).toMatchObject(found);
  });

  /** Three pages of the lane as they were before. */
  function rewrittenFrom(): LaneStory {
    return laneOfPages(Array.from({ length: 3 }, (_, page) => [entry(`k${page}-0`, BigInt(page * 100 + 1))]));
  }
});

describe('anchored seals', () => {
  it.each([
    ['altered', () => 'ef'.repeat(32)],
    ['gone', () => undefined],
  ])('are found %s', async (_, change) => {
    const world = new World();
    const seal = { tenant: alpha, period: period('2026-02'), hash: 'cd'.repeat(32) };
    world.seals.set(`${alpha} 2026-02`, seal.hash);
    const close: Anchor = { kind: 'close', at: NOW, previous: null, heads: [], seals: [seal], intake: [] };
    world.bucket.texts.set(`closes/${NOW}-${alpha}-2026-02.json`, anchorText(close));
    expect(await world.check()).toEqual([]);
    const after = change();
    if (after === undefined) world.seals.clear();
    else world.seals.set(`${alpha} 2026-02`, after);
    expect(await world.check()).toMatchObject([
      { type: 'anchored_seal_missing', tenant: alpha, place: { period: '2026-02' } },
    ]);
  });
});

describe('anchored intake', () => {
  const received = instantOf(NOW_MS - 86_400_000);
  const day = received.slice(0, 10);

  it.each([
    ['removed', [0, 1], 'held 3 records'],
    ['added', [0, 1, 2, 3], 'and holds 4'],
    ['altered', [0, 1, 7], 'was altered'],
  ])('is found with a record %s', async (_, keys, words) => {
    const world = new World();
    await new AnchorRecorder(world.ports, 'full').flush(tallyOf([0, 1, 2]).totals());
    expect(await world.check(tallyOf([2, 0, 1]))).toEqual([]);
    expect(await world.check(), 'without a tally it is not checked').toEqual([]);
    const faults = await world.check(tallyOf(keys));
    expect(faults.find(({ place }) => place.item === `usage ${day}`)).toMatchObject({
      type: 'anchored_intake_mismatch',
      message: expect.stringContaining(words),
    });
  });

  function tallyOf(keys: readonly number[]): IntakeTally {
    const tally = new IntakeTally(NOW);
    for (const key of keys) {
      const event = usageEvent(`k${key}`, { receivedAt: received });
      tally.add('usage', { ...event, payloadHash: payloadHash(event) });
    }
    return tally;
  }
});

describe('an anchor itself', () => {
  it('is found damaged, and found to be another than the next one names', async () => {
    const world = new World();
    for (const pages of [[1], [1, 1]]) {
      world.set(numberedLane(pages));
      await world.run();
    }
    const [first] = world.bucket.keys();
    const [anchor] = world.bucket.anchors();
    world.bucket.texts.set(must(first), anchorText({ ...must(anchor), at: NOW }));
    expect(await world.check()).toMatchObject([{ type: 'anchor_link_mismatch', place: { item: first } }]);
    world.bucket.texts.set(must(first), 'not an anchor');
    expect(await world.check()).toMatchObject([
      { type: 'damaged_anchor', place: { item: first } },
      { type: 'anchor_link_mismatch', place: { item: first } },
    ]);
  });

  it('is checked in steps that go on where the last one ran out of time', async () => {
    const world = new World();
    for (let pages = 1; pages <= 7; pages += 1) {
      world.set(laneOfPages(Array.from({ length: pages }, (_, page) => [entry(`k${page}`)])));
      await world.run();
    }
    world.set(laneOfPages(Array.from({ length: 7 }, (_, page) => [entry(`k${page}`, 2n)])));
    const seqs: (number | undefined)[] = [];
    let [cursor, steps]: [string | undefined, number] = [undefined, 0];
    do {
      let asked = 0;
      const clock = { ...world.clock, nowMs: () => asked++, sleep: world.clock.sleep, random: world.clock.random };
      const step = await verifyAnchors(cursor, { ...world.ports, clock }, { deadlineMs: 1 });
      seqs.push(...step.faults.map(({ place }) => place.seq));
      [cursor, steps] = [step.cursor, steps + 1];
    } while (cursor !== undefined);
    expect(seqs).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(steps).toBeGreaterThan(2);
  });
});
