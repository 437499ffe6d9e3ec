import type { Clock } from './clock.ts';

/** The first wait's bound; a conflicting transaction is over in a few milliseconds. */
const BASE_MS = 10;

/** Longer waits buy nothing inside a function that lives for seconds. */
const CAP_MS = 1_000;

/**
 * Waits before another try: a random time up to an exponentially growing bound ("full jitter", AWS Architecture Blog,
 * Exponential Backoff and Jitter). Returns false, without waiting, when the wait could outlast the deadline.
 */
export async function backOff(clock: Clock, attempt: number, deadlineMs: number): Promise<boolean> {
  const boundMs = Math.min(CAP_MS, BASE_MS * 2 ** attempt);
  if (clock.nowMs() + boundMs >= deadlineMs) return false;
  await clock.sleep(clock.random() * boundMs);
  return true;
}
