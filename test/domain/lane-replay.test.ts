import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../lambdas/domain/journal.ts';
import { LaneReplay, replayStart } from '../../lambdas/domain/lane-replay.ts';
import { amountMinor } from '../../lambdas/domain/money.ts';
import {
  emptyHead,
  genesisHash,
  headAfter,
  type JournalPage,
  type LaneHead,
  nextPage,
  type PageHash,
  pageHash,
} from '../../lambdas/domain/page.ts';
import {
  alpha,
  beta,
  entry,
  eventId,
  instant,
  lane,
  laneKey,
  metric,
  must,
  NOW,
  period,
  quantity,
} from '../support/events.ts';
import { type LaneStory, laneOfPages, numberedLane } from '../support/lanes.ts';
import { verifyLane } from '../support/verify-lane.ts';

const lanes = fc
  .array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 6 })
  .map((sizes) => numberedLane(sizes));
const lanesWithPick = lanes.chain((story) => fc.tuple(fc.constant(story), fc.nat({ max: story.pages.length - 1 })));

const OTHER_HASH = 'f'.repeat(64) as PageHash;

type Edit<Value> = readonly [name: string, edit: (value: Value) => Value];

const entryEdits: readonly Edit<JournalEntry>[] = [
  ['its event id', (one) => ({ ...one, eventId: eventId('api:other') })],
  ['its transaction id', (one) => ({ ...one, txnId: entry('other').txnId })],
  ['its kind', (one) => ({ ...one, kind: 'adjustment' })],
  ['its metric', (one) => ({ ...one, metric: metric('storage_gb_hour') })],
  ['its metric to none', (one) => ({ ...one, metric: null })],
  ['its quantity', (one) => ({ ...one, quantity: quantity(999) })],
  ['its quantity to none', (one) => ({ ...one, quantity: null })],
  ['its date', (one) => ({ ...one, eventDate: instant('2026-03-15T12:00:00.001Z') })],
  ['its price version', (one) => ({ ...one, priceVersion: 2 })],
  [
    'its amount, balanced',
    (one) => ({
      ...one,
      postings: one.postings.map((each) => ({ ...each, amountMinor: amountMinor(each.amountMinor * 2n) })),
    }),
  ],
  [
    'one posting',
    (one) => ({
      ...one,
      postings: one.postings.map((each, index) =>
        index === 0 ? { ...each, amountMinor: amountMinor(each.amountMinor + 1n) } : each,
      ),
    }),
  ],
  [
    'an account',
    (one) => ({
      ...one,
      postings: one.postings.map((each) =>
        each.account === 'revenue' ? { ...each, account: 'adjustments' as const } : each,
      ),
    }),
  ],
  ['its postings to none', (one) => ({ ...one, postings: [] })],
  ['the order of its postings', (one) => ({ ...one, postings: [...one.postings].reverse() })],
];

const pageEdits: readonly Edit<JournalPage>[] = [
  ...entryEdits.map(
    ([name, edit]): Edit<JournalPage> => [
      `an entry: ${name}`,
      (page) => ({ ...page, entries: page.entries.map((one, index) => (index === 0 ? edit(one) : one)) }),
    ],
  ),
  ['one entry taken out', (page) => ({ ...page, entries: page.entries.slice(1) })],
  ['one entry put in', (page) => ({ ...page, entries: [...page.entries, entry('forged')] })],
  ['one entry doubled', (page) => ({ ...page, entries: [...page.entries, must(page.entries[0])] })],
  ['its time', (page) => ({ ...page, postedAt: instant('2026-03-20T00:00:00Z') })],
  ['its time to the past', (page) => ({ ...page, postedAt: instant('2026-03-01T00:00:00Z') })],
  [
    'its totals',
    (page) => ({ ...page, totals: { ...page.totals, receivable: amountMinor(page.totals.receivable + 1n) } }),
  ],
  [
    'its totals, balanced',
    (page) => ({
      ...page,
      totals: {
        ...page.totals,
        receivable: amountMinor(page.totals.receivable + 1n),
        revenue: amountMinor(page.totals.revenue - 1n),
      },
    }),
  ],
  ['its sequence', (page) => ({ ...page, seq: page.seq + 1 })],
  ['its chain', (page) => ({ ...page, prevHash: OTHER_HASH })],
  ['its hash', (page) => ({ ...page, hash: OTHER_HASH })],
];

const headEdits: readonly Edit<LaneHead>[] = [
  ['its sequence ahead', (head) => ({ ...head, nextSeq: head.nextSeq + 1 })],
  ['its sequence back', (head) => ({ ...head, nextSeq: head.nextSeq - 1 })],
  ['its chain', (head) => ({ ...head, chain: OTHER_HASH })],
  ['its count', (head) => ({ ...head, entryCount: head.entryCount + 1 })],
  [
    'its receivable',
    (head) => ({ ...head, totals: { ...head.totals, receivable: amountMinor(head.totals.receivable - 1n) } }),
  ],
  ['its revenue', (head) => ({ ...head, totals: { ...head.totals, revenue: amountMinor(head.totals.revenue + 1n) } })],
  ['its adjustments', (head) => ({ ...head, totals: { ...head.totals, adjustments: amountMinor(1n) } })],
  ['its last time', (head) => ({ ...head, lastPostedAt: instant('2030-01-01T00:00:00Z') })],
  ['its last time to none', (head) => ({ ...head, lastPostedAt: undefined })],
  ['its place', (head) => ({ ...head, lane: lane(4) })],
  ['its month', (head) => ({ ...head, period: period('2026-04') })],
  ['its tenant', (head) => ({ ...head, tenant: beta })],
  ['back to that of an empty lane', (head) => emptyHead(head)],
];

describe('a lane as posted', () => {
  it('has no fault, empty or not', () => {
    fc.assert(
      fc.property(lanes, ({ pages, head }) => {
        expect(verifyLane(pages, head)).toEqual([]);
      }),
    );
    expect(verifyLane([], emptyHead(laneKey()))).toEqual([]);
  });

  it('has no fault once it is closed', () => {
    const { pages, head } = numberedLane([2, 1]);
    expect(verifyLane(pages, { ...head, closedAt: NOW })).toEqual([]);
  });
});

describe('a lane with one page altered', () => {
  it.each(pageEdits)('in %s is found, and the first fault is there', (_, edit) => {
    fc.assert(
      fc.property(lanesWithPick, (pick) => {
        const [{ pages, head }, at] = pick;
        const forged = edit(must(pages[at]));
        const faults = verifyLane(pages.with(at, forged), head);
        expect(faults[0]?.seq).toBe(at + 1);
      }),
      { numRuns: 40 },
    );
  });

  it.each(pageEdits.filter(([name]) => name !== 'its hash' && name !== 'its sequence'))(
    'in %s and its hash made to match is found there or at the next link',
    (_, edit) => {
      fc.assert(
        fc.property(lanesWithPick, (pick) => {
          const [{ pages, head }, at] = pick;
          const forged = edit(must(pages[at]));
          const faults = verifyLane(pages.with(at, { ...forged, hash: pageHash(forged) }), head);
          expect([at + 1, at + 2]).toContain(faults[0]?.seq);
        }),
        { numRuns: 40 },
      );
    },
  );
});

describe('a lane with its pages rearranged', () => {
  const rearranged: readonly (readonly [string, (story: LaneStory, at: number) => readonly JournalPage[]])[] = [
    ['one deleted', ({ pages }, at) => pages.toSpliced(at, 1)],
    ['its end cut off', ({ pages }, at) => pages.slice(0, at)],
    ['one doubled', ({ pages }, at) => pages.toSpliced(at, 0, must(pages[at]))],
    [
      'another lane’s put in',
      ({ pages }, at) =>
        pages.toSpliced(
          at,
          1,
          must(
            numberedLane(
              pages.map(() => 1),
              laneKey({ lane: lane(9) }),
            ).pages[at],
          ),
        ),
    ],
    ['a forged one put at its end', ({ pages, head }) => [...pages, nextPage(head, [entry('forged')], NOW)]],
    [
      'one deleted and the rest renumbered',
      ({ pages }, at) => pages.toSpliced(at, 1).map((page, index) => ({ ...page, seq: index + 1 })),
    ],
  ];

  it.each(rearranged)('%s is found', (_, change) => {
    fc.assert(
      fc.property(lanesWithPick, ([story, at]) => {
        expect(verifyLane(change(story, at), story.head)).not.toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('names the sequences that are missing, and nothing else', () => {
    const { pages, head } = numberedLane([1, 1, 1, 1]);
    const faultsWithout = (start: number, count: number) => verifyLane(pages.toSpliced(start, count), head);
    expect(faultsWithout(1, 1)).toEqual([{ type: 'gap', seq: 2, message: 'page 2 is missing' }]);
    expect(faultsWithout(1, 2)).toEqual([{ type: 'gap', seq: 2, message: 'pages 2 to 3 are missing' }]);
    expect(faultsWithout(3, 1)).toEqual([{ type: 'gap', seq: 4, message: 'page 4 is missing' }]);
    expect(faultsWithout(0, 4)).toEqual([{ type: 'gap', seq: 1, message: 'pages 1 to 4 are missing' }]);
  });

  it('is found when any two change places', () => {
    fc.assert(
      fc.property(lanesWithPick, fc.nat(), ([{ pages, head }, at], other) => {
        const to = other % pages.length;
        fc.pre(at !== to);
        expect(verifyLane(pages.with(at, must(pages[to])).with(to, must(pages[at])), head)).not.toEqual([]);
      }),
    );
  });
});

describe('a head', () => {
  it.each(headEdits)('altered in %s is found', (_, edit) => {
    fc.assert(
      fc.property(lanes, ({ pages, head }) => {
        expect(verifyLane(pages, edit(head))).not.toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});

describe('an unbalanced entry', () => {
  it('is found even in a lane rebuilt around it without a seam', () => {
    const lopsided = { ...entry('k'), postings: [{ account: 'receivable' as const, amountMinor: amountMinor(5n) }] };
    const { pages, head } = laneOfPages([[entry('a')], [lopsided], [entry('b')]]);
    expect(verifyLane(pages, head)).toEqual([
      { type: 'unbalanced_entry', seq: 2, index: 0, message: 'api:k does not net to zero' },
    ]);
  });
});

describe('a replay', () => {
  it('rests anywhere and goes on from its state alone', () => {
    fc.assert(
      fc.property(lanesWithPick, ([{ pages, head }, at]) => {
        const first = new LaneReplay(replayStart(head));
        for (const page of pages.slice(0, at)) expect(first.page(page)).toEqual([]);
        const second = new LaneReplay(first.state);
        for (const page of pages.slice(at)) expect(second.page(page)).toEqual([]);
        expect(second.end(head)).toEqual([]);
      }),
    );
  });

  it('passes over a page that cannot be read, and goes on checking after it', () => {
    const { pages, head } = numberedLane([1, 2, 1, 1]);
    const replay = new LaneReplay(replayStart(head));
    expect(replay.page(must(pages[0]))).toEqual([]);
    expect(replay.unreadable(2)).toEqual([]);
    expect(replay.page(must(pages[2]))).toEqual([]);
    expect(replay.page({ ...must(pages[3]), prevHash: OTHER_HASH }).map(({ type }) => type)).toContain('broken_chain');
    expect(replay.end(head)).toEqual([]);
  });
});

describe('the chain', () => {
  it('begins with a hash of the lane’s own, so that no lane can stand in for another', () => {
    const keys = [
      laneKey(),
      laneKey({ tenant: beta }),
      laneKey({ lane: lane(4) }),
      laneKey({ period: period('2026-04') }),
    ];
    expect(new Set(keys.map(genesisHash)).size).toBe(keys.length);
  });

  it('of known pages never changes: stored hashes must go on matching', () => {
    expect(genesisHash(laneKey())).toBe('6fb97151f4ca9111b192c9edc46d13d067e9411a5603f3caca7bd3ca91ca504e');
    expect(numberedLane([2]).pages[0]?.hash).toBe('6371669d7008f8c0ce429676c29e2c63b8dd7fa8c027976ece5b07d7cb3f5631');
  });

  it('lets no time run backwards, whatever the clock says', () => {
    const first = nextPage(emptyHead(laneKey()), [entry('a')], instant('2026-03-10T00:00:00Z'));
    const second = nextPage(headAfter(emptyHead(laneKey()), first), [entry('b')], instant('2026-03-09T00:00:00Z'));
    expect(second.postedAt).toBe('2026-03-10T00:00:00.000Z');
    expect(first.tenant).toBe(alpha);
  });
});
