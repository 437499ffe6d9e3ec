import { describe, expect, it } from 'vitest';
import { usageLane } from '../../lambdas/domain/lane.ts';
import { ENTRIES_PER_PAGE_MAX, emptyHead, headAfter, type JournalPage, nextPage } from '../../lambdas/domain/page.ts';
import { refusalReasons } from '../../lambdas/domain/refusal.ts';
import { payloadHash } from '../../lambdas/domain/usage-event.ts';
import { ConsumerWorld } from '../support/consumer-world.ts';
import { MAX_RECEIVES, messageOf, type TestMessage } from '../support/deliveries.ts';
import {
  beta,
  entry,
  instant,
  laneKey,
  metric,
  must,
  NOW,
  NOW_MS,
  period,
  priceBook,
  quantity,
  usageEvent,
} from '../support/events.ts';
import { type CommitFault, noFaults } from '../support/fault-script.ts';

const event = usageEvent('k');
const own = laneKey({ lane: usageLane([event.eventId]) });
const message = messageOf('m', [event]);
const commits = (...faults: CommitFault[]) => ({ ...noFaults, commits: faults });
const posted = (world: ConsumerWorld) =>
  world.ledger.allPages().flatMap((page) => page.entries.map(({ eventId }) => `${page.period} ${eventId}`));

describe('a page', () => {
  it('holds all a lane gets in one batch, up to ninety entries', async () => {
    const world = new ConsumerWorld();
    const events = Array.from({ length: 2 * ENTRIES_PER_PAGE_MAX + 1 }, (_, index) => usageEvent(`k${index}`));
    expect(await world.deliver([messageOf('m', events)])).toEqual([]);
    expect(world.ledger.allPages().map((page) => page.entries.length)).toEqual([90, 90, 1]);
    expect(posted(world)).toEqual(events.map(({ eventId }) => `2026-03 ${eventId}`));
  });

  it('is shared by the messages of a lane', async () => {
    const world = new ConsumerWorld();
    const events = Array.from({ length: 60 }, (_, index) => usageEvent(`k${index}`)).filter(
      ({ eventId }) => usageLane([eventId]) === own.lane,
    );
    expect(events.length).toBeGreaterThan(1);
    await world.deliver(events.map((each, index) => messageOf(`m${index}`, [each])));
    expect(world.ledger.allPages().map((page) => page.entries.length)).toEqual([events.length]);
  });
});

describe('a month that is closed', () => {
  it('is passed over to the next open one, however many are closed, at any moment', async () => {
    const world = new ConsumerWorld();
    for (const month of ['2026-03', '2026-04', '2026-06']) world.ledger.close({ ...own, period: period(month) }, NOW);
    await world.deliver([message], commits('closed_before'));
    expect(posted(world)).toEqual(['2026-07 api:k']);
  });

  it.each<CommitFault>(['closed_before', 'two_months_closed_before'])(
    'between read and commit (%s) gets nothing more',
    async (fault) => {
      const world = new ConsumerWorld();
      await world.deliver([message], commits(fault));
      expect(posted(world)).toEqual([fault === 'closed_before' ? '2026-04 api:k' : '2026-05 api:k']);
      expect(await world.ledger.head(own)).toMatchObject({ closedAt: NOW, nextSeq: 1 });
    },
  );

  it('is passed over also while DynamoDB never sends the shut head along', async () => {
    const world = new ConsumerWorld();
    const shuts = (page: JournalPage) => {
      if (page.period === NOW.slice(0, 7)) world.ledger.close(page, NOW);
      return true;
    };
    const silent = commits(...new Array<CommitFault>(5_000).fill('no_items'));
    expect(await world.deliver([message], silent, { strikes: shuts, invocationMs: 2_000 })).toEqual([]);
    expect(posted(world)).toEqual(['2026-04 api:k']);
  });

  it('moves late usage only as far as it must, and keeps its date', async () => {
    const world = new ConsumerWorld();
    const late = usageEvent('k', { eventDate: instant('2026-01-05T00:00:00Z') });
    await world.deliver([messageOf('m', [late])]);
    const [page] = world.ledger.allPages();
    expect(page?.period).toBe('2026-03');
    expect(page?.entries[0]?.eventDate).toBe('2026-01-05T00:00:00.000Z');
  });
});

describe('a head that was rolled back', () => {
  it('stops its lane loudly, posts nothing and gives the messages back', async () => {
    const world = new ConsumerWorld();
    const before = await world.ledger.head(own);
    const page = nextPage(before, [entry('first')], NOW);
    await world.ledger.commit(before, page, [payloadHash(usageEvent('first'))]);
    const second = nextPage(headAfter(before, page), [entry('second')], NOW);
    await world.ledger.commit(headAfter(before, page), second, [payloadHash(usageEvent('second'))]);
    for (const head of [emptyHead(own), headAfter(before, page)]) {
      world.ledger.rollBack(head);
      const startMs = world.clock.nowMs();
      expect(await world.deliver([message])).toEqual(['m']);
      expect(world.clock.nowMs()).toBe(startMs);
      expect(world.ledger.allPages()).toEqual([page, second]);
      expect(world.ledger.markers.has('tenant_alpha#api:k')).toBe(false);
    }
    expect(world.telemetry.counted('laneHalted')).toBe(2);
    expect(String(world.telemetry.errors[0]?.error)).toMatch(/2026-03 lane \d+/);
  });

  it('stops no other lane of its batch', async () => {
    const world = new ConsumerWorld();
    const head = await world.ledger.head(own);
    await world.ledger.commit(head, nextPage(head, [entry('first')], NOW), [payloadHash(usageEvent('first'))]);
    world.ledger.rollBack(emptyHead(own));
    const other = must(
      Array.from({ length: 20 }, (_, index) => usageEvent(`o${index}`)).find(
        ({ eventId }) => usageLane([eventId]) !== own.lane,
      ),
    );
    expect(await world.deliver([message, messageOf('other', [other])])).toEqual(['m']);
    expect(world.ledger.markers.has(`tenant_alpha#${other.eventId}`)).toBe(true);
  });

  it('is told from a lane where another writer was only faster', async () => {
    const world = new ConsumerWorld();
    expect(await world.deliver([message], commits('moved_before', 'moved_before', 'moved_before'))).toEqual([]);
    expect(world.telemetry.counted('laneHalted')).toBe(0);
    expect((await world.ledger.head(own)).nextSeq).toBe(5);
  });
});

describe('what can never be posted', () => {
  it('is found by halving, refused with its reason, and keeps nothing from the rest', async () => {
    const book = priceBook(1, {
      unitPrices: new Map([
        [metric('api_call'), 1n],
        [metric('huge'), 10n ** 38n],
      ]),
    });
    const world = new ConsumerWorld(1, [book]);
    const events = Array.from({ length: 30 }, (_, index) =>
      usageEvent(`k${index}`, index === 17 ? { metric: metric('huge') } : {}),
    );
    expect(await world.deliver([messageOf('m', events)])).toEqual([]);
    expect(posted(world)).toEqual(events.filter((_, index) => index !== 17).map(({ eventId }) => `2026-03 ${eventId}`));
    expect([...world.ledger.refusals.values()]).toEqual([
      expect.objectContaining({ eventId: 'api:k17', reason: refusalReasons.unstorable, final: true }),
    ]);
  });

  it('is refused for its price only after the table itself was asked', async () => {
    const world = new ConsumerWorld(1, [priceBook(1), priceBook(2)]);
    await world.deliver([messageOf('m', [usageEvent('k', { priceVersion: 2 })])]);
    expect(posted(world)).toEqual(['2026-03 api:k']);
    expect(
      await world.deliver([messageOf('x', [usageEvent('x', { priceVersion: 3 })])], {
        ...noFaults,
        prices: ['none', 'fails'],
      }),
    ).toEqual(['x']);
    expect(world.ledger.refusals.size).toBe(0);
  });

  it('is not settled by a refusal that could not be written', async () => {
    const world = new ConsumerWorld();
    const ghost = messageOf('m', [usageEvent('k', { metric: metric('ghost') })]);
    expect(await world.deliver([ghost], { ...noFaults, refusals: ['fails'] })).toEqual(['m']);
    expect(await world.deliver([ghost])).toEqual([]);
    expect(world.ledger.refusals.size).toBe(1);
  });
});

describe('the same id twice', () => {
  it('with the same payload in one batch or in any later one is charged once', async () => {
    const world = new ConsumerWorld();
    const batch = [
      messageOf('a', [event, event]),
      messageOf('b', [event, usageEvent('other')]),
      messageOf('c', [usageEvent('other'), event]),
    ];
    expect(await world.deliver(batch)).toEqual([]);
    expect(await world.deliver([...batch].reverse())).toEqual([]);
    expect(posted(world).sort()).toEqual(['2026-03 api:k', '2026-03 api:other']);
    expect(world.ledger.refusals.size).toBe(0);
  });

  it('never stands on one page with itself, which DynamoDB would refuse', async () => {
    const world = new ConsumerWorld();
    const proposed: number[] = [];
    const strikes = (page: JournalPage) => proposed.push(page.entries.length) === 0;
    await world.deliver([messageOf('m', [event, usageEvent('other'), event])], noFaults, { strikes });
    expect(proposed).toEqual([2]);
  });

  it('with another payload is refused as a conflict, whichever comes second', async () => {
    const world = new ConsumerWorld();
    const other = { ...event, quantity: quantity(9) };
    expect(await world.deliver([messageOf('a', [other, event])])).toEqual([]);
    expect(world.ledger.markers.get('tenant_alpha#api:k')?.payloadHash).toBe(payloadHash(other));
    expect([...world.ledger.refusals.values()]).toEqual([
      expect.objectContaining({ reason: refusalReasons.conflict, payloadHash: payloadHash(event) }),
    ]);
  });

  it('is known also while DynamoDB never sends the marker in its way along', async () => {
    const world = new ConsumerWorld();
    await world.deliver([message]);
    const silent = commits(...new Array<CommitFault>(5_000).fill('no_items'));
    expect(await world.deliver([message], silent, { invocationMs: 2_000 })).toEqual([]);
    expect(posted(world)).toEqual(['2026-03 api:k']);
  });

  it('of another tenant is another event', async () => {
    const world = new ConsumerWorld();
    const theirs = usageEvent('k', { tenant: beta });
    expect(await world.deliver([message, messageOf('b', [theirs])])).toEqual([]);
    expect(world.ledger.allPages()).toHaveLength(2);
  });
});

describe('the last delivery of a message', () => {
  const lost = { ...noFaults, commits: new Array<CommitFault>(5_000).fill('lost_before_commit') };
  const deliverLast = (world: ConsumerWorld, ...messages: TestMessage[]) =>
    world.deliver(messages, lost, { invocationMs: 2_000 });

  it('leaves a reason that is not final behind, and only then', async () => {
    const world = new ConsumerWorld();
    const early = { ...message, receiveCount: MAX_RECEIVES - 1 };
    expect(await deliverLast(world, early)).toEqual(['m']);
    expect(world.ledger.refusals.size).toBe(0);
    expect(await deliverLast(world, { ...message, receiveCount: MAX_RECEIVES })).toEqual(['m']);
    expect([...world.ledger.refusals.values()]).toEqual([
      expect.objectContaining({ reason: refusalReasons.undelivered, final: false }),
    ]);
    expect(await world.deliver([message])).toEqual([]);
    expect(posted(world)).toEqual(['2026-03 api:k']);
  });

  it('is given up in time for the function to answer', async () => {
    const world = new ConsumerWorld();
    await deliverLast(world, message);
    expect(world.clock.nowMs()).toBeLessThan(NOW_MS + 2_000);
    expect(world.clock.nowMs()).toBeGreaterThan(NOW_MS + 500);
  });
});
