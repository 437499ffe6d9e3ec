import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConsumerWorld } from '../support/consumer-world.ts';
import { batches } from '../support/deliveries.ts';
import { faultScripts } from '../support/fault-script.ts';
import { auditAnswer, auditLedger, auditRefusals, isSettled } from '../support/ledger-audit.ts';

/** Whole numbers: fast-check counts down to zero and would miss it otherwise. */
const RUNS = { stories: 1_000, recoveries: 500, stalls: 300 };

const stories = fc.record({
  deliveries: fc.array(fc.record({ messages: batches, faults: faultScripts }), { minLength: 1, maxLength: 3 }),
  invocationMs: fc.constantFrom(0, 50, 20_000),
  seed: fc.nat(),
});

describe('a batch, whatever befalls it', () => {
  it('posts each id once, gives back what is unsettled in order, and keeps every invariant of the ledger', async () => {
    await fc.assert(
      fc.asyncProperty(stories, async ({ deliveries, invocationMs, seed }) => {
        await breathe();
        const world = new ConsumerWorld(seed);
        const seen = deliveries.flatMap(({ messages }) => messages);
        for (const { messages, faults } of deliveries) {
          const returned = await world.deliver(messages, faults, { invocationMs });
          auditAnswer(world.ledger, messages, returned);
          await auditLedger(
            world.ledger,
            world.books,
            seen.flatMap(({ events }) => events),
          );
          auditRefusals(world.ledger, world.books, seen);
        }
      }),
      { numRuns: RUNS.stories },
    );
  });

  it('settles everything once the faults are over and what came back is delivered again', async () => {
    await fc.assert(
      fc.asyncProperty(batches, faultScripts, fc.nat(), async (messages, faults, seed) => {
        const world = new ConsumerWorld(seed);
        const returned = await world.deliver(messages, faults);
        const again = messages.filter(({ id }) => returned.includes(id));
        expect(await world.deliver(again)).toEqual([]);
        for (const event of messages.flatMap(({ events }) => events)) {
          expect(isSettled(world.ledger, event), event.eventId).toBe(true);
        }
        auditRefusals(world.ledger, world.books, messages);
      }),
      { numRuns: RUNS.recoveries },
    );
  });

  it('keeps the trouble of one lane from every group that does not post into it', async () => {
    await fc.assert(
      fc.asyncProperty(batches, fc.nat({ max: 15 }), fc.nat(), async (messages, lane, seed) => {
        const world = new ConsumerWorld(seed);
        const stalled = { ...noProgress };
        const struck = new Set<string>();
        const returned = await world.deliver(messages, stalled, {
          strikes: (page) => {
            const hit = page.lane === lane;
            if (hit) for (const { eventId } of page.entries) struck.add(`${page.tenant}#${eventId}`);
            return hit;
          },
          invocationMs: 500,
        });
        const groupsHit = new Set(
          messages
            .filter(({ events }) => events.some(({ tenant, eventId }) => struck.has(`${tenant}#${eventId}`)))
            .map(({ group }) => group),
        );
        const free = messages.filter(({ group }) => !groupsHit.has(group)).map(({ id }) => id);
        expect(returned.filter((id) => free.includes(id))).toEqual([]);
      }),
      { numRuns: RUNS.stalls },
    );
  });
});

/** Lets the runner's own timers fire: nothing else here ever waits. */
function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

const noProgress = {
  commits: new Array<'throttled'>(10_000).fill('throttled'),
  heads: [],
  markers: [],
  refusals: [],
  prices: [],
  chosenReason: 0,
};
