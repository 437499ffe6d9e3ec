import type { DiscrepancyType } from './discrepancy.ts';
import { addTotals, sameTotals, zeroTotals } from './journal.ts';
import { ALL_LANES, type Lane } from './lane.ts';
import type { LaneHead } from './page.ts';
import type { Period } from './period.ts';
import { type Carry, carryAfter, emptyCarry, type Seal, sealHash } from './seal.ts';

/** Where a closed month, or the chain of a tenant's closed months, contradicts what it was sealed from. */
export interface SealFault {
  readonly type: DiscrepancyType;
  readonly period?: Period;
  readonly lane?: Lane;
  readonly expected?: string;
  readonly found?: string;
  readonly message: string;
}

/** Holds a seal against its own hash and against the heads of its lanes, each undefined where there is none. */
export function sealFaults(seal: Seal, headOf: (lane: Lane) => LaneHead | undefined): SealFault[] {
  const { period, closedAt } = seal;
  const faults: SealFault[] = [];
  if (sealHash(seal) !== seal.hash) {
    const hashes = { expected: sealHash(seal), found: seal.hash };
    faults.push({ type: 'seal_mismatch', period, ...hashes, message: 'the seal does not match its hash' });
  }
  for (const lane of ALL_LANES) {
    const head = headOf(lane);
    if (head?.closedAt !== closedAt) {
      const times = { expected: closedAt, found: head?.closedAt ?? 'open' };
      const message = 'the month is closed, and the gate of this lane is not as the close left it';
      faults.push({ type: 'reopened_gate', period, lane, ...times, message });
    }
    const [sealed, stands] = [seal.lanes.find((one) => one.lane === lane), head];
    const isSame =
      sealed?.nextSeq === stands?.nextSeq &&
      sealed?.chain === stands?.chain &&
      sealed?.entryCount === stands?.entryCount;
    if (isSame) continue;
    const message = 'the lane no longer ends where it was sealed';
    faults.push({ type: 'seal_mismatch', period, lane, expected: endOf(sealed), found: endOf(stands), message });
  }
  const heads = ALL_LANES.map(headOf).filter((head) => head !== undefined);
  const totals = heads.map((head) => head.totals).reduce(addTotals, zeroTotals);
  const entryCount = heads.reduce((count, head) => count + head.entryCount, 0);
  if (!sameTotals(totals, seal.totals) || entryCount !== seal.entryCount) {
    faults.push({ type: 'seal_mismatch', period, message: 'its totals or count are not the sum of its lanes' });
  }
  return faults;
}

/**
 * Holds all of a tenant's seals against each other, in the order in which they were put, and against the carry: what was
 * read before them, which they must all lead up to, and what was read after them, which none may be ahead of.
 */
export function sealChainFaults(seals: readonly Seal[], before: Carry, after: Carry): SealFault[] {
  const faults = unnumberedFaults(seals);
  const byNumber = new Map(seals.map((seal) => [seal.number, seal]));
  let carry = emptyCarry(before.tenant);
  for (let number = 1; number <= before.sealCount; number += 1) {
    const seal = byNumber.get(number);
    if (seal === undefined) {
      // What it came to is unknown, so what follows can't be summed up.
      return [...faults, { type: 'missing_seal', message: `seal ${number} of ${before.sealCount} is gone` }];
    }
    faults.push(...linkFaults(seal, carry));
    carry = carryAfter(carry, seal);
  }
  if (JSON.stringify(textOf(carry)) !== JSON.stringify(textOf(before))) {
    const sums = { expected: JSON.stringify(textOf(carry)), found: JSON.stringify(textOf(before)) };
    faults.push({ type: 'carry_mismatch', ...sums, message: 'the carry is not what the seals come to' });
  }
  for (const { period, number } of seals) {
    if (number <= after.sealCount) continue;
    const message = `seal ${number} is not in the carry, which counts ${after.sealCount}`;
    faults.push({ type: 'carry_mismatch', period, message });
  }
  return faults;
}

/** Each seal has a number of its own, from 1: one that shares it, or has none, would stand beside the chain. */
function unnumberedFaults(seals: readonly Seal[]): SealFault[] {
  const faults: SealFault[] = [];
  for (const { period, number } of seals) {
    const others = seals.filter((seal) => seal.number === number && seal.period !== period);
    if (number >= 1 && others.length === 0) continue;
    const message =
      number < 1 ? 'its seal has no number' : `its seal has number ${number}, as that of ${others[0]?.period} has`;
    faults.push({ type: 'broken_seal_chain', period, message });
  }
  return faults;
}

function linkFaults(seal: Seal, carry: Carry): SealFault[] {
  const { period, prevHash, carried, totals } = seal;
  const faults: SealFault[] = [];
  if (prevHash !== carry.lastSeal) {
    const hashes = { expected: carry.lastSeal, found: prevHash };
    faults.push({ type: 'broken_seal_chain', period, ...hashes, message: 'it does not continue the seal before it' });
  }
  if (!sameTotals(carried, addTotals(carry.totals, totals))) {
    const message = 'what it carries is not what was carried before and its own totals';
    faults.push({ type: 'seal_mismatch', period, message });
  }
  return faults;
}

function endOf(end: { nextSeq: number; chain: string; entryCount: number } | undefined): string {
  return end === undefined ? 'none' : `next ${end.nextSeq}, entries ${end.entryCount}, ${end.chain}`;
}

function textOf({ sealCount, totals, entryCount, months, lastSeal }: Carry) {
  const sums = [totals.receivable, totals.revenue, totals.adjustments].map(String);
  return [sealCount, entryCount, sums, months.map(({ from, to }) => [from, to]), lastSeal];
}
