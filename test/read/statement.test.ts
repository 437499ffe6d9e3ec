import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantOf } from '../../lambdas/domain/instant.ts';
import { nextPage } from '../../lambdas/domain/page.ts';
import { periodOf } from '../../lambdas/domain/period.ts';
import { statement } from '../../lambdas/read/statement.ts';
import { alpha, beta, entry, lane, laneKey, must, NOW, NOW_MS, period } from '../support/events.ts';
import type { FakeLedger } from '../support/fake-ledger.ts';
import { hashesFor } from '../support/hashes.ts';
import { ReadWorld } from '../support/read-world.ts';

interface StatementPage {
  readonly period: string;
  readonly status: string;
  readonly currency: string;
  readonly lines: readonly { readonly txn_id: string; readonly posted_at: string; readonly amount_minor: string }[];
  readonly total_minor: string;
  readonly next_cursor?: string;
}

class StatementWorld extends ReadWorld {
  #posted = 0;

  /** Posts a page of so many entries into a lane, so many milliseconds after the last. */
  async post(to: number, size: number, laterMs = 0): Promise<void> {
    this.clock.advance(laterMs);
    const head = await this.ledger.head(laneKey({ lane: lane(to) }));
    const entries = Array.from({ length: size }, () => {
      this.#posted += 1;
      return entry(`k${this.#posted}`, BigInt(this.#posted));
    });
    const page = nextPage(head, entries, instantOf(this.clock.nowMs()));
    expect(await this.ledger.commit(head, page, hashesFor(page))).toEqual({ status: 'committed' });
  }

  async read(query: Record<string, string> = {}, tenant = alpha): Promise<StatementPage> {
    return (await statement(tenant, new Map(Object.entries(query)), this.ports)) as StatementPage;
  }
}

const postings = fc.array(
  fc.record({ to: fc.constantFrom(0, 1, 2, 16), size: fc.integer({ min: 1, max: 5 }), laterMs: fc.nat({ max: 2 }) }),
  { maxLength: 15 },
);

/** All lines in the order the contract states, straight from the pages. */
function expectedLines(ledger: FakeLedger): string[] {
  const lines = ledger.allPages().flatMap((page) => page.entries.map((one, index) => ({ page, one, index })));
  lines.sort(
    (a, b) =>
      (a.page.postedAt < b.page.postedAt ? -1 : a.page.postedAt > b.page.postedAt ? 1 : 0) ||
      a.page.lane - b.page.lane ||
      a.page.seq - b.page.seq ||
      a.index - b.index,
  );
  return lines.map(({ one }) => one.txnId);
}

describe('a statement', () => {
  it('has every line once, oldest first, and pages that agree with each other and the total, whatever is posted meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(postings, postings, fc.integer({ min: 1, max: 7 }), async (before, meanwhile, limit) => {
        const world = new StatementWorld();
        for (const { to, size, laterMs } of before) await world.post(to, size, laterMs);
        const expected = expectedLines(world.ledger);
        const arrivals = meanwhile.values();
        const lines: string[] = [];
        let sum = 0n;
        let page = await world.read({ limit: String(limit) });
        const total = page.total_minor;
        for (;;) {
          expect(page.lines.length <= limit).toBe(true);
          expect(page.total_minor).toBe(total);
          lines.push(...page.lines.map((line) => line.txn_id));
          for (const line of page.lines) sum += BigInt(line.amount_minor);
          if (page.next_cursor === undefined) break;
          expect(page.lines.length).toBe(limit);
          const { value } = arrivals.next();
          if (value !== undefined) await world.post(value.to, value.size, value.laterMs);
          const again = await world.read({ limit: String(limit), cursor: page.next_cursor });
          page = await world.read({ limit: String(limit), cursor: page.next_cursor, period: page.period });
          expect(page).toEqual(again);
        }
        expect(lines).toEqual(expected);
        expect(sum.toString()).toBe(total);
      }),
      { numRuns: 150 },
    );
  });

  it('of an idle month has no lines and a total of zero', async () => {
    const world = new StatementWorld();
    await world.post(0, 1);
    world.ledger.close(laneKey({ period: period('2026-01') }), NOW);
    expect(await world.read({ period: '2026-01' })).toEqual({
      period: '2026-01',
      status: 'open',
      currency: 'USD',
      lines: [],
      total_minor: '0',
    });
    expect(await world.read({}, beta)).toMatchObject({ lines: [], total_minor: '0' });
  });

  it('says how far its month is on the way to being closed, and names a closed one’s own currency', async () => {
    const world = new StatementWorld();
    const march = period('2026-03');
    await world.post(0, 2);
    expect(await world.read()).toMatchObject({ status: 'open', currency: 'USD', total_minor: '3' });
    world.ledger.claim(alpha, march, NOW, [lane(0)]);
    expect(await world.read()).toMatchObject({ status: 'closing', currency: 'USD', total_minor: '3' });
    await world.ledger.seal(alpha, march, NOW, 'CHF');
    expect(await world.read()).toMatchObject({ status: 'closed', currency: 'CHF', total_minor: '3' });
    world.books = [];
    expect(await world.read()).toMatchObject({ status: 'closed', currency: 'CHF' });
    await world.ledger.seal(alpha, period('2026-01'), NOW, 'CHF');
    expect(await world.read({ period: '2026-01' })).toEqual({
      ...{ period: '2026-01', status: 'closed', currency: 'CHF', lines: [], total_minor: '0' },
    });
  });

  it('that was begun before its month was closed stays one of an open month, unless it has all of it', async () => {
    const world = new StatementWorld();
    await world.post(0, 3);
    const early = must((await world.read({ limit: '1' })).next_cursor);
    await world.post(1, 1);
    const late = must((await world.read({ limit: '1' })).next_cursor);
    await world.ledger.seal(alpha, period('2026-03'), NOW);
    expect(await world.read({ cursor: early })).toMatchObject({ status: 'open', total_minor: '6' });
    expect(await world.read({ cursor: late })).toMatchObject({ status: 'closed', total_minor: '10' });
  });

  it('never shows a month as closed with lanes it read before', async () => {
    const world = new StatementWorld();
    await world.post(0, 1);
    const find = world.ledger.find.bind(world.ledger);
    world.ledger.find = async (...month) => {
      const closure = await find(...month);
      // Between the two reads a posting gets through and the month is closed.
      await world.post(1, 1);
      await world.ledger.seal(alpha, period('2026-03'), NOW);
      world.ledger.find = find;
      return closure;
    };
    expect(await world.read()).toMatchObject({ status: 'open', total_minor: '3' });
    expect(await world.read()).toMatchObject({ status: 'closed', total_minor: '3' });
  });

  it('is by default that of this month, a thousand lines of it', async () => {
    const world = new StatementWorld();
    for (let index = 0; index < 12; index += 1) await world.post(index % 3, 90, 1);
    const page = await world.read();
    expect(page.period).toBe(periodOf(NOW));
    expect(page.lines).toHaveLength(1_000);
    expect((await world.read({ cursor: must(page.next_cursor) })).lines).toHaveLength(80);
  });

  it('shows every field of a line as the contract has it', async () => {
    const world = new StatementWorld();
    const head = await world.ledger.head(laneKey());
    const credit = { ...entry('c', -5n), kind: 'adjustment' as const, metric: null, quantity: null };
    const page = nextPage(head, [entry('u', 2n ** 70n), credit], NOW);
    await world.ledger.commit(head, page, hashesFor(page));
    const common = { event_date: NOW, posted_at: NOW };
    expect((await world.read()).lines).toEqual([
      {
        ...common,
        txn_id: entry('u').txnId,
        kind: 'usage',
        metric: 'api_call',
        quantity: '1',
        amount_minor: (2n ** 70n).toString(),
      },
      { ...common, txn_id: credit.txnId, kind: 'adjustment', metric: null, quantity: null, amount_minor: '-5' },
    ]);
  });

  it('names each line’s event when asked to, on every page, and else has the bytes it ever had', async () => {
    const world = new StatementWorld();
    await world.post(0, 3);
    await world.ledger.seal(alpha, period('2026-03'), NOW);
    const plain = await world.read();
    const first = await world.read({ include: 'event_id', limit: '2' });
    const second = await world.read({ include: 'event_id', cursor: must(first.next_cursor) });
    const lines = [...first.lines, ...second.lines];
    expect(lines).toEqual(plain.lines.map((line, index) => ({ event_id: `api:k${index + 1}`, ...line })));
    expect(JSON.stringify(plain)).not.toContain('event_id');
  });

  it.each<Record<string, string>>([
    { include: 'event_ids' },
    { include: '' },
    { period: '2026-13' },
    { period: '2026-3' },
    { period: '' },
    { period: '2026-03-01' },
    { limit: '0' },
    { limit: '1001' },
    { limit: '-1' },
    { limit: '1.5' },
    { limit: '' },
    { limit: '1e3' },
    { limit: '٣' },
  ])('is a 400 for %o', async (query) => {
    await expect(new StatementWorld().read(query)).rejects.toMatchObject({ status: 400 });
  });

  it('is a 400 for any cursor it did not hand out', async () => {
    const world = new StatementWorld();
    for (let index = 0; index < 4; index += 1) await world.post(index % 2, 3, 1);
    const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const march = (...spans: unknown[]) => encoded({ period: '2026-03', spans });
    const cursors = [
      ...[
        '',
        'x',
        '!!!',
        '%',
        'null',
        encoded(null),
        encoded([]),
        encoded({}),
        encoded({ period: '2026-13', spans: [] }),
      ],
      ...[
        march([99, 1, 1, 0]),
        march([0, 1.5, 1, 0]),
        march([0, -1, 1, 0]),
        march([0, 2, 1]),
        march(['0', 2, 1, 0]),
        march(7),
      ],
      ...[march([0, 3, 1, 0]), march([5, 1, 1, 0]), march([0, 0, 1, 0]), march(...new Array(18).fill([0, 1, 1, 0]))],
      ...[march([0, 2, 1, 0], [0, 2, 1, 0]), march([0, 2, 0, 0]), march([0, 2, 9, 0]), march()],
      encoded({ spans: [[0, 2, 1, 0]] }),
    ];
    for (const cursor of cursors) await expect(world.read({ cursor }), cursor).rejects.toMatchObject({ status: 400 });
    const good = must((await world.read({ limit: '1' })).next_cursor);
    await expect(world.read({ cursor: good, period: '2026-04' })).rejects.toMatchObject({ status: 400 });
    await expect(world.read({ cursor: good }, beta)).rejects.toMatchObject({ status: 400 });
    expect(world.clock.nowMs()).toBeGreaterThan(NOW_MS);
  });
});
