import { expect, it } from 'vitest';
import { usageEntry } from '../../lambdas/domain/journal.ts';
import { amountMinor } from '../../lambdas/domain/money.ts';
import type { LaneKey } from '../../lambdas/domain/page.ts';
import { payloadHash } from '../../lambdas/domain/usage-event.ts';
import { orphansAmong } from '../../lambdas/reconcile/run/check-markers.ts';
import type { Evidence } from '../../lambdas/reconcile/run/ports.ts';
import { must, usageEvent } from '../support/events.ts';
import { laneOfPages } from '../support/lanes.ts';

const PAGES = 4;
const ENTRIES = 25;

it('asks for a page once for all of its markers, however they lie among others', async () => {
  const events = Array.from({ length: PAGES }, (_, page) =>
    Array.from({ length: ENTRIES }, (_, index) => usageEvent(`${page}-${index}`)),
  );
  const { pages } = laneOfPages(events.map((some) => some.map((event) => usageEntry(event, amountMinor(1n)))));
  const asked: number[][] = [];
  const pagesAt = async (places: readonly (LaneKey & { seq: number })[]) => {
    asked.push([...new Set(places.map(({ seq }) => seq))]);
    const at = ({ seq }: { seq: number }) => ({ status: 'read', value: must(pages[seq - 1]) }) as const;
    return { at };
  };
  // As the ledger's partitions have them: by their hashes, which is to say in any order.
  const markers = Array.from({ length: PAGES * ENTRIES }, (_, number) => {
    const [page, index] = [must(pages[number % PAGES]), Math.floor(number / PAGES)];
    const event = must(events[number % PAGES]?.[index]);
    const { tenant, period, lane, seq, postedAt } = page;
    return { tenant, period, lane, seq, index, postedAt, payloadHash: payloadHash(event), eventId: event.eventId };
  });
  expect(await orphansAmong(markers, { ledger: { pagesAt } } as unknown as Evidence)).toEqual([]);
  expect(asked.sort()).toEqual([[1], [2], [3], [4]]);
});
