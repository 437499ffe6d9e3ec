import { simulated, suite } from './check.ts';
import type { Mutant } from './mutant.ts';

const storage = suite('storage/dynoxide');

const POSTING = 'lambdas/storage/posting.ts';
const LEDGER = 'lambdas/storage/ledger.ts';
const KEYS = 'lambdas/storage/keys.ts';

/** In the one transaction that moves money, and the keys it rests on. */
export const postingMutants: readonly Mutant[] = [
  {
    name: 'puts-markers-without-condition',
    breaks: 'I2: an event is charged again',
    file: POSTING,
    before:
      'return this.#putNew(markerItem({ tenant, period, lane, seq, index, payloadHash, postedAt }, entry.eventId));',
    after: `const Item = markerItem({ tenant, period, lane, seq, index, payloadHash, postedAt }, entry.eventId);
      return { Put: { TableName: this.#tables.ledger, Item } };`,
    checks: [simulated, storage],
  },
  {
    name: 'puts-the-page-without-condition',
    breaks: 'I1: a page is overwritten by another',
    file: POSTING,
    before: 'this.#putNew(pageItem(page))',
    after: '{ Put: { TableName: this.#tables.ledger, Item: pageItem(page) } }',
    checks: [storage],
  },
  {
    name: 'moves-the-head-whatever-its-sequence',
    breaks: 'I6: a writer that comes late overwrites the totals of another',
    file: POSTING,
    before: "`attribute_not_exists(closed_at) AND ${isFirst ? 'attribute_not_exists(next_seq)' : 'next_seq = :seq'}`",
    after: "'attribute_not_exists(closed_at)'",
    checks: [storage],
  },
  {
    name: 'moves-a-fresh-head-whatever-its-sequence',
    breaks: 'I6: two first pages of a lane',
    file: POSTING,
    before: "${isFirst ? 'attribute_not_exists(next_seq)' : 'next_seq = :seq'}",
    after: "${isFirst ? 'attribute_not_exists(no_such)' : 'next_seq = :seq'}",
    checks: [storage],
  },
  {
    name: 'posts-past-a-shut-gate',
    breaks: 'I7: a closed month changes',
    file: POSTING,
    before: '`attribute_not_exists(closed_at) AND ${',
    after: '`${',
    checks: [storage],
  },
  {
    name: 'adds-nothing-to-the-totals',
    breaks: 'I6: a balance is not the sum of its postings',
    file: POSTING,
    before: "':totals': next.totals,",
    after: "':totals': head.totals,",
    checks: [simulated, storage],
  },
  {
    name: 'masks-the-first-markers-reason',
    breaks: 'I3: a lone event that comes again blocks its lane',
    file: POSTING,
    before: 'else if (failed && index < pageIndex) taken.set(index, item ? markerOf(item) : null);',
    after: 'else if (failed && index < pageIndex) index > 0 && taken.set(index, item ? markerOf(item) : null);',
    checks: [storage],
  },
  {
    name: 'masks-the-pages-reason',
    breaks: 'I9: a head that was rolled back is not told from a busy one',
    file: POSTING,
    before: 'else if (failed && index === pageIndex) pageExists = true;\n    else if (failed) head',
    after: 'else if (failed && index > pageIndex) head',
    checks: [storage],
  },
  {
    name: 'masks-the-heads-reason',
    breaks: 'I7: nobody learns that a month was closed',
    file: POSTING,
    before: 'else if (failed) head = item ? headOf(page, item) : null;',
    after: '',
    checks: [storage],
  },
  {
    name: 'takes-a-lost-answer-for-a-commit',
    breaks: 'I3: what was never committed is acknowledged',
    file: POSTING,
    before: "return { status: 'unknown', cause: error };",
    after: "return { status: 'committed' };",
    checks: [storage],
  },
  {
    name: 'puts-the-lane-into-the-markers-key',
    breaks: 'I2: an event is charged once in each lane',
    file: LEDGER,
    before: 'return { ...markerKey(tenant, eventId), ...place,',
    after: 'return { pk: `${markerKey(tenant, eventId).pk}#${lane}`, sk: eventId, ...place,',
    checks: [storage],
  },
  {
    name: 'puts-the-period-into-the-markers-key',
    breaks: 'I2: an event is charged once in each month',
    file: LEDGER,
    before: 'return { ...markerKey(tenant, eventId), ...place,',
    after: 'return { pk: markerKey(tenant, eventId).pk, sk: `${period}#${eventId}`, ...place,',
    checks: [simulated, storage],
  },
  {
    name: 'leaves-the-tenant-out-of-the-markers-key',
    breaks: 'I5: one tenant uses up the ids of another',
    file: KEYS,
    before: 'return { pk: `${MARKER_PREFIX}${tenant}#${bucketOf(eventId)}`, sk: eventId };',
    after: 'return { pk: `${MARKER_PREFIX}${bucketOf(eventId)}`, sk: eventId };',
    checks: [simulated, storage],
  },
  {
    name: 'counts-a-refusal-whatever-it-was-before',
    breaks: 'I3: of two failures at once one is forgotten',
    file: LEDGER,
    before: ': await this.#putIf(item, unchanged, {',
    after: ': await this.#putIf(item, `attribute_exists(pk) OR (${unchanged})`, {',
    checks: [storage],
  },
];
