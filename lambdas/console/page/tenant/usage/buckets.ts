import type { Granularity } from './span.ts';

const formats = {
  time: new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: 'UTC' }),
  day: new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', timeZone: 'UTC' }),
  wholeDay: new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }),
  month: new Intl.DateTimeFormat('en', { month: 'short', year: 'numeric', timeZone: 'UTC' }),
  wholeMonth: new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric', timeZone: 'UTC' }),
} as const;

/** Steps between labels, in buckets, that fall on midnights, weeks or quarters. */
const STEPS: Readonly<Record<Granularity, readonly number[]>> = {
  hour: [1, 2, 3, 6, 12, 24, 48, 96, 168],
  day: [1, 2, 3, 7, 14, 28, 56, 112],
  month: [1, 2, 3, 6, 12],
};

/** A bucket in full, always in UTC. */
export function bucketName(start: string, granularity: Granularity): string {
  const date = new Date(start);
  if (granularity === 'month') return formats.wholeMonth.format(date);
  const day = formats.wholeDay.format(date);
  return granularity === 'day' ? day : `${day}, ${formats.time.format(date)} UTC`;
}

/** A bucket on the axis; of the hours, midnight is the day it begins. */
export function bucketLabel(start: string, granularity: Granularity): string {
  const date = new Date(start);
  if (granularity === 'month') return formats.month.format(date);
  return granularity === 'day' || date.getUTCHours() === 0 ? formats.day.format(date) : formats.time.format(date);
}

/** Which buckets to label, by index, when so many labels fit. */
export function labelledBuckets(starts: readonly string[], granularity: Granularity, most: number): number[] {
  const ordinals = starts.map((start) => ordinalOf(new Date(start), granularity));
  const step = STEPS[granularity].find((one) => starts.length / one <= most) ?? starts.length;
  return ordinals.flatMap((ordinal, index) => (ordinal % step === 0 ? [index] : []));
}

/** A number that counts buckets without a gap. */
function ordinalOf(date: Date, granularity: Granularity): number {
  if (granularity === 'month') return date.getUTCFullYear() * 12 + date.getUTCMonth();
  return Math.floor(date.getTime() / (granularity === 'day' ? 86_400_000 : 3_600_000));
}
