import { describe, expect, it } from 'vitest';
import { refusalReasons } from '../../lambdas/domain/refusal.ts';
import { payloadHash } from '../../lambdas/domain/usage-event.ts';
import { intakeKey, refusalKey } from '../../lambdas/storage/keys.ts';
import { refusalItem } from '../../lambdas/storage/refusal-item.ts';
import { dynoxide, useDynamodb } from '../support/dynamodb.ts';
import { alpha, eventId, instant, metric } from '../support/events.ts';
import { RunWorld } from '../support/run-world.ts';

const dynamodb = useDynamodb(dynoxide);
const YESTERDAY = instant('2026-03-14T10:00:00Z');
const gone = eventId('api:b');

/** Three events accepted yesterday and refused, for they have no price, and one accepted today: nothing of the three stands in any lane. */
async function worldOfRefused(): Promise<RunWorld> {
  const world = await RunWorld.create(dynamodb);
  for (const event of await world.accept(['a', 'b', 'c'], { receivedAt: YESTERDAY, metric: metric('ghost') })) {
    const { tenant, eventId: id } = event;
    const failure = { final: true, reason: refusalReasons.unpriced, payloadHash: payloadHash(event), attempts: 1 };
    const moments = { firstAt: YESTERDAY, lastAt: YESTERDAY };
    await world.put('ledger', refusalItem({ tenant, eventId: id, ...failure, ...moments }));
  }
  await world.accept(['today'], { receivedAt: instant('2026-03-15T11:59:00Z') });
  return world;
}

/** Removes one of the three, with its refusal. */
async function removeTraces(world: RunWorld): Promise<void> {
  await world.delete('intake', intakeKey(alpha, gone));
  await world.delete('ledger', refusalKey(alpha, gone));
}

describe.skipIf(!dynoxide.available)('an accepted event that was removed without a trace', () => {
  it('goes unseen as long as its day was not anchored', async () => {
    const world = await worldOfRefused();
    await removeTraces(world);
    expect((await world.run()).found).toEqual([]);
  });

  it('is missed by every full run once its day was anchored', async () => {
    const world = await worldOfRefused();
    expect((await world.run()).found).toEqual([]);
    await removeTraces(world);
    for (let run = 0; run < 2; run += 1) {
      world.clock.advance(86_400_000);
      const { found } = await world.run();
      const mine = found.filter(({ type }) => type !== 'unsettled');
      expect(mine).toMatchObject([{ type: 'anchored_intake_mismatch', place: { item: 'usage 2026-03-14' } }]);
      expect(mine[0]?.message).toContain('held 3 records accepted in 2026-03-14');
    }
  });

  it('may be joined by others as long as its day is not over', async () => {
    const world = await worldOfRefused();
    expect((await world.run()).found).toEqual([]);
    await world.accept(['later'], { receivedAt: instant('2026-03-15T11:59:30Z') });
    expect((await world.run()).found).toEqual([]);
  });
});
