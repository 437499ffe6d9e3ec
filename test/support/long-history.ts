import { instantOf } from '../../lambdas/domain/instant.ts';
import { usageEntry } from '../../lambdas/domain/journal.ts';
import { USAGE_LANES } from '../../lambdas/domain/lane.ts';
import { ENTRIES_PER_PAGE_MAX, emptyHead, headAfter, type LaneHead, nextPage } from '../../lambdas/domain/page.ts';
import { rate } from '../../lambdas/domain/price-book.ts';
import { payloadHash } from '../../lambdas/domain/usage-event.ts';
import { headKey } from '../../lambdas/storage/keys.ts';
import { markerItem } from '../../lambdas/storage/ledger.ts';
import { pageItem } from '../../lambdas/storage/page-item.ts';
import { usageItem } from '../../lambdas/storage/usage-intake.ts';
import { lane, laneKey, must, NOW_MS, priceBook, quantity, usageEvent } from './events.ts';

/** What belongs into a table. */
export interface Written {
  readonly table: 'intake' | 'ledger' | 'balances';
  readonly items: readonly Readonly<Record<string, unknown>>[];
}

const HOUR_MS = 3_600_000;

/** A tenant's history of so many events, exactly as the posting would have left it: full pages, lane after lane, then the heads. */
export function* longHistory(events: number): Generator<Written> {
  const heads = Array.from({ length: USAGE_LANES }, (_, index) => emptyHead(laneKey({ lane: lane(index) })));
  for (let first = 0; first < events; first += ENTRIES_PER_PAGE_MAX) {
    const at = Math.floor(first / ENTRIES_PER_PAGE_MAX) % USAGE_LANES;
    const { head, written } = posted(must(heads[at]), first, Math.min(ENTRIES_PER_PAGE_MAX, events - first));
    heads[at] = head;
    yield* written;
  }
  yield { table: 'balances', items: heads.map(headItem) };
}

/** A page of new events, and the head after it. */
function posted(before: LaneHead, first: number, size: number): { head: LaneHead; written: Written[] } {
  const receivedAt = instantOf(NOW_MS - HOUR_MS);
  const accepted = Array.from({ length: size }, (_, index) => {
    return usageEvent(`k${first + index}`, { receivedAt, quantity: quantity(1 + (index % 9)) });
  });
  const entries = accepted.map((event) => usageEntry(event, must(rate(priceBook(), event.metric, event.quantity))));
  const page = nextPage(before, entries, receivedAt);
  const markers = accepted.map((event, index) => {
    const { tenant, period, lane: number, seq, postedAt } = page;
    const place = { tenant, period, lane: number, seq, index };
    return markerItem({ ...place, payloadHash: payloadHash(event), postedAt }, event.eventId);
  });
  const written: Written[] = [
    { table: 'intake', items: accepted.map(usageItem) },
    { table: 'ledger', items: [...markers, pageItem(page)] },
  ];
  return { head: headAfter(before, page), written };
}

function headItem(head: LaneHead) {
  const { nextSeq, chain, totals, entryCount, lastPostedAt } = head;
  if (lastPostedAt === undefined) return { ...headKey(head) };
  const moved = { next_seq: nextSeq, chain, totals, entry_count: entryCount, last_posted_at: lastPostedAt };
  return { ...headKey(head), ...moved };
}
