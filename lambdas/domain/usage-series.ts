import { epochMsOf, type Instant, instantOf } from './instant.ts';
import { type Day, dayOf, HOURS, type Hour, type HourlySums, startOfDay, type UsageSum } from './meter.ts';
import { type AmountMinor, add, zeroMinor } from './money.ts';
import { nextPeriod, periodOf, startOf } from './period.ts';

/** How finely usage can be looked at, in UTC: an hour is as fine as meters count. */
export const GRANULARITIES = ['hour', 'day', 'month'] as const;
export type Granularity = (typeof GRANULARITIES)[number];

/** Whole buckets: from the start of the first to the end of the last, in milliseconds since 1970. */
export interface SeriesSpan {
  readonly granularity: Granularity;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Bucket extends UsageSum {
  readonly start: Instant;
}

const MS_PER_HOUR = 3_600_000;
export const MS_PER_DAY = 24 * MS_PER_HOUR;

/** The start of the bucket that holds a moment. */
export function bucketStart(granularity: Granularity, ms: number): number {
  if (granularity === 'hour') return Math.floor(ms / MS_PER_HOUR) * MS_PER_HOUR;
  if (granularity === 'day') return Math.floor(ms / MS_PER_DAY) * MS_PER_DAY;
  return epochMsOf(startOf(periodOf(instantOf(ms))));
}

/** The start of the first bucket that begins at a moment or after it. */
export function bucketEnd(granularity: Granularity, ms: number): number {
  const start = bucketStart(granularity, ms);
  return start === ms ? ms : nextBucket(granularity, start);
}

/** The first day of a span and its last. */
export function daysOf({ fromMs, toMs }: SeriesSpan): { readonly first: Day; readonly last: Day } {
  return { first: dayOf(instantOf(fromMs)), last: dayOf(instantOf(toMs - 1)) };
}

/** Adds up meters bucket by bucket of a span; every bucket is there, also one without usage. */
export class Series {
  readonly #span: SeriesSpan;
  readonly #buckets = new Map<number, { quantity: bigint; amountMinor: AmountMinor }>();

  constructor(span: SeriesSpan) {
    this.#span = span;
    for (let start = span.fromMs; start < span.toMs; start = nextBucket(span.granularity, start)) {
      this.#buckets.set(start, { quantity: 0n, amountMinor: zeroMinor });
    }
  }

  /** Adds what was used on a day; hours outside the span are left out. */
  add(day: Day, hours: HourlySums): void {
    const midnightMs = epochMsOf(startOfDay(day));
    for (const hour of HOURS) {
      const usage = hours.get(hour);
      const bucket = usage && this.#bucketOf(midnightMs, hour);
      if (usage === undefined || bucket === undefined) continue;
      bucket.quantity += usage.quantity;
      bucket.amountMinor = add(bucket.amountMinor, usage.amountMinor);
    }
  }

  /** The buckets in order of time. */
  get buckets(): Bucket[] {
    return [...this.#buckets].map(([startMs, usage]) => ({ start: instantOf(startMs), ...usage }));
  }

  #bucketOf(midnightMs: number, hour: Hour) {
    return this.#buckets.get(bucketStart(this.#span.granularity, midnightMs + hour * MS_PER_HOUR));
  }
}

function nextBucket(granularity: Granularity, startMs: number): number {
  if (granularity === 'hour') return startMs + MS_PER_HOUR;
  if (granularity === 'day') return startMs + MS_PER_DAY;
  return epochMsOf(startOf(nextPeriod(periodOf(instantOf(startMs)))));
}
