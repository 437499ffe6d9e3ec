import type { ClientClock } from './runtime.ts';

/** How long and how often a call is tried. All of it, the first try included, is over within `budgetMs`. */
export interface RetryPolicy {
  readonly budgetMs: number;
  /** 1: never again. */
  readonly triesMax: number;
  readonly tryTimeoutMs: number;
}

export const defaultRetryPolicy: RetryPolicy = {
  // Long enough for a restart or a failover, short enough for a person to wait.
  budgetMs: 60_000,
  triesMax: Number.POSITIVE_INFINITY,
  // API Gateway gives up on a request after 29 seconds.
  tryTimeoutMs: 30_000,
};

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 10_000;
/** A `Retry-After` of more is a mistake or a wrong clock: a buffer would rest for days, and a timer of 25 days fires at once. */
const RETRY_AFTER_MAX_MS = 3_600_000;
const MS_PER_SECOND = 1_000;

/**
 * How long to wait before try number `tries + 1`: exponential with full jitter, so that many clients of a service that was
 * down do not come back at once, and no sooner than the service asked for, up to an hour.
 */
export function waitMs(tries: number, retryAfterMs: number | undefined, clock: Pick<ClientClock, 'random'>): number {
  const ceilingMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries - 1));
  return Math.min(RETRY_AFTER_MAX_MS, retryAfterMs ?? 0) + Math.ceil(clock.random() * ceilingMs);
}

/** The header `Retry-After` in milliseconds: seconds or a date (RFC 9110, 10.2.3). Undefined without, or when unreadable. */
export function retryAfterMsOf(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  if (/^\d+$/.test(header.trim())) return Number(header) * MS_PER_SECOND;
  const dateMs = Date.parse(header);
  return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - nowMs);
}
