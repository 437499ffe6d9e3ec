import type { TenantId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { Period } from '../domain/period.ts';

/** Where each function may put anchors in the bucket. */
export const RUN_ANCHOR_PREFIX = 'runs/';
export const CLOSE_ANCHOR_PREFIX = 'closes/';

/** Anchors list in order of time. A run's may be several; `part` counts from 1. */
export function runAnchorKey(at: Instant, runId: string, part: number): string {
  return `${RUN_ANCHOR_PREFIX}${at}-${runId}-${String(part).padStart(ANCHOR_PART_DIGITS, '0')}.json`;
}

/** A close's anchor has one key, however often the close is resumed. */
export function closeAnchorKey({ tenant, period }: { tenant: TenantId; period: Period }, at: Instant): string {
  return `${CLOSE_ANCHOR_PREFIX}${at}-${tenant}-${period}.json`;
}

const ANCHOR_PART_DIGITS = 4;
