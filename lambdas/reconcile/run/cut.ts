import { epochMsOf, type Instant, instantOf, isAfter } from '../../domain/instant.ts';
import type { ReconcileRun } from '../../domain/reconcile-run.ts';

/**
 * Longer than a consumer lives (30 s) and clocks of different machines differ: what carries an earlier time than so long
 * before a run began was committed before it began.
 */
const MARGIN_MS = 120_000;

/** What was posted before this moment is the same set in markers and in pages, whoever posts while a run reads them. */
export function cutOf({ startedAt }: ReconcileRun): Instant {
  return instantOf(epochMsOf(startedAt) - MARGIN_MS);
}

/** The clocks of two functions may differ by minutes: only what is further apart contradicts itself. */
const CLOCKS_DIFFER_MS = 600_000;

/** A time later than this lies in the future by any machine's clock. */
export function futureFrom(nowMs: number): Instant {
  return instantOf(nowMs + CLOCKS_DIFFER_MS);
}

/** Whether one moment was later than the other by any machine's clock. */
export function wasAfter(left: Instant, right: Instant): boolean {
  return isAfter(left, futureFrom(epochMsOf(right)));
}
