import { nowOf } from '../clock.ts';
import type { Metric, TenantId } from '../domain/ids.ts';
import type { Day, HourlySums } from '../domain/meter.ts';
import type { PriceBook } from '../domain/price-book.ts';
import { type Bucket, daysOf, Series, type SeriesSpan } from '../domain/usage-series.ts';
import { malformed } from '../http/problem.ts';
import { inParallel } from '../in-parallel.ts';
import type { ReadPorts } from './ports.ts';
import { countedUntil } from './usage-progress.ts';
import { usageQuery } from './usage-query.ts';

/** Metrics read side by side: with more, a tenant of many metrics would only wait in the client's own queue. */
const METRICS_AT_ONCE = 8;

/** Buckets of all metrics in one answer: 3 MB of text, half of what Lambda may answer. */
export const GROUPED_BUCKETS_MAX = 30_000;

/**
 * Usage over time by the date it happened on, whatever month it was charged in; every bucket of the span is there, also
 * an empty one. A second or so behind the ledger: `as_of` says how far. Throws a 400 for a bad query or unknown metric.
 */
export async function usage(
  tenant: TenantId,
  parameters: ReadonlyMap<string, string>,
  ports: ReadPorts,
): Promise<object> {
  const { metric, span, isByMetric } = usageQuery(parameters, nowOf(ports.clock));
  const metrics = await metricsOf(metric, ports.config);
  // Before the meters are read: what it vouches for is in them by then.
  const asOf = await countedUntil(tenant, ports);
  const series = new Series(span);
  const groups = new Map<Metric, readonly Bucket[]>();
  const { first, last } = daysOf(span);
  await inParallel(metrics, METRICS_AT_ONCE, async (one) => {
    const days = await ports.meters.sums(tenant, one, first, last);
    for (const [day, hours] of days) series.add(day, hours);
    if (isByMetric && days.size > 0) groups.set(one, usedBuckets(span, days));
  });
  return {
    series: series.buckets.map(lineOf),
    ...(isByMetric && { metrics: groupLines(groups) }),
    as_of: asOf,
  };
}

/** One metric's buckets with usage: a metric used now and then is a few lines, however long the span. */
function usedBuckets(span: SeriesSpan, days: ReadonlyMap<Day, HourlySums>): readonly Bucket[] {
  const series = new Series(span);
  for (const [day, hours] of days) series.add(day, hours);
  return series.buckets.filter(({ quantity }) => quantity > 0n);
}

/** Metric by metric in the order of their names, whichever was read first. Throws a 400 for more than fits an answer. */
function groupLines(groups: ReadonlyMap<Metric, readonly Bucket[]>): object[] {
  const used = [...groups].filter(([, buckets]) => buckets.length > 0);
  if (used.reduce((count, [, buckets]) => count + buckets.length, 0) > GROUPED_BUCKETS_MAX) {
    const message = 'must be left out for so much usage: ask for one metric, a shorter span or a coarser granularity';
    throw malformed([{ field: 'group_by', message }]);
  }
  used.sort(([left], [right]) => (left < right ? -1 : 1));
  return used.map(([metric, buckets]) => ({ metric, series: buckets.map(lineOf) }));
}

function lineOf({ start, quantity, amountMinor }: Bucket) {
  return { start, quantity: quantity.toString(), amount_minor: amountMinor.toString() };
}

/** The metrics asked for: one that any price book ever had, or all of them. */
async function metricsOf(asked: Metric | undefined, config: ReadPorts['config']): Promise<Metric[]> {
  const known = namesIn(await config.priceBooks());
  if (asked === undefined) return [...known];
  if (known.has(asked) || namesIn(await config.freshPriceBooks()).has(asked)) return [asked];
  throw malformed([{ field: 'metric', message: 'must be a metric of the price book' }]);
}

function namesIn(books: readonly PriceBook[]): Set<Metric> {
  return new Set(books.flatMap(({ unitPrices }) => [...unitPrices.keys()]));
}
