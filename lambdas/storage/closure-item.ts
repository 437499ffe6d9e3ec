import * as z from 'zod';
import type { TenantId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { Period } from '../domain/period.ts';
import type { Carry, Seal, SealHash } from '../domain/seal.ts';
import { HASH_PATTERN, readItem, stored, text } from './item.ts';
import { carryKey, closureKey } from './keys.ts';

/** Who is closing a month, since when, and from when on its gates are shut. */
export interface Claim {
  readonly id: string;
  readonly claimedAt: Instant;
  /** The same for every gate, and for whoever takes the claim over. */
  readonly closedAt: Instant;
}

/** A month on its way to being closed, or closed for good. */
export type Closure =
  | { readonly status: 'closing'; readonly claim: Claim }
  /** `claimId`: whose close it was. */
  | { readonly status: 'closed'; readonly claimId: string; readonly seal: Seal };

const sealHash = text<SealHash>((value) => (HASH_PATTERN.test(value) ? (value as SealHash) : undefined));

const closureSchema = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('closing'),
    claim_id: z.string(),
    claimed_at: stored.instant,
    closed_at: stored.instant,
  }),
  z.object({
    status: z.literal('closed'),
    claim_id: z.string(),
    number: stored.count,
    closed_at: stored.instant,
    sealed_at: stored.instant,
    currency: z.string().length(3),
    totals: stored.totals,
    entry_count: stored.count,
    lanes: z.array(
      z.object({ lane: stored.lane, next_seq: stored.count, chain: stored.pageHash, entry_count: stored.count }),
    ),
    carried: stored.totals,
    prev_hash: sealHash,
    hash: sealHash,
  }),
]);

const carrySchema = z.object({
  seal_count: stored.count,
  totals: stored.totals,
  entry_count: stored.count,
  months: z.array(z.object({ from: stored.period, to: stored.period })),
  last_seal: sealHash,
});

export function claimItem(tenant: TenantId, period: Period, { id, claimedAt, closedAt }: Claim) {
  const claim = { claim_id: id, claimed_at: claimedAt, closed_at: closedAt };
  return { ...closureKey(tenant, period), status: 'closing', ...claim };
}

export function sealItem(seal: Seal, claimId: string) {
  const { number, closedAt, sealedAt, currency, totals, entryCount, carried, prevHash, hash } = seal;
  const lanes = seal.lanes.map(({ lane, nextSeq, chain, entryCount: count }) => {
    return { lane, next_seq: nextSeq, chain, entry_count: count };
  });
  return {
    ...{ ...closureKey(seal.tenant, seal.period), status: 'closed', claim_id: claimId },
    ...{ number, closed_at: closedAt, sealed_at: sealedAt, currency, totals, entry_count: entryCount, lanes },
    ...{ carried, prev_hash: prevHash, hash },
  };
}

export function carryItem({ tenant, sealCount, totals, entryCount, months, lastSeal }: Carry) {
  const counts = { seal_count: sealCount, entry_count: entryCount };
  return { ...carryKey(tenant), ...counts, totals, months, last_seal: lastSeal };
}

export function closureOf(tenant: TenantId, period: Period, item: Record<string, unknown>): Closure {
  const read = readItem(closureSchema, item);
  if (read.status === 'closing') {
    const { claim_id: id, claimed_at: claimedAt, closed_at: closedAt } = read;
    return { status: 'closing', claim: { id, claimedAt, closedAt } };
  }
  const lanes = read.lanes.map(({ lane, next_seq: nextSeq, chain, entry_count: entryCount }) => {
    return { lane, nextSeq, chain, entryCount };
  });
  const seal = {
    ...{ tenant, period, number: read.number, closedAt: read.closed_at, sealedAt: read.sealed_at },
    ...{ currency: read.currency, totals: read.totals, entryCount: read.entry_count, lanes },
    ...{ carried: read.carried, prevHash: read.prev_hash, hash: read.hash },
  };
  return { status: 'closed', claimId: read.claim_id, seal };
}

export function carryOf(tenant: TenantId, item: Record<string, unknown>): Carry {
  const { seal_count: sealCount, entry_count: entryCount, last_seal: lastSeal, ...rest } = readItem(carrySchema, item);
  return { tenant, sealCount, entryCount, lastSeal, ...rest };
}
