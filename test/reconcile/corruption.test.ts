import { beforeEach, describe, expect, it } from 'vitest';
import type { Discrepancy, DiscrepancyType } from '../../lambdas/domain/discrepancy.ts';
import type { JournalEntry } from '../../lambdas/domain/journal.ts';
import { amountMinor } from '../../lambdas/domain/money.ts';
import {
  emptyHead,
  headAfter,
  type JournalPage,
  type LaneHead,
  nextPage,
  pageHash,
} from '../../lambdas/domain/page.ts';
import { refusalReasons } from '../../lambdas/domain/refusal.ts';
import { type PayloadHash, payloadHash } from '../../lambdas/domain/usage-event.ts';
import { advanceRun, beginRun } from '../../lambdas/reconcile/run/advance-run.ts';
import type { RunPorts } from '../../lambdas/reconcile/run/ports.ts';
import { headKey, intakeKey, markerKey, pageKey, priceBookKey, timeIndexKey } from '../../lambdas/storage/keys.ts';
import { markerItem } from '../../lambdas/storage/ledger.ts';
import { refusalItem } from '../../lambdas/storage/refusal-item.ts';
import { dynoxide, useDynamodb } from '../support/dynamodb.ts';
import {
  alpha,
  beta,
  eventId,
  instant,
  lane,
  laneKey,
  metric,
  must,
  NOW,
  period,
  quantity,
  usageEvent,
} from '../support/events.ts';
import { RunWorld } from '../support/run-world.ts';

const dynamodb = useDynamodb(dynoxide);

/** The lane that the tests corrupt: three pages of three events. */
const key = laneKey();
const PAGES = [
  ['a1', 'a2', 'a3'],
  ['b1', 'b2', 'b3'],
  ['c1', 'c2', 'c3'],
];

let world: RunWorld;

beforeEach(async () => {
  world = await RunWorld.create(dynamodb);
  await world.charge(key, PAGES);
  await world.charge(laneKey({ lane: lane(7) }), [['d1']]);
  await world.charge(laneKey({ tenant: beta }), [['a1', 'a2']]);
});

describe('a ledger as it was posted', () => {
  it('has no discrepancy, and a full run accounts for everything in it', async () => {
    const { run, found } = await world.run();
    expect(found).toEqual([]);
    expect(run).toMatchObject({
      phase: undefined,
      counts: { heads: 3, lanes: 3, pages: 5, entries: 12, markers: 12, intake_records: 12 },
    });
    expect(world.clock.sleeps, 'nothing even looked suspect').toBe(0);
  });

  it('has none by a run over what is new, and none by a run over one tenant', async () => {
    expect((await world.run('new')).found).toEqual([]);
    const { run, found } = await world.run('full', beta);
    expect(found).toEqual([]);
    expect(run.counts).toEqual({
      heads: 1,
      lanes: 1,
      pages: 1,
      entries: 2,
      markers: 2,
      refusals: 0,
      unreadable_messages: 0,
      closures: 0,
      intake_records: 2,
    });
  });
});

describe('a price altered after it was used', () => {
  it('contradicts every entry that was rated by it', async () => {
    const { unit_prices: prices } = await world.item('config', priceBookKey(1));
    const doubledPrices = Object.entries(prices as Record<string, bigint>).map(([name, price]) => [name, price * 2n]);
    await world.edit('config', priceBookKey(1), { unit_prices: Object.fromEntries(doubledPrices) });
    const { found } = await world.run();
    expect(new Set(found.map(({ type }) => type))).toEqual(new Set(['amount_mismatch']));
    expect(found).toHaveLength(12);
  });
});

describe('a refusal', () => {
  it('is no discrepancy when it is provisional and posted since, final and posted by a redrive, or of what has no price', async () => {
    const [later, redriven] = await world.accept(['later', 'redriven']);
    const [ghost] = await world.accept(['ghost'], { metric: metric('ghost') });
    await putRefusal('later', payloadHash(must(later)), { is_final: false, reason: refusalReasons.undelivered });
    await putRefusal('redriven', payloadHash(must(redriven)), { reason: refusalReasons.unstorable });
    await putRefusal('ghost', payloadHash(must(ghost)), { reason: refusalReasons.unpriced });
    await world.post(key, [must(later), must(redriven)]);
    expect((await world.run()).found).toEqual([]);
  });
});

interface Corruption {
  readonly name: string;
  readonly corrupt: () => Promise<unknown>;
  /** What must be among the findings. */
  readonly expected: readonly Expected[];
  /** Other types that may follow from it. */
  readonly follows?: readonly DiscrepancyType[];
}

type Expected = Pick<Discrepancy, 'type' | 'place'> & Partial<Discrepancy>;

const place = (seq?: number, index?: number) => ({
  ...{ period: key.period, lane: key.lane },
  ...(seq !== undefined && { seq }),
  ...(index !== undefined && { index }),
});

const corruptions: readonly Corruption[] = [
  {
    name: 'both legs of an entry edited alike',
    corrupt: () => editEntry(2, 1, doubled),
    expected: [
      { type: 'altered_page', place: place(2) },
      { type: 'amount_mismatch', place: place(2, 1), eventId: eventId('api:b2'), expected: '1', posted: '2' },
    ],
  },
  {
    name: 'both legs of an entry edited alike, and its page’s totals and hash made to match',
    corrupt: async () => putSeamless(await edited(2, 1, doubled)),
    expected: [
      { type: 'amount_mismatch', place: place(2, 1), eventId: eventId('api:b2'), expected: '1', posted: '2' },
      { type: 'broken_chain', place: place(3) },
    ],
    follows: ['altered_page', 'head_mismatch'],
  },
  {
    name: 'both legs edited alike, and every later page, the totals and the head rewritten without a seam',
    corrupt: async () => rewriteFrom(await edited(2, 1, doubled)),
    expected: [{ type: 'amount_mismatch', place: place(2, 1), eventId: eventId('api:b2'), expected: '1', posted: '2' }],
  },
  {
    name: 'one leg of an entry edited',
    corrupt: () =>
      editEntry(1, 0, (entry) => ({
        ...entry,
        postings: [{ ...must(entry.postings[0]), amountMinor: amountMinor(9n) }, must(entry.postings[1])],
      })),
    expected: [
      { type: 'unbalanced_entry', place: place(1, 0) },
      { type: 'altered_page', place: place(1) },
      { type: 'amount_mismatch', place: place(1, 0), expected: '1', posted: '9' },
    ],
  },
  {
    name: 'an entry booked against another account, without a seam',
    corrupt: async () =>
      rewriteFrom(
        await edited(3, 2, (entry) => ({
          ...entry,
          postings: entry.postings.map((each) =>
            each.account === 'revenue' ? { ...each, account: 'adjustments' as const } : each,
          ),
        })),
      ),
    expected: [{ type: 'malformed_entry', place: place(3, 2), eventId: eventId('api:c3') }],
  },
  {
    name: 'a page posted before its events were accepted, without a seam',
    corrupt: async () =>
      rewriteFrom({ ...must((await world.pages(key))[0]), postedAt: instant('2026-03-15T10:00:00Z') }),
    expected: [{ type: 'altered_entry', place: place(1, 0), eventId: eventId('api:a1') }],
    follows: ['marker_mismatch'],
  },
  {
    name: 'an intake record accepted at another time, its index made to match',
    corrupt: async () => {
      const [id, receivedAt] = [eventId('api:b2'), instant('2026-03-15T11:30:00Z')];
      const changes = { received_at: receivedAt, ...timeIndexKey(alpha, id, receivedAt) };
      await world.edit('intake', intakeKey(alpha, id), changes);
    },
    expected: [{ type: 'altered_entry', place: place(2, 1), eventId: eventId('api:b2') }],
  },
  {
    name: 'a page without an entry',
    corrupt: async () => {
      const page = nextPage(await world.head(key), [], NOW);
      await world.putPage(page);
      await world.putHead(headAfter(await world.head(key), page));
    },
    expected: [{ type: 'altered_page', place: place(4) }],
  },
  {
    name: 'a page deleted in the middle',
    corrupt: () => world.deletePage(key, 2),
    expected: [{ type: 'gap', place: place(2) }, ...['b1', 'b2', 'b3'].map((name, index) => orphan(name, 2, index))],
  },
  {
    name: 'the last page deleted',
    corrupt: () => world.deletePage(key, 3),
    expected: [{ type: 'gap', place: place(3) }, ...['c1', 'c2', 'c3'].map((name, index) => orphan(name, 3, index))],
  },
  {
    name: 'the last page deleted with its markers, and the head rolled back',
    corrupt: () => cutBack(),
    expected: ['c1', 'c2', 'c3'].map((name) => unsettled(name)),
  },
  {
    name: 'every page of a lane deleted',
    corrupt: async () => {
      for (const seq of [1, 2, 3]) await world.deletePage(key, seq);
    },
    expected: [{ type: 'gap', place: place(1) }],
    follows: ['orphan_marker'],
  },
  {
    name: 'a forged balanced entry with a right-looking chain, marker and head',
    corrupt: () => forge(usageEvent('forged', { quantity: quantity(500) })),
    expected: [{ type: 'missing_intake', place: place(4, 0), eventId: eventId('api:forged') }],
  },
  {
    name: 'a second entry for an old event',
    corrupt: async () => {
      const [again] = must((await world.pages(key))[0]).entries;
      const page = nextPage(await world.head(key), [must(again)], NOW);
      await world.putPage(page);
      await world.putHead(headAfter(await world.head(key), page));
    },
    expected: [{ type: 'duplicate_entry', place: place(4, 0), eventId: eventId('api:a1') }],
  },
  {
    name: 'a second entry for an old event, whose marker was moved to it',
    corrupt: async () => {
      const event = usageEvent('a1', { receivedAt: instant('2026-03-15T11:00:00Z') });
      await forge(event);
    },
    expected: [{ type: 'duplicate_entry', place: place(1, 0), eventId: eventId('api:a1') }],
  },
  {
    name: 'a page deleted and the ones after it renumbered',
    corrupt: async () => {
      const third = await world.item('ledger', pageKey(key, 3));
      await world.deletePage(key, 3);
      await world.put('ledger', { ...third, ...pageKey(key, 2), seq: 2 });
      await world.putHead({ ...(await world.head(key)), nextSeq: 3 });
    },
    expected: [
      { type: 'altered_page', place: place(2) },
      { type: 'broken_chain', place: place(2) },
    ],
    follows: ['head_mismatch', 'duplicate_entry', 'orphan_marker', 'marker_mismatch'],
  },
  {
    name: 'a page moved to another number',
    corrupt: async () => {
      const third = await world.item('ledger', pageKey(key, 3));
      await world.deletePage(key, 3);
      await world.put('ledger', { ...third, ...pageKey(key, 5) });
    },
    expected: [
      { type: 'gap', place: place(3) },
      { type: 'page_beyond_head', place: place(5) },
    ],
    follows: ['orphan_marker'],
  },
  ...headEdits([
    ['its receivable', (head) => ({ ...head, totals: { ...head.totals, receivable: amountMinor(1n) } })],
    [
      'its totals, balanced',
      (head) => ({ ...head, totals: { ...head.totals, receivable: amountMinor(1n), revenue: amountMinor(-1n) } }),
    ],
    ['its count', (head) => ({ ...head, entryCount: 8 })],
    ['its chain', (head) => ({ ...head, chain: emptyHead(key).chain })],
    ['its time', (head) => ({ ...head, lastPostedAt: NOW })],
  ]),
  {
    name: 'a head set ahead of its pages',
    corrupt: async () => world.putHead({ ...(await world.head(key)), nextSeq: 6 }),
    expected: [{ type: 'gap', place: place(4) }],
  },
  {
    name: 'a head turned back',
    corrupt: async () => world.putHead({ ...(await world.head(key)), nextSeq: 3 }),
    expected: [
      { type: 'head_mismatch', place: place(2) },
      { type: 'page_beyond_head', place: place(3) },
    ],
    follows: ['orphan_marker'],
  },
  {
    name: 'a head deleted',
    corrupt: () => world.delete('balances', headKey(key)),
    expected: [{ type: 'page_without_head', place: place() }],
  },
  {
    name: 'a damaged head',
    corrupt: () => world.edit('balances', headKey(key), { totals: 'none' }),
    expected: [{ type: 'damaged_item', place: place() }],
  },
  {
    name: 'an intake record deleted',
    corrupt: () => world.delete('intake', intakeKey(alpha, eventId('api:b2'))),
    expected: [{ type: 'missing_intake', place: place(2, 1), eventId: eventId('api:b2') }],
  },
  {
    name: 'an intake record edited',
    corrupt: () => world.edit('intake', intakeKey(alpha, eventId('api:b2')), { quantity: 5n }),
    expected: [
      { type: 'altered_intake', place: {}, eventId: eventId('api:b2') },
      { type: 'payload_mismatch', place: place(2, 1), eventId: eventId('api:b2') },
      { type: 'amount_mismatch', place: place(2, 1), eventId: eventId('api:b2'), expected: '5', posted: '1' },
    ],
    follows: ['altered_entry'],
  },
  {
    name: 'an intake record overwritten, its hash made to match',
    corrupt: async () => {
      const event = usageEvent('b2', { receivedAt: instant('2026-03-15T11:00:00Z'), quantity: quantity(5) });
      await world.edit('intake', intakeKey(alpha, event.eventId), { quantity: 5n, payload_hash: payloadHash(event) });
    },
    expected: [
      { type: 'payload_mismatch', place: place(2, 1), eventId: eventId('api:b2') },
      { type: 'amount_mismatch', place: place(2, 1), eventId: eventId('api:b2'), expected: '5', posted: '1' },
    ],
    follows: ['altered_entry'],
  },
  {
    name: 'an intake record hidden from the sweep',
    corrupt: () => world.edit('intake', intakeKey(alpha, eventId('api:b2')), { time_pk: 'elsewhere' }),
    expected: [{ type: 'damaged_item', place: { item: 'intake' }, eventId: eventId('api:b2') }],
  },
  {
    name: 'a damaged intake record',
    corrupt: () => world.edit('intake', intakeKey(alpha, eventId('api:b2')), { metric: 7n }),
    expected: [{ type: 'damaged_item', place: { item: 'intake' }, eventId: eventId('api:b2') }],
  },
  {
    name: 'an accepted event that never settled',
    corrupt: () => world.accept(['lost']),
    expected: [unsettled('lost')],
  },
  {
    name: 'a marker deleted',
    corrupt: () => world.delete('ledger', markerKey(alpha, eventId('api:b2'))),
    expected: [{ type: 'missing_marker', place: place(2, 1), eventId: eventId('api:b2') }, unsettled('b2')],
  },
  {
    name: 'a marker forged for an event that was never charged',
    corrupt: () => forgeMarker('2026-03-15T11:00:00Z'),
    expected: [orphan('lost', 2, 1)],
  },
  {
    name: 'a marker forged a moment ago',
    corrupt: () => forgeMarker('2026-03-15T12:00:00Z'),
    expected: [orphan('lost', 2, 1)],
  },
  {
    name: 'a marker forged for later',
    corrupt: () => forgeMarker('2027-01-01T00:00:00Z'),
    expected: [{ type: 'future_marker', place: place(2, 1), eventId: eventId('api:lost') }, orphan('lost', 2, 1)],
  },
  {
    name: 'a marker deleted and another forged, so that their number is right',
    corrupt: async () => {
      await world.delete('ledger', markerKey(alpha, eventId('api:b2')));
      await forgeMarker('2026-03-15T11:00:00Z');
    },
    expected: [{ type: 'missing_marker', place: place(2, 1), eventId: eventId('api:b2') }, orphan('lost', 2, 1)],
    follows: ['unsettled'],
  },
  {
    name: 'a damaged marker',
    corrupt: () => world.edit('ledger', markerKey(alpha, eventId('api:b2')), { seq: 'two' }),
    expected: [{ type: 'damaged_item', place: place(2, 1), eventId: eventId('api:b2') }],
  },
  {
    name: 'a refusal forged for something never accepted',
    corrupt: () => putRefusal('lost', '0'.repeat(64)),
    expected: [{ type: 'refusal_without_intake', place: {}, eventId: eventId('api:lost') }],
  },
  {
    name: 'a refusal forged with another payload than was accepted',
    corrupt: async () => {
      await world.accept(['lost']);
      await putRefusal('lost', '0'.repeat(64));
    },
    expected: [{ type: 'refusal_without_intake', place: {}, eventId: eventId('api:lost') }, unsettled('lost')],
  },
  {
    name: 'a final refusal forged for an accepted event that nobody charged',
    corrupt: async () => {
      const [event] = await world.accept(['lost']);
      await putRefusal('lost', payloadHash(must(event)), { reason: refusalReasons.unpriced });
    },
    expected: [{ type: 'unfounded_refusal', place: {}, eventId: eventId('api:lost') }],
  },
  {
    name: 'the last page cut off, and its events refused instead',
    corrupt: async () => {
      const page = must((await world.pages(key))[2]);
      await cutBack();
      for (const name of ['c1', 'c2', 'c3']) {
        const event = usageEvent(name, { receivedAt: must(page.entries[0]).eventDate });
        await putRefusal(name, payloadHash(event), { reason: refusalReasons.conflict });
      }
    },
    expected: ['c1', 'c2', 'c3'].map((name) => ({
      ...{ type: 'unfounded_refusal', place: {}, eventId: eventId(`api:${name}`) },
    })),
  },
  {
    name: 'a refusal hidden from the list of dead letters',
    corrupt: async () => {
      const [event] = await world.accept(['lost'], { metric: metric('ghost') });
      await putRefusal('lost', payloadHash(must(event)), { refusal_pk: 'elsewhere' });
    },
    expected: [{ type: 'damaged_item', place: { item: 'refusal' }, eventId: eventId('api:lost') }],
  },
  {
    name: 'an entry’s price version altered, without a seam',
    corrupt: async () => rewriteFrom(await edited(3, 0, (entry) => ({ ...entry, priceVersion: 2 }))),
    expected: [
      { type: 'price_version_mismatch', place: place(3, 0), eventId: eventId('api:c1'), expected: '1', posted: '2' },
    ],
  },
  {
    name: 'an entry’s metric, quantity, date and transaction id altered, without a seam',
    corrupt: async () =>
      rewriteFrom(
        await edited(3, 0, (entry) => ({
          ...entry,
          ...{ quantity: quantity(7), eventDate: NOW, txnId: must(usageEntryOf('other')).txnId },
        })),
      ),
    expected: [{ type: 'altered_entry', place: place(3, 0), eventId: eventId('api:c1') }],
  },
  {
    name: 'an entry in a month before its own',
    corrupt: () => misplace('2026-02'),
    expected: [
      {
        type: 'period_mismatch',
        place: { period: period('2026-02'), lane: key.lane, seq: 1, index: 0 },
        eventId: eventId('api:lost'),
        expected: '2026-03',
        posted: '2026-02',
      },
    ],
  },
  {
    name: 'an entry in a month after its own, which is open',
    corrupt: () => misplace('2026-05'),
    expected: [
      {
        type: 'period_mismatch',
        place: { period: period('2026-05'), lane: key.lane, seq: 1, index: 0 },
        eventId: eventId('api:lost'),
        expected: '2026-03',
        posted: '2026-05',
      },
    ],
  },
  {
    name: 'a damaged page',
    corrupt: () => world.edit('ledger', pageKey(key, 2), { entries: 'gone' }),
    expected: [{ type: 'damaged_item', place: place(2) }],
  },
  {
    name: 'a page whose number no longer is that of its key',
    corrupt: () => world.edit('ledger', pageKey(key, 2), { seq: 9n }),
    expected: [{ type: 'damaged_item', place: place(2) }],
  },
  {
    name: 'two entries of one amount swapped between tenants, with markers, chains and heads made to match',
    corrupt: async () => {
      const [own, others] = [usageEvent('a1'), usageEvent('a1', { tenant: beta })];
      const moved = { ...world.entryOf(others), eventId: own.eventId };
      await rewriteFrom(await edited(1, 0, () => moved));
    },
    expected: [{ type: 'altered_entry', place: place(1, 0), eventId: eventId('api:a1') }],
  },
  {
    name: 'items of a lane, a month and a bucket that do not exist',
    corrupt: async () => {
      await world.put('balances', { pk: `H#${alpha}`, sk: '2026-03#17' });
      await world.put('balances', { pk: `H#${alpha}`, sk: '2026-13#03' });
      await world.put('balances', { pk: `C#${alpha}`, sk: '2026-13' });
      await world.put('ledger', { pk: `E#${alpha}#zz`, sk: 'api:a1' });
      await world.put('intake', {
        ...(await world.item('intake', intakeKey(alpha, eventId('api:a1')))),
        pk: `${alpha}#zz`,
      });
    },
    expected: [
      { type: 'foreign_item', place: { item: `H#${alpha} / 2026-03#17` }, tenant: undefined },
      { type: 'foreign_item', place: { item: `H#${alpha} / 2026-13#03` }, tenant: undefined },
      { type: 'foreign_item', place: { item: `C#${alpha} / 2026-13` }, tenant: undefined },
      { type: 'foreign_item', place: { item: `E#${alpha}#zz / api:a1` }, tenant: undefined },
      { type: 'foreign_item', place: { item: `${alpha}#zz / api:a1` }, tenant: undefined },
    ],
  },
  {
    name: 'items nobody of ours would write',
    corrupt: async () => {
      await world.put('ledger', { pk: 'X#1', sk: 'y' });
      await world.put('balances', { pk: 'Z#1', sk: 'y' });
      await world.put('intake', { pk: 'W#1', sk: 'y' });
      await world.put('ledger', { pk: pageKey(key, 1).pk, sk: '!' });
    },
    expected: [
      { type: 'foreign_item', place: { item: 'X#1 / y' }, tenant: undefined },
      { type: 'foreign_item', place: { item: 'Z#1 / y' }, tenant: undefined },
      { type: 'foreign_item', place: { item: 'W#1 / y' }, tenant: undefined },
      { type: 'damaged_item', place: { ...place(), item: `${pageKey(key, 1).pk} / !` } },
    ],
    follows: ['foreign_item'],
  },
];

describe('a full run', () => {
  it.each(corruptions)('names and locates $name', async ({ corrupt, expected, follows = [] }) => {
    await corrupt();
    const { run, found } = await world.run();
    expect(run.phase).toBeUndefined();
    for (const one of expected) expect(found).toContainEqual(expect.objectContaining({ tenant: alpha, ...one }));
    const allowed = new Set([...expected.map(({ type }) => type), ...follows]);
    expect(
      found.filter(({ type }) => !allowed.has(type)),
      'and nothing else',
    ).toEqual([]);
    expect(found.every(({ tenant }) => tenant !== beta)).toBe(true);
    expect(world.telemetry.counted('discrepancies')).toBeGreaterThan(0);
    expect(world.telemetry.errors).toHaveLength(found.length);
  });
});

function orphan(name: string, seq: number, index: number): Expected {
  return { type: 'orphan_marker', place: place(seq, index), eventId: eventId(`api:${name}`) };
}

function unsettled(name: string): Expected {
  return { type: 'unsettled', place: {}, eventId: eventId(`api:${name}`) };
}

function headEdits(edits: readonly (readonly [string, (head: LaneHead) => LaneHead])[]): Corruption[] {
  return edits.map(([name, edit]) => ({
    name: `a head altered in ${name}`,
    corrupt: async () => world.putHead(edit(await world.head(key))),
    expected: [{ type: 'head_mismatch', place: place(3) }],
  }));
}

function doubled(entry: JournalEntry): JournalEntry {
  return {
    ...entry,
    postings: entry.postings.map((each) => ({ ...each, amountMinor: amountMinor(each.amountMinor * 2n) })),
  };
}

function usageEntryOf(name: string): JournalEntry {
  return world.entryOf(usageEvent(name));
}

/** The page with one entry changed, its hash as it was. */
async function edited(seq: number, index: number, edit: (entry: JournalEntry) => JournalEntry): Promise<JournalPage> {
  const page = must((await world.pages(key))[seq - 1]);
  return { ...page, entries: page.entries.map((entry, at) => (at === index ? edit(entry) : entry)) };
}

async function editEntry(seq: number, index: number, edit: (entry: JournalEntry) => JournalEntry): Promise<void> {
  await world.putPage(await edited(seq, index, edit));
}

async function putSeamless(page: JournalPage): Promise<void> {
  await world.putPage({ ...page, hash: pageHash(page) });
}

/** Puts the page and posts every later one again on top of it, head included: not a seam is left in the lane. */
async function rewriteFrom(changed: JournalPage): Promise<void> {
  let head = emptyHead(key);
  for (const page of await world.pages(key)) {
    const { entries, postedAt } = page.seq === changed.seq ? changed : page;
    const rewritten = nextPage(head, entries, postedAt);
    await world.putPage(rewritten);
    head = headAfter(head, rewritten);
  }
  await world.putHead(head);
}

async function cutBack(): Promise<void> {
  const [first, second] = await world.pages(key);
  for (const name of ['c1', 'c2', 'c3']) await world.delete('ledger', markerKey(alpha, eventId(`api:${name}`)));
  await world.deletePage(key, 3);
  await world.putHead(headAfter(headAfter(emptyHead(key), must(first)), must(second)));
}

/** Posts an event that was never accepted, with all that belongs to a posting. */
async function forge(event: ReturnType<typeof usageEvent>): Promise<void> {
  const page = nextPage(await world.head(key), [world.entryOf(event)], instant('2026-03-15T11:00:00Z'));
  await world.putPage(page);
  const marker = { ...key, seq: page.seq, index: 0, payloadHash: payloadHash(event), postedAt: page.postedAt };
  await world.put('ledger', markerItem(marker, event.eventId));
  await world.putHead(headAfter(await world.head(key), page));
}

/** Makes an accepted event look posted. */
async function forgeMarker(postedAt: string): Promise<void> {
  const [event] = await world.accept(['lost']);
  const marker = { ...key, seq: 2, index: 1, payloadHash: payloadHash(must(event)), postedAt: instant(postedAt) };
  await world.put('ledger', markerItem(marker, must(event).eventId));
}

async function putRefusal(name: string, hash: string, changes: Record<string, unknown> = {}): Promise<void> {
  const [payloadHash, id] = [hash as PayloadHash, eventId(`api:${name}`)];
  const times = { firstAt: NOW, lastAt: NOW, attempts: 1 };
  const refusal = { tenant: alpha, eventId: id, final: true, reason: 'forged', payloadHash, ...times };
  await world.put('ledger', { ...refusalItem(refusal), ...changes });
}

async function misplace(month: string): Promise<void> {
  await world.post(laneKey({ period: period(month) }), await world.accept(['lost']));
}

it('is not kept busy by a page forged in a month thousands of years ahead', async () => {
  const far = laneKey({ period: period('9999-12') });
  await world.charge(far, [['far']]);
  const { evidence } = world.ports;
  const asked: number[] = [];
  const balances: RunPorts['evidence']['balances'] = {
    heads: (lanes) => {
      asked.push(lanes.length);
      return evidence.balances.heads(lanes);
    },
    survey: (scope, cursor, itemsPerRead) => evidence.balances.survey(scope, cursor, itemsPerRead),
    closedAmong: (months) => evidence.balances.closedAmong(months),
    closures: (tenant) => evidence.balances.closures(tenant),
  };
  const ports = { ...world.ports, evidence: { ...evidence, balances } };
  const run = await advanceRun(await beginRun('full', undefined, ports), ports, Number.POSITIVE_INFINITY);
  expect((await ports.runs.findings(run.id)).map(({ type }) => type)).toEqual(['period_mismatch']);
  expect(Math.max(...asked)).toBeLessThan(100);
});
