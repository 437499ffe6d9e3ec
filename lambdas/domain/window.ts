import { epochMsOf, type Instant, yearBefore } from './instant.ts';

const MS_PER_DAY = 86_400_000;

/** Whether usage dated so may still be reported: after the same moment a year ago, before the same moment tomorrow. */
export function isWithinWindow(eventDate: Instant, now: Instant): boolean {
  const eventMs = epochMsOf(eventDate);
  return eventMs > epochMsOf(yearBefore(now)) && eventMs < epochMsOf(now) + MS_PER_DAY;
}
