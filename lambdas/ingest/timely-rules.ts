import type { Metric } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { type PriceBook, priceBookAt } from '../domain/price-book.ts';
import type { UsagePayload } from '../domain/usage-event.ts';
import { isWithinWindow } from '../domain/window.ts';
import type { FieldError } from '../http/problem.ts';

export interface Prices {
  priceBooks(): Promise<readonly PriceBook[]>;
  freshPriceBooks(): Promise<readonly PriceBook[]>;
}

/** The price book now in force, read afresh when the cached one does not know one of the metrics. */
export async function bookFor(metrics: Iterable<Metric>, at: Instant, prices: Prices): Promise<PriceBook | undefined> {
  const cached = priceBookAt(await prices.priceBooks(), at);
  for (const metric of metrics) {
    if (!cached?.unitPrices.has(metric)) return priceBookAt(await prices.freshPriceBooks(), at);
  }
  return cached;
}

/** What is wrong with the payload today, if it is a new one. */
export function timelyFaults(payload: UsagePayload, now: Instant, book: PriceBook | undefined): FieldError[] {
  const faults: FieldError[] = [];
  if (!book?.unitPrices.has(payload.metric)) faults.push({ field: 'metric', message: 'is not in the price book' });
  if (payload.eventDate !== null && !isWithinWindow(payload.eventDate, now)) {
    faults.push({ field: 'event_date', message: 'must lie within the last year and at most a day ahead' });
  }
  return faults;
}
