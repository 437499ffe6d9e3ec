import * as z from 'zod';
import type { Metric } from '../domain/ids.ts';
import { epochMsOf, type Instant, parseInstant } from '../domain/instant.ts';
import {
  bucketEnd,
  bucketStart,
  GRANULARITIES,
  type Granularity,
  MS_PER_DAY,
  type SeriesSpan,
} from '../domain/usage-series.ts';
import { checkedQuery, metricField, parsed } from '../http/fields.ts';
import { malformed } from '../http/problem.ts';

/**
 * The longest span, in days, that one request may ask for. A day of a metric is up to sixteen meters of at most 2 KB: a
 * month by the hour is a chart, a year by the day a few seconds' reading, two years by the month the most that still fits.
 */
const SPAN_MAX_DAYS: Readonly<Record<Granularity, number>> = { hour: 31, day: 366, month: 731 };

/** No usage lies outside: it is dated within a year of the day it was accepted on. */
const EARLIEST = '2000-01-01T00:00:00.000Z';
const LATEST = '3000-01-01T00:00:00.000Z';

const MOMENT_MESSAGE = 'must be a real date, YYYY-MM-DD or a full RFC 3339 timestamp, from the year 2000 to 2999';

export interface UsageQuery {
  /** Undefined: all metrics there are. */
  readonly metric: Metric | undefined;
  readonly span: SeriesSpan;
  readonly isByMetric: boolean;
}

const momentField = parsed(parseMoment, MOMENT_MESSAGE, {
  pattern: '^2\\d{3}-\\d{2}-\\d{2}',
  examples: ['2026-11-01'],
});

/** The query of `GET /usage`. */
export const usageQuerySchema = z.object({
  metric: metricField.optional().meta({
    description: 'A metric of any price book. Without it, all metrics together: amounts add up, quantities mix units.',
  }),
  from: momentField.optional().meta({
    description: 'The first moment, a UTC date or a timestamp. Without it, the start of the month in which `to` ends.',
  }),
  to: momentField.optional().meta({
    description: 'The first moment that no longer counts. Without it, the end of this UTC month.',
  }),
  granularity: z
    .enum(GRANULARITIES, `must be one of ${GRANULARITIES.join(', ')}`)
    .optional()
    .meta({ description: 'How long a bucket is, in UTC. A span is widened to whole buckets.', default: 'day' }),
  group_by: z.literal('metric', 'must be metric, or left out').optional().meta({
    description: 'With `metric`, the answer also has the buckets of each metric.',
  }),
});

/** The query of `GET /usage`; throws a 400 that lists every fault. */
export function usageQuery(parameters: ReadonlyMap<string, string>, now: Instant): UsageQuery {
  const query = checkedQuery(usageQuerySchema, parameters);
  const { metric, from, to, granularity = 'day' } = query;
  const toMs = to === undefined ? bucketEnd('month', epochMsOf(now) + 1) : epochMsOf(to);
  const fromMs = from === undefined ? bucketStart('month', toMs - 1) : epochMsOf(from);
  if (fromMs >= toMs) throw malformed([{ field: 'from', message: 'must be earlier than to' }]);
  const span = { granularity, fromMs: bucketStart(granularity, fromMs), toMs: bucketEnd(granularity, toMs) };
  const maxDays = SPAN_MAX_DAYS[granularity];
  if (span.toMs - span.fromMs > maxDays * MS_PER_DAY) {
    const message = `must be at most ${maxDays} days before to when granularity is ${granularity}`;
    throw malformed([{ field: 'from', message }]);
  }
  return { metric, span, isByMetric: query.group_by !== undefined };
}

/** A full timestamp, or a date for its first moment in UTC. */
function parseMoment(text: string): Instant | undefined {
  const instant = parseInstant(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text);
  return instant !== undefined && instant >= EARLIEST && instant <= LATEST ? instant : undefined;
}
