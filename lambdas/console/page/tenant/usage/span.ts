/** How finely usage is shown, as the API has it. */
export type Granularity = 'hour' | 'day' | 'month';

/** What the panel offers to look back on. */
export type Range = 'day' | 'thirty' | 'year' | 'own';

export const RANGES = [
  ['day', '24 h'],
  ['thirty', '30 days'],
  ['year', '12 months'],
  ['own', 'Own'],
] as const satisfies readonly (readonly [Range, string])[];

/** The granularities that make a chart of a range and that the API allows for it; the first is the range's own. */
const FITTING: Readonly<Record<Range, readonly Granularity[]>> = {
  day: ['hour'],
  thirty: ['day', 'hour'],
  year: ['month', 'day'],
  own: ['day', 'hour', 'month'],
};

const NAMES = { hour: 'Hour', day: 'Day', month: 'Month' } as const;

const MS_PER_HOUR = 3_600_000;
const MS_PER_DAY = 24 * MS_PER_HOUR;

/** What `GET /usage` is asked for. */
export interface Span {
  readonly from: string;
  readonly to: string;
  readonly granularity: Granularity;
}

export function rangeOf(text: string): Range {
  return RANGES.find(([range]) => range === text)?.[0] ?? 'thirty';
}

/** The granularity asked for, or the range's own where that does not fit. */
export function granularityOf(range: Range, asked: string): Granularity {
  const [own = 'day', ...others] = FITTING[range];
  return others.find((one) => one === asked) ?? own;
}

/** The choices for a range, from fine to coarse. */
export function granularitiesOf(range: Range): (readonly [Granularity, string])[] {
  const order = ['hour', 'day', 'month'] as const;
  return order.filter((one) => FITTING[range].includes(one)).map((one) => [one, NAMES[one]] as const);
}

/**
 * The span of a range that ends now, in whole UTC buckets, so that it is the same until the next one begins. Of an own
 * range the last day counts; undefined while it is not complete.
 */
export function spanOf(
  range: Range,
  granularity: Granularity,
  own: { readonly from: string; readonly to: string },
  nowMs: number,
): Span | undefined {
  if (range === 'own') {
    const lastMs = Date.parse(`${own.to}T00:00:00Z`);
    if (Number.isNaN(Date.parse(`${own.from}T00:00:00Z`)) || Number.isNaN(lastMs)) return undefined;
    return { from: own.from, to: dateOf(lastMs + MS_PER_DAY), granularity };
  }
  if (range === 'day') {
    const endMs = (Math.floor(nowMs / MS_PER_HOUR) + 1) * MS_PER_HOUR;
    return { from: iso(endMs - MS_PER_DAY), to: iso(endMs), granularity };
  }
  const now = new Date(nowMs);
  const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()];
  if (range === 'year') {
    return { from: dateOf(Date.UTC(year, month - 11, 1)), to: dateOf(Date.UTC(year, month + 1, 1)), granularity };
  }
  const endMs = Date.UTC(year, month, now.getUTCDate() + 1);
  return { from: dateOf(endMs - 30 * MS_PER_DAY), to: dateOf(endMs), granularity };
}

export function dateOf(ms: number): string {
  return iso(ms).slice(0, 10);
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
