import type { Entry, Item } from '../model/books.ts';
import {
  altering,
  type CorruptionKind,
  type Expected,
  isMarker,
  isPage,
  isUsedHead,
  otherTotals,
  placeOfHead,
  placeOfPage,
  removing,
  someItem,
} from './kind.ts';

const DAY_MS = 86_400_000;

const alteredPage = (item: Item): Expected => ({ types: ['altered_page'], place: placeOfPage(item) });

const lane = (item: Item) => {
  const { seq: _, ...place } = placeOfPage(item);
  return place;
};

const ofEvent =
  (types: readonly string[]) =>
  (item: Item): Expected => {
    return { types, place: { tenant_id: String(item['pk']).split('#')[1], event_id: item['sk'] } };
  };

/** With its first entry changed. */
function firstEntry(change: (entry: Entry) => object): (item: Item) => Item {
  return (item) => {
    const [first, ...others] = item['entries'] as Entry[];
    return first === undefined ? item : { entries: [{ ...first, ...change(first) }, ...others] };
  };
}

export const ofTheLedger: readonly CorruptionKind[] = [
  altering(
    'a charge doubled',
    'Ledger',
    isPage,
    firstEntry(({ postings }) => ({
      postings: postings.map((posting) => ({ ...posting, amount_minor: posting.amount_minor * 2n })),
    })),
    alteredPage,
  ),
  altering(
    'a posting altered by one',
    'Ledger',
    isPage,
    firstEntry(({ postings: [first, ...others] }) => ({
      postings: first && [{ ...first, amount_minor: first.amount_minor + 1n }, ...others],
    })),
    (item) => ({ types: ['altered_page', 'unbalanced_entry'], place: placeOfPage(item) }),
  ),
  altering(
    'an entry given to another event',
    'Ledger',
    isPage,
    firstEntry(() => ({ event_id: 'api:another' })),
    alteredPage,
  ),
  altering(
    'a date of use altered',
    'Ledger',
    isPage,
    firstEntry(({ event_date: date }) => ({ event_date: earlier(date) })),
    alteredPage,
  ),
  altering(
    'a page dated back',
    'Ledger',
    isPage,
    (item) => ({ posted_at: earlier(String(item['posted_at'])) }),
    alteredPage,
  ),
  altering('the totals of a page altered', 'Ledger', isPage, otherTotals, alteredPage),
  altering(
    'an entry taken out of its page',
    'Ledger',
    (item) => isPage(item) && (item['entries'] as Entry[]).length > 1,
    ({ entries }) => ({ entries: (entries as Entry[]).slice(1) }),
    alteredPage,
  ),
  altering(
    'a link of the chain altered',
    'Ledger',
    isPage,
    ({ prev_hash: hash }) => ({ prev_hash: otherHash(hash) }),
    (item) => ({ types: ['broken_chain', 'altered_page'], place: placeOfPage(item) }),
  ),
  removing('a page removed', 'Ledger', isPage, (item) => ({
    types: ['gap', 'head_mismatch', 'rolled_back_head', 'broken_chain'],
    place: lane(item),
  })),
  removing('a marker removed', 'Ledger', isMarker, ofEvent(['missing_marker'])),
  altering(
    'a marker turned to another page',
    'Ledger',
    isMarker,
    ({ seq }) => ({ seq: (seq as bigint) + 1n }),
    ofEvent(['marker_mismatch', 'orphan_marker']),
  ),
  altering(
    'the payload of a marker altered',
    'Ledger',
    isMarker,
    ({ payload_hash: hash }) => ({ payload_hash: otherHash(hash) }),
    ofEvent(['payload_mismatch', 'marker_mismatch']),
  ),
  {
    name: 'a page forged beyond the head',
    commit: async (scene) => {
      const head = someItem(scene, 'Balances', isUsedHead);
      if (head === undefined) return undefined;
      const { tenant_id: tenant, period } = placeOfHead(head);
      const name = String(head['sk']).split('#')[1];
      const pk = `J#${tenant}#${period}#${name}`;
      const last = scene.tables('Ledger').findLast((item) => item['pk'] === pk);
      if (last === undefined) return undefined;
      const seq = head['next_seq'] as bigint;
      await scene.intruder.put('Ledger', { ...last, sk: String(seq).padStart(12, '0'), seq });
      return { types: ['page_beyond_head', 'altered_page', 'broken_chain'], place: placeOfHead(head) };
    },
  },
  {
    name: 'a marker forged',
    commit: async (scene) => {
      const marker = someItem(scene, 'Ledger', isMarker);
      if (marker === undefined) return undefined;
      // The bucket of this id, so that nothing but the event it stands for is missing.
      const forged = { ...marker, pk: `E#${String(marker['pk']).split('#')[1]}#ed`, sk: 'api:forged_1' };
      await scene.intruder.put('Ledger', forged);
      return { types: ['orphan_marker', 'foreign_item', 'damaged_item', 'marker_mismatch'], place: {} };
    },
  },
];

function earlier(date: string): string {
  return new Date(Date.parse(date) - DAY_MS).toISOString();
}

function otherHash(hash: unknown): string {
  return String(hash).replace(/^./, (first) => (first === '0' ? '1' : '0'));
}
