import type { Branded } from './brand.ts';
import { sha256Hex } from './digest.ts';
import type { EventId, TenantId } from './ids.ts';

/** One of a tenant's parallel journals: 0..15 for usage, 16 for adjustments. */
export type Lane = Branded<number, 'Lane'>;

/** A lane is one writer. Sixteen of them carry a tenant to about 3,200 lone events a second; can never change (see Config). */
export const USAGE_LANES = 16;
/** All of a tenant's adjustments: they are few, and their order is theirs. */
export const ADJUSTMENT_LANE = 16 as Lane;
export const ALL_LANES: readonly Lane[] = [
  ...Array.from({ length: USAGE_LANES }, (_, lane) => lane as Lane),
  ADJUSTMENT_LANE,
];

/**
 * The lane of a usage message: the first nibble of the hash of the ids in it. Exactly-once does not depend on it; it has
 * only to be the same for an identical resend, so that SQS absorbs that.
 */
export function usageLane(eventIds: readonly EventId[]): Lane {
  return Number.parseInt(sha256Hex(JSON.stringify(eventIds)).slice(0, 1), USAGE_LANES) as Lane;
}

export function parseLane(value: number): Lane | undefined {
  return ALL_LANES[value];
}

/** The SQS message group of a lane: the event source runs one batch per group at a time, so a lane has one writer. */
export function messageGroupOf(tenant: TenantId, lane: Lane): string {
  return `${tenant}#${lane}`;
}
