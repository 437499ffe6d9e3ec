import { isAfter } from './instant.ts';
import { ACCOUNTS, isBalanced, sameTotals, totalsAfter } from './journal.ts';
import { emptyHead, headAfter, type JournalPage, type LaneHead, type LaneKey, pageHash } from './page.ts';

/** A place where a lane's pages and head contradict each other. */
export interface LaneFault {
  readonly type: 'gap' | 'broken_chain' | 'altered_page' | 'unbalanced_entry' | 'head_mismatch';
  readonly seq: number;
  /** The entry at fault. */
  readonly index?: number;
  readonly expected?: string;
  readonly found?: string;
  readonly message: string;
}

/** How far a replay has come: all it needs to go on with, so that it can rest between two pages for as long as it likes. */
export interface ReplayState {
  /** What the head would be if the lane ended here. */
  readonly head: LaneHead;
  /** A page before here is missing or can't be read: what the next page must continue is not known. */
  readonly isBlind: boolean;
  /** The same, anywhere before: how many entries there should be is not known. */
  readonly lostCount: boolean;
}

export function replayStart(lane: LaneKey): ReplayState {
  return replayFrom(emptyHead(lane));
}

/** A replay that goes on from where another one found everything in order. */
export function replayFrom(head: LaneHead): ReplayState {
  return { head, isBlind: false, lostCount: false };
}

/**
 * Replays a lane page by page, in order of their sequence, and reports every contradiction: a missing or renumbered page, a
 * hash that does not cover what it stands on, an entry that does not net to zero, a head that is not the sum of its
 * pages. It keeps nothing of a page but where the lane stands after it.
 */
export class LaneReplay {
  #state: ReplayState;

  constructor(state: ReplayState) {
    this.#state = state;
  }

  get state(): ReplayState {
    return this.#state;
  }

  /** The next page, as it was stored. */
  page(page: JournalPage): LaneFault[] {
    const faults = this.#skipTo(page.seq);
    const { head: before, isBlind } = this.#state;
    const fault = (type: LaneFault['type'], message: string, more: Partial<LaneFault> = {}) =>
      faults.push({ type, seq: page.seq, message, ...more });
    for (const [index, entry] of page.entries.entries()) {
      if (!isBalanced(entry)) fault('unbalanced_entry', `${entry.eventId} does not net to zero`, { index });
    }
    if (page.entries.length === 0) fault('altered_page', 'it has no entry');
    if (pageHash(page) !== page.hash) {
      fault('altered_page', 'its content does not match its hash', { expected: pageHash(page), found: page.hash });
    } else if (!isBlind && !sameTotals(page.totals, totalsAfter(before.totals, page.entries))) {
      fault('altered_page', 'its totals are not those before it and its entries');
    } else if (before.lastPostedAt !== undefined && isAfter(before.lastPostedAt, page.postedAt)) {
      fault('altered_page', 'it was posted before the page before it');
    }
    if (!isBlind && page.prevHash !== before.chain) {
      const hashes = { expected: before.chain, found: page.prevHash };
      fault('broken_chain', 'it does not continue the page before it', hashes);
    }
    this.#state = { ...this.#state, head: headAfter(before, page), isBlind: false };
    return faults;
  }

  /** The next page exists and can't be read. */
  unreadable(seq: number): LaneFault[] {
    const faults = this.#skipTo(seq);
    this.#state = { head: { ...this.#state.head, nextSeq: seq + 1 }, isBlind: true, lostCount: true };
    return faults;
  }

  /** The lane ends here, by its pages; what its head says must agree. */
  end(head: LaneHead): LaneFault[] {
    const { head: replayed, isBlind, lostCount } = this.#state;
    if (head.nextSeq > replayed.nextSeq) return this.#skipTo(head.nextSeq);
    const wrong: string[] = [];
    if (head.nextSeq !== replayed.nextSeq) wrong.push('sequence');
    if (!isBlind && head.chain !== replayed.chain) wrong.push('chain');
    if (!isBlind && !sameTotals(head.totals, replayed.totals)) wrong.push('totals');
    if (!lostCount && head.entryCount !== replayed.entryCount) wrong.push('count');
    if (!isBlind && head.lastPostedAt !== replayed.lastPostedAt) wrong.push('time');
    if (wrong.length === 0) return [];
    const message = `the head's ${wrong.join(', ')} is not that of its pages`;
    const seq = head.nextSeq - 1;
    return [{ type: 'head_mismatch', seq, message, expected: summaryOf(replayed), found: summaryOf(head) }];
  }

  #skipTo(seq: number): LaneFault[] {
    const { head } = this.#state;
    if (seq === head.nextSeq) return [];
    this.#state = { head: { ...head, nextSeq: seq }, isBlind: true, lostCount: true };
    if (seq < head.nextSeq) return [{ type: 'gap', seq, message: `expected sequence ${head.nextSeq}` }];
    const last = seq - 1;
    const pages = head.nextSeq === last ? `page ${last} is` : `pages ${head.nextSeq} to ${last} are`;
    return [{ type: 'gap', seq: head.nextSeq, message: `${pages} missing` }];
  }
}

function summaryOf({ nextSeq, totals, entryCount, lastPostedAt, chain }: LaneHead): string {
  const sums = ACCOUNTS.map((account) => `${account} ${totals[account]}`);
  return [`next ${nextSeq}`, `entries ${entryCount}`, ...sums, `posted ${lastPostedAt ?? 'never'}`, chain].join(', ');
}
