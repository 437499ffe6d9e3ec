import type { Branded } from './brand.ts';
import { sha256Hex } from './digest.ts';
import type { TenantId } from './ids.ts';
import type { Instant } from './instant.ts';
import { ACCOUNTS, addTotals, type Totals, zeroTotals } from './journal.ts';
import { ALL_LANES, type Lane } from './lane.ts';
import { type MonthRange, withMonth } from './month-ranges.ts';
import type { LaneHead, PageHash } from './page.ts';
import type { Period } from './period.ts';

export type SealHash = Branded<string, 'SealHash'>;

/** Where a lane ended. */
export interface SealedLane {
  readonly lane: Lane;
  readonly nextSeq: number;
  readonly chain: PageHash;
  readonly entryCount: number;
}

/** What a closed month is, once and for all. */
export interface Seal {
  readonly tenant: TenantId;
  readonly period: Period;
  /** 1, 2, 3, … in the order in which the tenant's months were sealed, which need not be that of the calendar. */
  readonly number: number;
  /** When the close began; the gates were shut from then on. */
  readonly closedAt: Instant;
  readonly sealedAt: Instant;
  /** That of the price book in force when it was sealed. */
  readonly currency: string;
  readonly totals: Totals;
  readonly entryCount: number;
  /** All of them, in order. */
  readonly lanes: readonly SealedLane[];
  /** The totals of all months sealed so far, this one included. */
  readonly carried: Totals;
  readonly prevHash: SealHash;
  /** Over all of it, and chained to the tenant's seal before. */
  readonly hash: SealHash;
}

/** What all of a tenant's sealed months come to, so that nobody has to read them for a balance. */
export interface Carry {
  readonly tenant: TenantId;
  readonly sealCount: number;
  readonly totals: Totals;
  readonly entryCount: number;
  readonly months: readonly MonthRange[];
  /** The hash of the last seal. */
  readonly lastSeal: SealHash;
}

/** The carry of a tenant with no closed month. */
export function emptyCarry(tenant: TenantId): Carry {
  const lastSeal = sha256Hex(JSON.stringify(['zerosum/seals/1', tenant])) as SealHash;
  return { tenant, sealCount: 0, totals: zeroTotals, entryCount: 0, months: [], lastSeal };
}

/** The seal of a month whose lanes are all shut. Throws a RangeError when a lane is missing or open. */
export function nextSeal(
  carry: Carry,
  heads: readonly LaneHead[],
  facts: Pick<Seal, 'period' | 'closedAt' | 'sealedAt' | 'currency'>,
): Seal {
  const lanes = ALL_LANES.map((lane) => {
    const head = heads.find((candidate) => candidate.lane === lane && candidate.period === facts.period);
    if (head?.closedAt === undefined) throw new RangeError(`Lane ${lane} of ${facts.period} is not shut.`);
    return head;
  });
  const totals = lanes.map((head) => head.totals).reduce(addTotals);
  const unsealed = {
    ...{ tenant: carry.tenant, period: facts.period, number: carry.sealCount + 1 },
    ...{ closedAt: facts.closedAt, sealedAt: facts.sealedAt, currency: facts.currency, totals },
    entryCount: lanes.reduce((count, head) => count + head.entryCount, 0),
    lanes: lanes.map(({ lane, nextSeq, chain, entryCount }) => ({ lane, nextSeq, chain, entryCount })),
    carried: addTotals(carry.totals, totals),
    prevHash: carry.lastSeal,
  };
  return { ...unsealed, hash: sealHash(unsealed) };
}

/** The carry once the seal is put. */
export function carryAfter(carry: Carry, seal: Seal): Carry {
  return {
    tenant: carry.tenant,
    sealCount: seal.number,
    totals: seal.carried,
    entryCount: carry.entryCount + seal.entryCount,
    months: withMonth(carry.months, seal.period),
    lastSeal: seal.hash,
  };
}

/** SHA-256 over all of a seal, its keys included, and the seal before it, in one fixed form of nested arrays. */
export function sealHash(seal: Omit<Seal, 'hash'>): SealHash {
  const inOrder = (totals: Totals) => ACCOUNTS.map((account) => totals[account].toString());
  const form = [
    ...['zerosum/seal/1', seal.prevHash, seal.tenant, seal.period, seal.number, seal.closedAt, seal.sealedAt],
    ...[seal.currency, inOrder(seal.totals), seal.entryCount, inOrder(seal.carried)],
    seal.lanes.map(({ lane, nextSeq, chain, entryCount }) => [lane, nextSeq, chain, entryCount]),
  ];
  return sha256Hex(JSON.stringify(form)) as SealHash;
}
