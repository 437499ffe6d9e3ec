import { beforeEach, describe, expect, it } from 'vitest';
import type { Discrepancy } from '../../lambdas/domain/discrepancy.ts';
import { emptyHead, headAfter, nextPage } from '../../lambdas/domain/page.ts';
import { intakeKey, markerKey } from '../../lambdas/storage/keys.ts';
import { dynoxide, useDynamodb } from '../support/dynamodb.ts';
import { alpha, eventId, laneKey, must, NOW } from '../support/events.ts';
import { RunWorld } from '../support/run-world.ts';

const dynamodb = useDynamodb(dynoxide);
const key = laneKey();

let world: RunWorld;

beforeEach(async () => {
  world = await RunWorld.create(dynamodb);
});

describe('a run over what is new', () => {
  beforeEach(async () => {
    await world.charge(key, [['a1'], ['b1'], ['c1']]);
    expect((await world.run('new')).run.counts).toMatchObject({ lanes: 1, pages: 3, entries: 3 });
  });

  it('goes on where the last one stopped, and leaves alone what has not moved', async () => {
    expect((await world.run('new')).run.counts).toEqual({ heads: 1 });
    await world.charge(key, [['d1', 'd2']]);
    world.clock.advance(1_000);
    expect((await world.run('new')).run.counts).toMatchObject({ heads: 1, lanes: 1, pages: 1, entries: 2 });
    expect(await anchoredSeqs()).toEqual([3, 4]);
  });

  it('finds what is wrong with it, and does not pass it by the next time', async () => {
    await world.charge(key, [['d1']]);
    await world.delete('intake', intakeKey(alpha, eventId('api:d1')));
    for (let time = 0; time < 2; time += 1) expect(typesOf(await world.run('new'))).toEqual(['missing_intake']);
    expect(await anchoredSeqs()).toEqual([3]);
  });

  it('finds a head whose sums alone were altered', async () => {
    await world.putHead({ ...(await world.head(key)), entryCount: 2 });
    expect(typesOf(await world.run('new'))).toEqual(['head_mismatch']);
  });

  it('finds a lane that was cut back, which by itself is whole', async () => {
    const [first, second] = await world.pages(key);
    await world.delete('ledger', markerKey(alpha, eventId('api:c1')));
    await world.delete('intake', intakeKey(alpha, eventId('api:c1')));
    await world.deletePage(key, 3);
    await world.putHead(headAfter(headAfter(emptyHead(key), must(first)), must(second)));
    expect(typesOf(await world.run('new'))).toEqual(['rolled_back_head']);
    const full = typesOf(await world.run());
    expect(full).toContain('rolled_back_head');
  });

  it('finds a past that was rewritten without a seam, by the mark and by the anchor', async () => {
    let head = emptyHead(key);
    for (const page of await world.pages(key)) {
      const changed = page.seq === 1 ? page.entries.map((entry) => ({ ...entry, eventDate: NOW })) : page.entries;
      const rewritten = nextPage(head, changed, page.postedAt);
      await world.putPage({ ...rewritten });
      head = headAfter(head, rewritten);
    }
    await world.putHead(head);
    expect(typesOf(await world.run('new'))).not.toEqual([]);
    const full = typesOf(await world.run());
    expect(full).toContain('rewritten_chain');
    expect(full).toContain('anchored_hash_missing');
  });
});

function typesOf({ found }: { found: readonly Discrepancy[] }): string[] {
  return found.map(({ type }) => type);
}

async function anchoredSeqs(): Promise<number[]> {
  return world.bucket.anchors().flatMap(({ heads }) => heads.map(({ seq }) => seq));
}
