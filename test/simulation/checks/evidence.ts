import type { Books, Entry, Page } from '../model/books.ts';
import type { Claims } from '../model/claims.ts';
import type { IntakeRecord } from '../model/intake-records.ts';
import type { Charge } from '../model/model.ts';
import type { Performance } from '../workload/history.ts';
import type { Setting } from '../workload/setting.ts';

/** All that is known once a run has settled. */
export interface Evidence {
  readonly setting: Setting;
  readonly performances: readonly Performance[];
  readonly claims: Claims;
  readonly records: ReadonlyMap<string, IntakeRecord>;
  readonly charges: ReadonlyMap<string, Charge>;
  readonly books: Books;
  /** Clocks of functions differ from the true time by up to this. */
  readonly skewMs: number;
}

/** An entry where it stands. */
export interface PostedEntry {
  readonly page: Page;
  readonly index: number;
  readonly entry: Entry;
}

/** Every entry of the ledger, by the name of its event: more than one where there are. */
export function postedByName({ pages }: Books): Map<string, PostedEntry[]> {
  const posted = new Map<string, PostedEntry[]>();
  for (const page of pages) {
    for (const [index, entry] of page.entries.entries()) {
      const name = `${page.tenant} ${entry.event_id}`;
      const same = posted.get(name) ?? [];
      same.push({ page, index, entry });
      posted.set(name, same);
    }
  }
  return posted;
}

/** What the entry charges its tenant. */
export function receivableOf({ postings }: Entry): bigint {
  return postings.filter(({ account }) => account === 'receivable').reduce((sum, each) => sum + each.amount_minor, 0n);
}
