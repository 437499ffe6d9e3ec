import { nowOf } from '../clock.ts';
import type { Metric, TenantId } from '../domain/ids.ts';
import type { PriceBook } from '../domain/price-book.ts';
import { daysOf, Series } from '../domain/usage-series.ts';
import { malformed } from '../http/problem.ts';
import { inParallel } from '../in-parallel.ts';
import type { ReadPorts } from './ports.ts';
import { countedUntil } from './usage-progress.ts';
import { usageQuery } from './usage-query.ts';

/** Metrics read side by side: with more, a tenant of many metrics would only wait in the client's own queue. */
const METRICS_AT_ONCE = 8;

/**
 * Usage over time by the date it happened on, whatever month it was charged in; every bucket of the span is there, also
 * an empty one. A second or so behind the ledger: `as_of` says how far. Throws a 400 for a bad query or unknown metric.
 */
export async function usage(
  tenant: TenantId,
  parameters: ReadonlyMap<string, string>,
  ports: ReadPorts,
): Promise<object> {
  const { metric, span } = usageQuery(parameters, nowOf(ports.clock));
  const metrics = await metricsOf(metric, ports.config);
  // Before the meters are read: what it vouches for is in them by then.
  const asOf = await countedUntil(tenant, ports);
  const series = new Series(span);
  const { first, last } = daysOf(span);
  await inParallel(metrics, METRICS_AT_ONCE, async (one) => {
    for (const [day, hours] of await ports.meters.sums(tenant, one, first, last)) series.add(day, hours);
  });
  const lines = series.buckets.map(({ start, quantity, amountMinor }) => {
    return { start, quantity: quantity.toString(), amount_minor: amountMinor.toString() };
  });
  return { series: lines, as_of: asOf };
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
