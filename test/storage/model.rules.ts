import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyHead, type LaneHead, type LaneKey, nextPage } from '../../lambdas/domain/page.ts';
import { refusalReasons } from '../../lambdas/domain/refusal.ts';
import { payloadHash } from '../../lambdas/domain/usage-event.ts';
import type { CommitOutcome } from '../../lambdas/storage/posting.ts';
import type { Dynamodb } from '../support/dynamodb.ts';
import { entry, eventId, lane, NOW, usageEvent } from '../support/events.ts';
import { FakeLedger } from '../support/fake-ledger.ts';
import { hashesFor } from '../support/hashes.ts';
import { LedgerTables, SHUT_AT } from '../support/ledger-tables.ts';

const RUNS = 20;

/** One thing done to both; few keys and lanes, so that everything collides with everything. */
const steps = fc.array(
  fc.record({
    action: fc.constantFrom('commit', 'commit', 'commit', 'commit', 'stale', 'shut', 'rollBack', 'overflow', 'refuse'),
    lane: fc.nat({ max: 1 }),
    keys: fc.uniqueArray(fc.nat({ max: 5 }), { minLength: 1, maxLength: 3 }),
  }),
  { minLength: 1, maxLength: 12 },
);

/** That the in-memory ledger of the consumer's tests answers as DynamoDB does. */
export function modelRules(dynamodb: Dynamodb): void {
  describe('the in-memory ledger', () => {
    const tables = new LedgerTables(dynamodb, 'model');

    it('does what the engine does, transaction by transaction', async () => {
      await fc.assert(
        fc.asyncProperty(steps, async (story) => {
          const fake = new FakeLedger();
          const home = tables.freshLane();
          const lanes = [home, { ...home, lane: lane(9) }];
          for (const step of story) await takeStep(step, lanes[step.lane] ?? home, fake, tables);
          for (const key of lanes) {
            expect(await fake.head(key)).toEqual(await tables.balances.head(key));
            const pages = [];
            for await (const page of tables.ledger.pages(key, 1, 99)) pages.push(page);
            expect(fake.pagesOf(key)).toEqual(pages);
          }
          expect(await fake.heads(home.tenant)).toEqual(await tables.balances.heads(home.tenant));
          for (const key of [0, 1, 2, 3, 4, 5]) {
            const id = eventId(`api:${key}`);
            expect(await fake.marker(home.tenant, id)).toEqual(await tables.ledger.marker(home.tenant, id));
            expect(await fake.refusal(home.tenant, id)).toEqual(await tables.ledger.refusal(home.tenant, id));
          }
        }),
        { numRuns: RUNS },
      );
    });
  });
}

type Step = typeof steps extends fc.Arbitrary<(infer One)[]> ? One : never;

async function takeStep({ action, keys }: Step, key: LaneKey, fake: FakeLedger, tables: LedgerTables): Promise<void> {
  const head = await fake.head(key);
  switch (action) {
    case 'shut':
      if (head.closedAt === undefined) await tables.shut(key);
      return fake.close(key, SHUT_AT);
    case 'rollBack': {
      if (head.lastPostedAt === undefined || head.closedAt !== undefined) return;
      const back = { ...head, nextSeq: Math.max(1, head.nextSeq - 1) };
      fake.rollBack(back);
      return tables.rollBack(back);
    }
    case 'refuse': {
      const [first = 0] = keys;
      const event = usageEvent(`${first}`, { tenant: key.tenant });
      const how = { final: first % 2 === 0, reason: refusalReasons.conflict, at: NOW, deliveries: 1 };
      const failure = { tenant: key.tenant, eventId: event.eventId, payloadHash: payloadHash(event), ...how };
      await tables.ledger.refuse(failure);
      return fake.refuse(failure);
    }
    default: {
      const from = action === 'stale' ? emptyHead(key) : head;
      const entries = keys.map((each) => entry(`${each}`, action === 'overflow' ? 10n ** 38n + 1n : BigInt(each + 1)));
      await compareCommit(from, entries, fake, tables);
    }
  }
}

async function compareCommit(
  head: LaneHead,
  entries: ReturnType<typeof entry>[],
  fake: FakeLedger,
  tables: LedgerTables,
) {
  const page = nextPage(head, entries, NOW);
  const ours = await fake.commit(head, page, hashesFor(page));
  expect(comparable(ours)).toEqual(comparable(await tables.commit(head, page)));
}

/** Which words the engine finds for invalid content is its own affair. */
function comparable(outcome: CommitOutcome): CommitOutcome {
  return outcome.status === 'invalid' ? { status: 'invalid', detail: '' } : outcome;
}
