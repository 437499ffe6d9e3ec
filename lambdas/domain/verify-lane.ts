import { isBalanced } from './journal.ts';
import { emptyHead, headAfter, type JournalPage, type LaneHead, nextPage, pageHash } from './page.ts';

/** A place where a lane's pages and head contradict each other. */
export interface LaneFault {
  readonly type: 'gap' | 'broken_chain' | 'unbalanced_entry' | 'altered_page' | 'head_mismatch';
  readonly seq: number;
  readonly detail: string;
}

/**
 * Replays a lane from its first page and reports every contradiction: a missing or renumbered page, a hash that does not
 * cover what it stands on, an entry that does not net to zero, a head that is not the sum of its pages.
 */
export function verifyLane(pages: Iterable<JournalPage>, head: LaneHead): LaneFault[] {
  const faults: LaneFault[] = [];
  let replayed = emptyHead(head);
  for (const page of pages) {
    faults.push(...verifyPage(replayed, page));
    replayed = { ...headAfter(replayed, page), chain: page.hash };
  }
  if (replayed.nextSeq !== head.nextSeq || replayed.chain !== head.chain || replayed.entryCount !== head.entryCount) {
    const detail = `the pages end at sequence ${replayed.nextSeq - 1} with ${replayed.entryCount} entries`;
    faults.push({ type: 'head_mismatch', seq: head.nextSeq, detail });
  } else if (!sameTotals(replayed, head)) {
    faults.push({ type: 'head_mismatch', seq: head.nextSeq, detail: 'the head totals differ from the last page' });
  } else if (replayed.lastPostedAt !== head.lastPostedAt) {
    faults.push({ type: 'head_mismatch', seq: head.nextSeq, detail: 'the last page was posted at another time' });
  }
  return faults;
}

function verifyPage(before: LaneHead, page: JournalPage): LaneFault[] {
  const faults: LaneFault[] = [];
  const fault = (type: LaneFault['type'], detail: string) => faults.push({ type, seq: page.seq, detail });
  if (page.seq !== before.nextSeq) fault('gap', `expected sequence ${before.nextSeq}`);
  if (page.prevHash !== before.chain) fault('broken_chain', 'does not continue the page before it');
  for (const entry of page.entries) {
    if (!isBalanced(entry)) fault('unbalanced_entry', `${entry.eventId} does not net to zero`);
  }
  const expected = nextPage({ ...before, nextSeq: page.seq, chain: page.prevHash }, page.entries, page.postedAt);
  // Both what it holds and what it should hold: altered totals alone would otherwise show up a page later.
  if (pageHash(page) !== page.hash || expected.hash !== page.hash)
    fault('altered_page', 'its content, totals or time do not match its hash');
  return faults;
}

function sameTotals(left: LaneHead, right: LaneHead): boolean {
  const { receivable, revenue, adjustments } = left.totals;
  const other = right.totals;
  return receivable === other.receivable && revenue === other.revenue && adjustments === other.adjustments;
}
