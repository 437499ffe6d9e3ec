import { nowOf } from '../clock.ts';
import { priceBookAt } from '../domain/price-book.ts';
import { Problem } from '../http/problem.ts';
import type { ReadPorts } from './ports.ts';

/** The currency of the price book in force. Without a price book nothing can have been charged: a 503 says so. */
export async function currencyOf({ config, clock }: Pick<ReadPorts, 'config' | 'clock'>): Promise<string> {
  const now = nowOf(clock);
  // The first one may have been added a moment ago.
  const book = priceBookAt(await config.priceBooks(), now) ?? priceBookAt(await config.freshPriceBooks(), now);
  if (book === undefined)
    throw new Problem('unavailable', 'No price book is in force yet: an administrator must add one.');
  return book.currency;
}
