import type { Branded } from './brand.ts';
import { epochMsOf, type Instant, instantOf } from './instant.ts';

/** A UTC calendar month, `YYYY-MM`; texts sort as months do. */
export type Period = Branded<string, 'Period'>;

/** A closed period never changes; while it is closing some of its lanes are shut already. */
export const PERIOD_STATUSES = ['open', 'closing', 'closed'] as const;
export type PeriodStatus = (typeof PERIOD_STATUSES)[number];

export const PERIOD_PATTERN = /^\d{4}-(?:0[1-9]|1[0-2])$/;

export function parsePeriod(text: string): Period | undefined {
  return PERIOD_PATTERN.test(text) ? (text as Period) : undefined;
}

export function periodOf(instant: Instant): Period {
  return instant.slice(0, 'YYYY-MM'.length) as Period;
}

export function nextPeriod(period: Period): Period {
  const [year, month] = [Number(period.slice(0, 4)), Number(period.slice(5))];
  const next = month === 12 ? [year + 1, 1] : [year, month + 1];
  return `${String(next[0]).padStart(4, '0')}-${String(next[1]).padStart(2, '0')}` as Period;
}

/** The first moment of a month. */
export function startOf(period: Period): Instant {
  return `${period}-01T00:00:00.000Z` as Instant;
}

export function previousPeriod(period: Period): Period {
  return periodOf(instantOf(epochMsOf(startOf(period)) - 1));
}

/**
 * The month an event books into while none is closed: the one it happened in or was accepted in, whichever is later.
 * It depends on no consumer's clock or delay, so a reconciliation can check it.
 */
export function naturalPeriod(eventDate: Instant, receivedAt: Instant): Period {
  const [happened, accepted] = [periodOf(eventDate), periodOf(receivedAt)];
  if (happened > accepted) return happened;
  return accepted;
}
