import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MIN_AGE_MS, MINUTE_MS, SweepWorld } from '../support/sweep-world.ts';

const SPAN_MINUTES = 240;
const RUNS = 60;

const stories = fc.record({
  ages: fc.uniqueArray(fc.nat({ max: SPAN_MINUTES }), { maxLength: 15 }),
  posted: fc.array(fc.boolean(), { minLength: 15, maxLength: 15 }),
  ends: fc.array(
    fc.record({ after: fc.nat({ max: 250 }), half: fc.boolean(), deep: fc.boolean(), queueIsDown: fc.boolean() }),
    { maxLength: 6 },
  ),
});

describe('a sweep that dies at any step', () => {
  it('is carried on by the next one: in the end everything stranded was sent, nothing settled was, and the watermark skipped none', async () => {
    await fc.assert(
      fc.asyncProperty(stories, async ({ ages, posted, ends }) => {
        const world = new SweepWorld();
        // The first run of all came before the first event.
        world.clock.advance(-SPAN_MINUTES * MINUTE_MS);
        await world.run();
        world.clock.advance(SPAN_MINUTES * MINUTE_MS);
        const stranded = new Set<string>();
        for (const [index, age] of ages.entries()) {
          const event = await world.accept(`k${index}`, age * MINUTE_MS);
          if (posted[index]) await world.post(event);
          else stranded.add(`k${index}`);
        }
        for (const { after, half, deep, queueIsDown } of ends) {
          world.callsUntilCrash = half ? after + 0.5 : after;
          world.depth = deep ? 5_000 : 0;
          world.queueIsDown = queueIsDown;
          await world.run().catch(() => undefined);
          world.clock.advance(MINUTE_MS);
          // Everything older than the watermark has settled or is on record.
          for (const { event } of world.intake.records.values()) {
            const isBehind = world.watermark !== undefined && event.receivedAt < world.watermark;
            const key = event.eventId.slice('api:'.length);
            if (isBehind && stranded.has(key)) expect(world.attempts.has(`tenant_alpha#api:${key}`)).toBe(true);
          }
        }
        Object.assign(world, { callsUntilCrash: Number.POSITIVE_INFINITY, depth: 0, queueIsDown: false });
        for (let run = 0; run < 3; run += 1) {
          world.clock.advance(2 ** 7 * MIN_AGE_MS);
          await world.run();
        }
        expect(new Set(world.sentIds())).toEqual(stranded);
      }),
      { numRuns: RUNS },
    );
  });

  it('begins, when it is the first of all, no later after it was stopped', async () => {
    const world = new SweepWorld();
    await world.accept('k', 30 * MINUTE_MS);
    for (let run = 0; run < 30; run += 1) {
      world.depth = run % 2 === 0 ? 5_000 : 0;
      world.callsUntilCrash = 8;
      await world.run().catch(() => undefined);
      world.clock.advance(10 * MINUTE_MS);
    }
    Object.assign(world, { callsUntilCrash: Number.POSITIVE_INFINITY, depth: 0 });
    await world.run();
    expect(world.sentIds()).toEqual(['k']);
  });
});
