const MONTH = /^(\d{4})-(0[1-9]|1[0-2])$/;

/** The UTC month that a moment is in, `YYYY-MM`. */
export function monthOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 7);
}

export function isMonth(text: string): boolean {
  return MONTH.test(text);
}

/** The month so many months later, or earlier. */
export function monthAfter(month: string, count: number): string {
  const [, year, number] = MONTH.exec(month) ?? [];
  const ordinal = Number(year) * 12 + Number(number) - 1 + count;
  return `${String(Math.floor(ordinal / 12)).padStart(4, '0')}-${String((ordinal % 12) + 1).padStart(2, '0')}`;
}

const named = new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric', timeZone: 'UTC' });

export function monthName(month: string): string {
  return named.format(new Date(`${month}-01T00:00:00Z`));
}

const shortlyNamed = new Intl.DateTimeFormat('en', { month: 'short', year: 'numeric', timeZone: 'UTC' });

export function shortMonthName(month: string): string {
  return shortlyNamed.format(new Date(`${month}-01T00:00:00Z`));
}

/**
 * The latest month in which anything can stand: postings move on past closed months, and none later than next month can
 * be closed.
 */
export function lastMonth(nowMs: number): string {
  return monthAfter(monthOf(nowMs), 2);
}
