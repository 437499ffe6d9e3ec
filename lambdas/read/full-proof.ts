import { ACCOUNTS, type JournalEntry } from '../domain/journal.ts';
import { contentHash, entryHash, type JournalPage, type LaneKey } from '../domain/page.ts';
import { DamagedItemError } from '../storage/item.ts';
import type { ReadPorts } from './ports.ts';
import type { LinkRange } from './receipt-query.ts';

/** Links in one answer: 67 KB of text. */
export const LINKS_MAX = 1_000;

/** A link takes reading its page's entries; so many are read in well under a second. */
const LINKED_ENTRIES_MAX = 10_000;

/**
 * All that an entry can be proven with offline: itself, its page with the other entries by their hashes alone, and, when asked
 * for, the content hashes of the pages that lead to an anchored one.
 */
export async function fullProof(
  page: JournalPage,
  index: number,
  entry: JournalEntry,
  range: LinkRange,
  ledger: ReadPorts['ledger'],
): Promise<object> {
  const { tenant, period, lane, seq, postedAt, totals, prevHash, hash, entries } = page;
  const { fromSeq = 0, toSeq } = range;
  return {
    ...{ period, lane, seq, page_hash: hash, tenant, index, posted_at: postedAt, prev_hash: prevHash },
    totals: Object.fromEntries(ACCOUNTS.map((account) => [account, totals[account].toString()])),
    entry: entryDocument(entry),
    entry_hashes: entries.map(entryHash),
    ...(toSeq !== undefined && { links: await links(page, Math.max(fromSeq, seq + 1), toSeq, ledger) }),
  };
}

/** The content hashes from one page to another, as many as fit; `next_seq` says where the rest begins. */
async function links(lane: LaneKey, fromSeq: number, toSeq: number, ledger: ReadPorts['ledger']): Promise<object> {
  const hashes: string[] = [];
  let entries = 0;
  for await (const page of ledger.pages(lane, fromSeq, toSeq)) {
    const seq = fromSeq + hashes.length;
    if (hashes.length >= LINKS_MAX || entries >= LINKED_ENTRIES_MAX)
      return { from_seq: fromSeq, hashes, next_seq: seq };
    if (page.seq !== seq) throw new DamagedItemError(`Page ${seq} of lane ${lane.lane} in ${lane.period} is missing.`);
    hashes.push(contentHash(page, page.entries.map(entryHash)));
    entries += page.entries.length;
  }
  return { from_seq: fromSeq, hashes };
}

function entryDocument(entry: JournalEntry) {
  return {
    event_id: entry.eventId,
    txn_id: entry.txnId,
    kind: entry.kind,
    metric: entry.metric,
    quantity: entry.quantity?.toString() ?? null,
    event_date: entry.eventDate,
    price_version: entry.priceVersion,
    postings: entry.postings.map(({ account, amountMinor }) => ({ account, amount_minor: amountMinor.toString() })),
  };
}
