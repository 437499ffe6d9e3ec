import { instantOf } from '../../lambdas/domain/instant.ts';
import type { JournalEntry } from '../../lambdas/domain/journal.ts';
import {
  emptyHead,
  headAfter,
  type JournalPage,
  type LaneHead,
  type LaneKey,
  nextPage,
} from '../../lambdas/domain/page.ts';
import { entry, laneKey, NOW_MS } from './events.ts';

export interface LaneStory {
  readonly pages: readonly JournalPage[];
  readonly head: LaneHead;
}

/** A lane as honest posting leaves it: the given entries page by page, a millisecond apart. */
export function laneOfPages(pagesOfEntries: readonly (readonly JournalEntry[])[], key: LaneKey = laneKey()): LaneStory {
  let head = emptyHead(key);
  const pages: JournalPage[] = [];
  for (const [index, entries] of pagesOfEntries.entries()) {
    const page = nextPage(head, entries, instantOf(NOW_MS + index));
    pages.push(page);
    head = headAfter(head, page);
  }
  return { pages, head };
}

/** Pages of the given sizes, each entry with a key and an amount of its own. */
export function numberedLane(sizes: readonly number[], key?: LaneKey): LaneStory {
  const pages = sizes.map((size, page) =>
    Array.from({ length: size }, (_, index) => entry(`k${page}-${index}`, BigInt(page * 100 + index + 1))),
  );
  return laneOfPages(pages, key);
}
