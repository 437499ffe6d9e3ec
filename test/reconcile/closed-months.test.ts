import { beforeEach, describe, expect, it } from 'vitest';
import type { Discrepancy, DiscrepancyType } from '../../lambdas/domain/discrepancy.ts';
import { ALL_LANES } from '../../lambdas/domain/lane.ts';
import { emptyHead, headAfter, nextPage } from '../../lambdas/domain/page.ts';
import type { Period } from '../../lambdas/domain/period.ts';
import { emptyCarry, nextSeal, type Seal, sealHash } from '../../lambdas/domain/seal.ts';
import { payloadHash } from '../../lambdas/domain/usage-event.ts';
import { closureOf, sealItem } from '../../lambdas/storage/closure-item.ts';
import { carryKey, closureKey, headKey } from '../../lambdas/storage/keys.ts';
import { markerItem } from '../../lambdas/storage/ledger.ts';
import { dynoxide, useDynamodb } from '../support/dynamodb.ts';
import { alpha, instant, lane, laneKey, must, period } from '../support/events.ts';
import { RunWorld } from '../support/run-world.ts';

const dynamodb = useDynamodb(dynoxide);

const HOUR_MS = 3_600_000;
const january = period('2026-01');
const february = period('2026-02');
const inJanuary = laneKey({ period: january });
const inFebruary = laneKey({ period: february });

let world: RunWorld;

beforeEach(async () => {
  world = await RunWorld.create(dynamodb);
  await world.post(inJanuary, await world.accept(['j1', 'j2'], { receivedAt: instant('2026-01-10T00:00:00Z') }));
  await world.post(inFebruary, await world.accept(['f1'], { receivedAt: instant('2026-02-10T00:00:00Z') }));
  // Out of order: the first seal is February's.
  await world.close(alpha, february);
  await world.close(alpha, january);
  // Late usage of January, rolled past both.
  world.clock.advance(2 * HOUR_MS);
  await world.post(laneKey(), await world.accept(['late'], { receivedAt: instant('2026-01-20T00:00:00Z') }));
});

it('has no discrepancy in closed months, also while another is being closed', async () => {
  const { run, found } = await world.run();
  expect(found).toEqual([]);
  expect(run.counts).toMatchObject({ closures: 2, entries: 4 });
  await world.beginClose(alpha, period('2026-03'), 5);
  expect((await world.run()).found).toEqual([]);
  expect((await world.run('full', alpha)).found).toEqual([]);
  expect((await world.run('new')).found).toEqual([]);
  expect(world.clock.sleeps).toBe(0);
});

interface Corruption {
  readonly name: string;
  readonly corrupt: () => Promise<unknown>;
  readonly expected: Pick<Discrepancy, 'type' | 'place'>;
  readonly follows?: readonly DiscrepancyType[];
}

const corruptions: readonly Corruption[] = [
  {
    name: 'a gate that was opened again',
    corrupt: () => world.edit('balances', headKey(inJanuary), { closed_at: undefined }),
    expected: { type: 'reopened_gate', place: { period: january, lane: inJanuary.lane } },
    // The late usage of this lane was rolled past a month that now looks open.
    follows: ['period_mismatch'],
  },
  {
    name: 'an unused gate that was opened again',
    corrupt: () => world.delete('balances', headKey({ ...inJanuary, lane: lane(16) })),
    expected: { type: 'reopened_gate', place: { period: january, lane: lane(16) } },
    follows: ['seal_mismatch'],
  },
  {
    name: 'a gate that was opened, posted through, and shut again',
    corrupt: async () => {
      const [event] = await world.accept(['j3'], { receivedAt: instant('2026-01-11T00:00:00Z') });
      const head = await world.head(inJanuary);
      const page = nextPage(head, [world.entryOf(must(event))], instant('2026-01-11T00:00:00Z'));
      const marker = { ...inJanuary, seq: 2, index: 0, payloadHash: payloadHash(must(event)), postedAt: page.postedAt };
      await world.putPage(page);
      await world.put('ledger', markerItem(marker, must(event).eventId));
      await world.putHead(headAfter(head, page));
    },
    expected: { type: 'seal_mismatch', place: { period: january, lane: inJanuary.lane } },
  },
  {
    name: 'an entry booked past a month that was closed only later',
    corrupt: async () => {
      const march = laneKey({ lane: lane(9) });
      await world.post(laneKey({ period: period('2026-04'), lane: march.lane }), await world.accept(['moved']));
      world.clock.advance(HOUR_MS);
      await world.close(alpha, march.period);
    },
    expected: { type: 'period_mismatch', place: { period: period('2026-04'), lane: lane(9), seq: 1, index: 0 } },
  },
  {
    name: 'a seal whose totals were altered',
    corrupt: () =>
      world.edit('balances', closureKey(alpha, january), { totals: { receivable: 9n, revenue: -9n, adjustments: 0n } }),
    expected: { type: 'seal_mismatch', place: { period: january } },
    follows: ['carry_mismatch'],
  },
  {
    name: 'a seal whose end of a lane was altered, its hash made to match',
    corrupt: () =>
      alterSeal((seal) => ({ ...seal, lanes: seal.lanes.map((each) => ({ ...each, nextSeq: each.nextSeq + 1 })) })),
    expected: { type: 'seal_mismatch', place: { period: february, lane: inFebruary.lane } },
    follows: ['broken_seal_chain'],
  },
  {
    name: 'a seal altered where only its hash tells, its hash made to match',
    corrupt: () => alterSeal((seal) => ({ ...seal, currency: 'EUR' })),
    expected: { type: 'broken_seal_chain', place: { period: january } },
  },
  ...[1, 0].map((number) => ({
    name: `a month closed beside the chain of seals, as number ${number}`,
    corrupt: () => sealBeside(period('2025-12'), number),
    expected: { type: 'broken_seal_chain', place: { period: period('2025-12') } } as const,
    follows: ['broken_seal_chain'] as const,
  })),
  {
    name: 'a seal that was removed',
    corrupt: () => world.delete('balances', closureKey(alpha, february)),
    expected: { type: 'missing_seal', place: {} },
    follows: ['gate_without_closure'],
  },
  {
    name: 'a gate that was shut without a close',
    corrupt: async () => world.putHead({ ...(await world.head(laneKey())), closedAt: instant('2026-03-14T00:00:00Z') }),
    expected: { type: 'gate_without_closure', place: { period: laneKey().period, lane: laneKey().lane } },
  },
  {
    name: 'a carry that was altered',
    corrupt: () =>
      world.edit('balances', carryKey(alpha), { totals: { receivable: 0n, revenue: 0n, adjustments: 0n } }),
    expected: { type: 'carry_mismatch', place: {} },
  },
  {
    name: 'a carry that counts months which are open',
    corrupt: () => world.edit('balances', carryKey(alpha), { months: [{ from: january, to: period('2026-03') }] }),
    expected: { type: 'carry_mismatch', place: {} },
  },
  {
    name: 'a carry that was removed',
    corrupt: () => world.delete('balances', carryKey(alpha)),
    expected: { type: 'carry_mismatch', place: { period: january } },
  },
  {
    name: 'a damaged seal',
    corrupt: () => world.edit('balances', closureKey(alpha, january), { lanes: 'gone' }),
    expected: { type: 'damaged_item', place: { period: january } },
    follows: ['missing_seal'],
  },
  {
    name: 'a damaged carry',
    corrupt: () => world.edit('balances', carryKey(alpha), { months: 'all' }),
    expected: { type: 'damaged_item', place: { item: 'carry' } },
  },
];

describe('a full run over closed months', () => {
  it.each(corruptions)('names and locates $name', async ({ corrupt, expected, follows = [] }) => {
    await corrupt();
    const { found } = await world.run();
    expect(found).toContainEqual(expect.objectContaining({ tenant: alpha, ...expected }));
    const allowed = new Set([expected.type, ...follows]);
    expect(found.filter(({ type }) => !allowed.has(type))).toEqual([]);
  });
});

/** Closes an empty month as an honest close would, except that nothing counts its seal. */
async function sealBeside(month: Period, number: number): Promise<void> {
  const at = instant('2026-03-01T00:00:00Z');
  const heads = ALL_LANES.map((each) => ({ ...emptyHead({ tenant: alpha, period: month, lane: each }), closedAt: at }));
  for (const head of heads) await world.put('balances', { ...headKey(head), closed_at: at });
  const seal = nextSeal(emptyCarry(alpha), heads, { period: month, closedAt: at, sealedAt: at, currency: 'USD' });
  await world.put('balances', sealItem({ ...seal, number, hash: sealHash({ ...seal, number }) }, 'nobody'));
}

/** Rewrites the first seal, February's, and hashes it again. */
async function alterSeal(alter: (seal: Seal) => Seal): Promise<void> {
  const closure = closureOf(alpha, february, await world.item('balances', closureKey(alpha, february)));
  if (closure.status !== 'closed') throw new Error('February is closed.');
  const altered = alter(closure.seal);
  await world.put('balances', sealItem({ ...altered, hash: sealHash(altered) }, closure.claimId));
}
