import type { PriceVersion } from '../../../../../client/types/api.ts';

/**
 * Prices as someone writes them, a metric and its price in minor units a line: `api_call = 1`. Gives them by metric, or
 * the first line that is none.
 */
export function readPrices(text: string): { readonly prices: Map<string, number> } | { readonly wrongLine: string } {
  const prices = new Map<string, number>();
  for (const line of text.split('\n').filter((one) => one.trim() !== '')) {
    const [, metric, price] = /^\s*(\S+)\s*=\s*(\d{1,13})\s*$/.exec(line) ?? [];
    // Of two prices of one metric nobody could say which was meant.
    if (metric === undefined || price === undefined || prices.has(metric)) return { wrongLine: line };
    prices.set(metric, Number(price));
  }
  return { prices };
}

/** The same, for someone to change. */
export function writePrices(prices: PriceVersion['unit_prices']): string {
  return Object.entries(prices)
    .map(([metric, price]) => `${metric} = ${price}`)
    .join('\n');
}
