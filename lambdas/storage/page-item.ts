import * as z from 'zod';
import { parseTxnId } from '../domain/ids.ts';
import { ACCOUNTS, type JournalEntry } from '../domain/journal.ts';
import type { JournalPage, LaneKey } from '../domain/page.ts';
import { readItem, stored, text } from './item.ts';
import { pageKey } from './keys.ts';

const entrySchema = z.object({
  event_id: stored.eventId,
  txn_id: text(parseTxnId),
  kind: z.enum(['usage', 'adjustment']),
  metric: stored.metric.nullable(),
  quantity: stored.quantity.nullable(),
  event_date: stored.instant,
  price_version: stored.count.nullable(),
  postings: z.array(z.object({ account: z.enum(ACCOUNTS), amount_minor: stored.amount })),
});

const pageSchema = z.object({
  seq: stored.count,
  posted_at: stored.instant,
  entries: z.array(entrySchema),
  totals: stored.totals,
  prev_hash: stored.pageHash,
  hash: stored.pageHash,
});

export function pageItem(page: JournalPage): Record<string, unknown> {
  return {
    ...pageKey(page, page.seq),
    seq: page.seq,
    posted_at: page.postedAt,
    entries: page.entries.map(entryItem),
    totals: page.totals,
    prev_hash: page.prevHash,
    hash: page.hash,
  };
}

/** The page in an item of this lane; its hash is as stored, for whoever verifies it. */
export function pageOf({ tenant, period, lane }: LaneKey, item: Record<string, unknown>): JournalPage {
  const { posted_at: postedAt, prev_hash: prevHash, entries, ...rest } = readItem(pageSchema, item);
  return { tenant, period, lane, postedAt, prevHash, entries: entries.map(entryOf), ...rest };
}

function entryItem(entry: JournalEntry) {
  return {
    event_id: entry.eventId,
    txn_id: entry.txnId,
    kind: entry.kind,
    metric: entry.metric,
    quantity: entry.quantity,
    event_date: entry.eventDate,
    price_version: entry.priceVersion,
    postings: entry.postings.map(({ account, amountMinor }) => ({ account, amount_minor: amountMinor })),
  };
}

function entryOf(item: z.output<typeof entrySchema>): JournalEntry {
  return {
    eventId: item.event_id,
    txnId: item.txn_id,
    kind: item.kind,
    metric: item.metric,
    quantity: item.quantity,
    eventDate: item.event_date,
    priceVersion: item.price_version,
    postings: item.postings.map(({ account, amount_minor: amountMinor }) => ({ account, amountMinor })),
  };
}
