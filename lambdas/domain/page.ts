import type { Branded } from './brand.ts';
import { sha256Hex } from './digest.ts';
import type { TenantId } from './ids.ts';
import { type Instant, isAfter } from './instant.ts';
import { ACCOUNTS, type JournalEntry, type Totals, totalsAfter, zeroTotals } from './journal.ts';
import type { Lane } from './lane.ts';
import type { Period } from './period.ts';

/** The hash of a page, which the next page and the head carry: edit one page and every later hash is wrong. */
export type PageHash = Branded<string, 'PageHash'>;

/** A tenant's journal of one month in one lane: the unit that has one writer, one sequence and one chain. */
export interface LaneKey {
  readonly tenant: TenantId;
  readonly period: Period;
  readonly lane: Lane;
}

/** Entries committed together, sealed into their lane's chain. */
export interface JournalPage extends LaneKey {
  /** 1, 2, 3, … without a gap. */
  readonly seq: number;
  readonly postedAt: Instant;
  readonly entries: readonly JournalEntry[];
  /** The lane's totals up to and including this page, so that any prefix of the lane has a known sum. */
  readonly totals: Totals;
  readonly prevHash: PageHash;
  readonly hash: PageHash;
}

/** Where a lane stands: what the next page continues. */
export interface LaneHead extends LaneKey {
  readonly nextSeq: number;
  readonly chain: PageHash;
  readonly totals: Totals;
  readonly entryCount: number;
  readonly lastPostedAt: Instant | undefined;
  readonly closedAt: Instant | undefined;
}

/**
 * 100 actions a transaction (DynamoDB) less the page and the head would allow 98 markers; the rest is room for one more
 * item kind without a change to what is on the queue.
 */
export const ENTRIES_PER_PAGE_MAX = 90;

/** A lane nobody has posted to. */
export function emptyHead(key: LaneKey): LaneHead {
  const { tenant, period, lane } = key;
  return {
    ...{ tenant, period, lane, nextSeq: 1, chain: genesisHash(key), totals: zeroTotals, entryCount: 0 },
    ...{ lastPostedAt: undefined, closedAt: undefined },
  };
}

/** The page that posts these entries next; time never runs backwards in a lane, whatever the clock does. */
export function nextPage(head: LaneHead, entries: readonly JournalEntry[], now: Instant): JournalPage {
  const { tenant, period, lane, lastPostedAt } = head;
  const unsealed = {
    ...{ tenant, period, lane, entries, seq: head.nextSeq, prevHash: head.chain },
    postedAt: lastPostedAt !== undefined && isAfter(lastPostedAt, now) ? lastPostedAt : now,
    totals: totalsAfter(head.totals, entries),
  };
  return { ...unsealed, hash: pageHash(unsealed) };
}

/** The head once the page is committed. */
export function headAfter(head: LaneHead, page: JournalPage): LaneHead {
  return {
    ...head,
    nextSeq: page.seq + 1,
    chain: page.hash,
    totals: page.totals,
    entryCount: head.entryCount + page.entries.length,
    lastPostedAt: page.postedAt,
  };
}

/** What the first page chains to: bound to its lane, so that a chain can't be moved to another. */
export function genesisHash({ tenant, period, lane }: LaneKey): PageHash {
  return sha256Hex(JSON.stringify(['zerosum/lane/1', tenant, period, lane])) as PageHash;
}

/** The hash of what one page holds, without what came before it. */
export type ContentHash = Branded<string, 'ContentHash'>;

/** SHA-256 over one entry, in one fixed form of nested arrays. */
export function entryHash(entry: JournalEntry): string {
  const form = [
    ...['zerosum/entry/1', entry.eventId, entry.txnId, entry.kind, entry.metric, entry.quantity?.toString() ?? null],
    ...[entry.eventDate, entry.priceVersion],
    entry.postings.map(({ account, amountMinor }) => [account, amountMinor.toString()]),
  ];
  return sha256Hex(JSON.stringify(form));
}

/** What a page's content hash is made from: its facts, and its entries by their hashes alone. */
export type PageFacts = Pick<JournalPage, 'tenant' | 'period' | 'lane' | 'seq' | 'postedAt' | 'totals'>;

/** SHA-256 over a page's keys, time, entries and totals: from the entries' hashes, so that one entry can be proven alone. */
export function contentHash(page: PageFacts, entryHashes: readonly string[]): ContentHash {
  const totals = ACCOUNTS.map((account) => page.totals[account].toString());
  const form = ['zerosum/page/2', page.tenant, page.period, page.lane, page.seq, page.postedAt, entryHashes, totals];
  return sha256Hex(JSON.stringify(form)) as ContentHash;
}

/** One link of a lane's chain: who knows a page's hash can follow the chain by the content hashes of the pages after it. */
export function chainHash(prevHash: PageHash, content: ContentHash): PageHash {
  return sha256Hex(JSON.stringify(['zerosum/chain/2', prevHash, content])) as PageHash;
}

/** SHA-256 over all of a page, keys and time included, and the page before it. */
export function pageHash(page: Omit<JournalPage, 'hash'>): PageHash {
  return chainHash(page.prevHash, contentHash(page, page.entries.map(entryHash)));
}
