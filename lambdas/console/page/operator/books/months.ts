/** This UTC month, `YYYY-MM`. */
export function currentMonth(nowMs = Date.now()): string {
  return new Date(nowMs).toISOString().slice(0, 'YYYY-MM'.length);
}

/** The month before this UTC month, which is the one that people close. */
export function lastMonth(nowMs = Date.now()): string {
  const now = new Date(nowMs);
  return currentMonth(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1));
}

/** Whether it names a month: a browser without a picker for months lets anything be typed. */
export function isMonth(text: string): boolean {
  return /^\d{4}-(?:0[1-9]|1[0-2])$/.test(text);
}

/**
 * A moment of the month at which usage may have happened, for now: its last one, or now while it lasts. Undefined while
 * it is still to come, since nobody may hand in what has not happened.
 */
export function momentIn(period: string, nowMs = Date.now()): string | undefined {
  if (period > currentMonth(nowMs)) return undefined;
  const [year, month] = [Number(period.slice(0, 4)), Number(period.slice(5))];
  return new Date(Math.min(Date.UTC(year, month) - 1, nowMs)).toISOString();
}

/** A moment as people read it, in UTC as the books are. */
export function formatMoment(instant: string): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 19)} UTC`;
}
