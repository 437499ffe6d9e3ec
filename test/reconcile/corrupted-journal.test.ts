import { describe, expect, it } from 'vitest';
import { amountMinor } from '../../lambdas/domain/money.ts';
import { emptyHead, headAfter, nextPage } from '../../lambdas/domain/page.ts';
import { advanceRun, beginRun } from '../../lambdas/reconcile/run/advance-run.ts';
import type { RunPorts } from '../../lambdas/reconcile/run/ports.ts';
import { headKey, pageKey } from '../../lambdas/storage/keys.ts';
import {
  type Corruption,
  cutBack,
  doubled,
  editEntry,
  edited,
  forge,
  headEdits,
  key,
  misplace,
  namesAndLocates,
  orphan,
  place,
  putSeamless,
  rewriteFrom,
  unsettled,
  usageEntryOf,
  world,
} from '../support/corruption.ts';
import { beta, eventId, instant, laneKey, must, NOW, period, quantity, usageEvent } from '../support/events.ts';

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
];

describe('a full run names and locates', () => namesAndLocates(corruptions));

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
