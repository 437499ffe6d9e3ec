import { useRead } from '../../api/use-read.ts';

interface PricesAnswer {
  readonly in_force: { readonly currency: string; readonly unit_prices: Readonly<Record<string, string>> } | null;
}

/** What the prices in force say: the books' one currency, and a metric that has a price; empty until they are read. */
export function usePrices(): { readonly currency: string; readonly metric: string } {
  const { answer } = useRead<PricesAnswer>({ method: 'GET', path: '/prices', query: { limit: '1' } });
  const [metric = ''] = Object.keys(answer?.in_force?.unit_prices ?? {});
  return { currency: answer?.in_force?.currency ?? '', metric };
}
