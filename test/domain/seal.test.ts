import { describe, expect, it } from 'vitest';
import { ALL_LANES } from '../../lambdas/domain/lane.ts';
import { amountMinor } from '../../lambdas/domain/money.ts';
import { emptyHead, type LaneHead, type PageHash } from '../../lambdas/domain/page.ts';
import { type Carry, carryAfter, emptyCarry, nextSeal, type Seal, sealHash } from '../../lambdas/domain/seal.ts';
import { alpha, beta, instant, lane, NOW, period } from '../support/events.ts';

const facts = { period: period('2026-03'), closedAt: NOW, sealedAt: instant('2026-03-15T12:00:01Z'), currency: 'USD' };

/** All heads of a month, shut; lane n has posted n entries of one unit. */
function shutHeads(month = facts.period): LaneHead[] {
  return ALL_LANES.map((number) => {
    const amount = amountMinor(BigInt(number));
    const totals = { receivable: amount, revenue: amountMinor(-amount), adjustments: amountMinor(0n) };
    const head = emptyHead({ tenant: alpha, period: month, lane: number });
    return { ...head, nextSeq: number + 1, entryCount: number, totals, closedAt: NOW };
  });
}

describe('a seal', () => {
  it('has the totals, counts and chains of every lane, and what all seals so far come to', () => {
    const first = nextSeal(emptyCarry(alpha), shutHeads(), facts);
    expect(first).toMatchObject({ number: 1, entryCount: 136, totals: { receivable: 136n, revenue: -136n } });
    expect(first.lanes.map((sealed) => sealed.lane)).toEqual(ALL_LANES);
    const carry = carryAfter(emptyCarry(alpha), first);
    expect(carry).toMatchObject({ sealCount: 1, entryCount: 136, lastSeal: first.hash, totals: first.totals });
    const january = period('2026-01');
    const second = nextSeal(carry, shutHeads(january), { ...facts, period: january });
    expect(second).toMatchObject({ number: 2, prevHash: first.hash, carried: { receivable: 272n, revenue: -272n } });
    expect(carryAfter(carry, second).months).toEqual([
      { from: '2026-01', to: '2026-01' },
      { from: '2026-03', to: '2026-03' },
    ]);
  });

  it('is refused while a lane is open, missing, or of another month', () => {
    const heads = shutHeads();
    const open = heads.map((head) => (head.lane === 16 ? { ...head, closedAt: undefined } : head));
    for (const wrong of [open, heads.slice(1), [], shutHeads(period('2026-02'))]) {
      expect(() => nextSeal(emptyCarry(alpha), wrong, facts)).toThrow(RangeError);
    }
  });

  it('has a hash that covers all of it', () => {
    const seal = nextSeal(emptyCarry(alpha), shutHeads(), facts);
    const [firstLane, ...otherLanes] = seal.lanes;
    const one = { receivable: amountMinor(1n), revenue: amountMinor(-1n), adjustments: amountMinor(0n) };
    const changes: Partial<Seal>[] = [
      ...[{ tenant: beta }, { period: period('2026-02') }, { number: 2 }, { closedAt: facts.sealedAt }],
      ...[{ sealedAt: NOW }, { currency: 'EUR' }, { totals: one }, { entryCount: 1 }, { carried: one }],
      ...[{ lanes: [] }, { lanes: otherLanes }, { prevHash: seal.hash }],
      { lanes: [{ ...firstLane, lane: lane(0), nextSeq: 2, entryCount: 0, chain: 'x' as PageHash }, ...otherLanes] },
    ];
    expect(sealHash(seal)).toBe(seal.hash);
    const hashes = changes.map((change) => sealHash({ ...seal, ...change }));
    expect(new Set([seal.hash, ...hashes]).size).toBe(changes.length + 1);
  });

  it('continues nobody else’s chain', () => {
    const carries: Carry[] = [emptyCarry(alpha), emptyCarry(beta)];
    expect(new Set(carries.map(({ lastSeal }) => lastSeal)).size).toBe(2);
  });
});
