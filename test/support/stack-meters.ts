import type { JournalPage } from '../../lambdas/domain/page.ts';
import { pageOfKey } from '../../lambdas/storage/key-parts.ts';
import { pageOf } from '../../lambdas/storage/page-item.ts';
import { engineClient, scan } from './audit.ts';
import { expectedMeters, shownMeter } from './meters.ts';
import type { RunningStack } from './stack.ts';

/** The meters in a running stack's table, and what they must be by the pages in its ledger, both read past the product. */
export async function stackMeters(stack: RunningStack) {
  const client = engineClient(stack);
  const items = await scan(client, stack.table('Usage'));
  const ledger = await scan(client, stack.table('Ledger'));
  client.destroy();
  const pages: JournalPage[] = [];
  for (const item of ledger.sort((left, right) => (left.sk < right.sk ? -1 : 1))) {
    const place = pageOfKey(item);
    if (place !== undefined) pages.push(pageOf(place, item));
  }
  const meters = items.filter(({ pk }) => pk.startsWith('U#')).map(shownMeter);
  return { shown: Object.fromEntries(meters.sort()), expected: expectedMeters(pages) };
}
