import { epochMsOf, type Instant } from './instant.ts';

const MS_PER_DAY = 86_400_000;

/** Whether usage dated so may still be reported: after the same moment a year ago, before the same moment tomorrow. */
export function isWithinWindow(eventDate: Instant, now: Instant): boolean {
  const nowMs = epochMsOf(now);
  const yearAgo = new Date(nowMs);
  yearAgo.setUTCFullYear(yearAgo.getUTCFullYear() - 1);
  const eventMs = epochMsOf(eventDate);
  return eventMs > yearAgo.getTime() && eventMs < nowMs + MS_PER_DAY;
}
