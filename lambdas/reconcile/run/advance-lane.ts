import type { Discrepancy } from '../../domain/discrepancy.ts';
import type { Instant } from '../../domain/instant.ts';
import { type LaneFault, LaneReplay, type ReplayState } from '../../domain/lane-replay.ts';
import {
  ENTRIES_PER_PAGE_MAX,
  emptyHead,
  type JournalPage,
  type LaneHead,
  type LaneKey,
  type PageHash,
} from '../../domain/page.ts';
import type { Counts } from '../../domain/reconcile-run.ts';
import type { Readable } from '../../storage/bulk-read.ts';
import { seqText } from '../../storage/keys.ts';
import type { StoredPage } from '../../storage/ledger-evidence.ts';
import { checkEntries } from './check-entries.ts';
import type { Evidence } from './ports.ts';

/** Entries held at once: with their markers and intake records some two megabytes. */
const ENTRIES_PER_READ = 10 * ENTRIES_PER_PAGE_MAX;

/** Pages read at once. Of full ones no more are held, and of lone events a lane has many. */
const PAGES_PER_READ = { min: 10, max: 300 };

/** A lane on its way through a run. */
export interface LaneProgress {
  readonly replay: ReplayState;
  /** Where an earlier run found everything in order: a past that must still be there. */
  readonly mark: { readonly seq: number; readonly chain: PageHash } | undefined;
  readonly isFaulty: boolean;
  /** The sort key of the last item read, for there may be others than pages; at the beginning, undefined. */
  readonly after?: string | undefined;
}

interface LaneStep {
  readonly found: Discrepancy[];
  readonly counts: Counts;
  readonly pointedAt: number;
  /** Undefined at the end of the lane. */
  readonly rest: LaneProgress | undefined;
  /** At the end of a lane without a finding: the head it was held against. */
  readonly verified: LaneHead | undefined;
}

/**
 * Takes a lane's replay one read further, and at its end holds the head against it. The head was read before the pages: a page
 * is committed together with its head, so all it counts are there, and what lies beyond is news or no page of ours.
 */
export async function advanceLane(
  progress: LaneProgress,
  stored: Readable<LaneHead> | undefined,
  cut: Instant,
  evidence: Evidence,
): Promise<LaneStep> {
  const { tenant, period, lane } = progress.replay.head;
  const key: LaneKey = { tenant, period, lane };
  const head = stored === undefined ? emptyHead(key) : stored.status === 'read' ? stored.value : undefined;
  const replay = new LaneReplay(progress.replay);
  const found: Discrepancy[] = [];
  if (head === undefined)
    found.push({ type: 'damaged_item', tenant, place: { period, lane }, message: 'its head is damaged' });

  const { pages: read, isMore } = await nextPages(progress, head, evidence);
  const isBeyond = ({ seq }: StoredPage) => seq !== undefined && head !== undefined && seq >= head.nextSeq;
  const counted = read.filter((page) => !isBeyond(page));
  const pages = replayPages(key, counted, replay, progress, found);
  const { found: faulty, pointedAt } = await checkEntries(pages, cut, evidence);
  found.push(...faulty);

  const beyond = read.find(isBeyond);
  const isEnd = beyond !== undefined || !isMore;
  if (isEnd && head !== undefined) found.push(...replay.end(head).map((fault) => ofLane(key, fault)));
  if (beyond?.seq !== undefined && (await isStillBeyond(key, beyond.seq, evidence))) {
    const message = 'a page stands where its head says none can be: the head was rolled back, or the page forged';
    found.push({ type: 'page_beyond_head', tenant, place: { period, lane, seq: beyond.seq }, message });
  }
  const isFaulty = progress.isFaulty || found.length > 0;
  const entries = pages.reduce((sum, page) => sum + page.entries.length, 0);
  return {
    ...{ found, pointedAt },
    counts: { lanes: isEnd ? 1 : 0, pages: counted.length, entries },
    rest: isEnd ? undefined : { replay: replay.state, mark: progress.mark, isFaulty, after: read.at(-1)?.sortKey },
    verified: isEnd && !isFaulty ? head : undefined,
  };
}

/** The next pages, so many as are held at once. */
async function nextPages({ replay, after }: LaneProgress, head: LaneHead | undefined, { ledger }: Evidence) {
  const { nextSeq } = replay.head;
  const from = after ?? (nextSeq > 1 ? seqText(nextSeq - 1) : undefined);
  const pagesOfHead = Math.max(1, (head?.nextSeq ?? 1) - 1);
  const entriesPerPage = Math.max(1, (head?.entryCount ?? 0) / pagesOfHead);
  const { min, max } = PAGES_PER_READ;
  const limit = Math.min(max, Math.max(min, Math.floor(ENTRIES_PER_READ / entriesPerPage)));
  const { pages, isMore } = await ledger.lanePages(replay.head, from, limit);
  let [held, entries] = [0, 0];
  for (const { page } of pages) {
    entries += page.status === 'read' ? page.value.entries.length : 0;
    if (held > 0 && entries > ENTRIES_PER_READ) break;
    held += 1;
  }
  return { pages: pages.slice(0, held), isMore: isMore || held < pages.length };
}

/** Replays what was read, notes what it finds, and gives the pages that could be read. */
function replayPages(
  key: LaneKey,
  stored: readonly StoredPage[],
  replay: LaneReplay,
  { mark }: LaneProgress,
  found: Discrepancy[],
): JournalPage[] {
  const { tenant, period, lane } = key;
  const readable: JournalPage[] = [];
  for (const { seq, item, page } of stored) {
    const place = seq === undefined ? { period, lane, item } : { period, lane, seq };
    if (page.status === 'damaged') found.push({ type: 'damaged_item', tenant, place, message: page.message });
    if (seq === undefined) continue;
    const faults = page.status === 'read' ? replay.page(page.value) : replay.unreadable(seq);
    found.push(...faults.map((fault) => ofLane(key, fault)));
    if (page.status === 'damaged') continue;
    readable.push(page.value);
    if (seq !== mark?.seq || page.value.hash === mark.chain) continue;
    const message = 'an earlier run has verified another page here: this one, or one before it, was rewritten';
    const hashes = { expected: mark.chain, posted: page.value.hash };
    found.push({ type: 'rewritten_chain', tenant, ...hashes, place, message });
  }
  return readable;
}

async function isStillBeyond(lane: LaneKey, seq: number, { balances }: Evidence): Promise<boolean> {
  const head = (await balances.heads([lane])).of(lane);
  return head === undefined || (head.status === 'read' && head.value.nextSeq <= seq);
}

function ofLane(
  { tenant, period, lane }: LaneKey,
  { type, seq, index, message, expected, found }: LaneFault,
): Discrepancy {
  return {
    ...{ type, tenant, message },
    place: { period, lane, seq, ...(index !== undefined && { index }) },
    ...(expected !== undefined && { expected }),
    ...(found !== undefined && { posted: found }),
  };
}
