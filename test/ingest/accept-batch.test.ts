import { describe, expect, it } from 'vitest';
import type { PriceBook } from '../../lambdas/domain/price-book.ts';
import { payloadHash, type UsageEvent, type UsagePayload } from '../../lambdas/domain/usage-event.ts';
import { malformed, Problem } from '../../lambdas/http/problem.ts';
import { acceptItems } from '../../lambdas/ingest/accept-batch.ts';
import type { TogetherOutcome } from '../../lambdas/storage/intake-transaction.ts';
import { DamagedItemError } from '../../lambdas/storage/item.ts';
import type { IntakeRecord } from '../../lambdas/storage/usage-intake.ts';
import type { UsageMessage } from '../../lambdas/storage/usage-message.ts';
import { alpha, eventId, instant, metric, NOW, NOW_MS, priceBook, quantity } from '../support/events.ts';
import { TelemetryLog } from '../support/telemetry-log.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

type Outcome = TogetherOutcome<IntakeRecord>;

/** Answers one attempt to write instead of the table, or lets it through. */
type Fault = (events: readonly UsageEvent[], apply: () => void) => Outcome | undefined;

const payload = (key: string, changes: Partial<UsagePayload> = {}): UsagePayload => ({
  ...{
    tenant: alpha,
    eventId: eventId(`api:${key}`),
    metric: metric('api_call'),
    quantity: quantity(1),
    eventDate: null,
  },
  ...changes,
});

const lost: Outcome = { status: 'unknown', cause: new Error('no answer') };
const contended: Outcome = { status: 'cancelled', known: new Map() };

class BatchWorld {
  readonly records = new Map<string, IntakeRecord>();
  readonly attempts: string[][] = [];
  readonly sent: UsageMessage[] = [];
  readonly telemetry = new TelemetryLog();
  readonly clock = new VirtualClock(NOW_MS);
  books: readonly PriceBook[] = [priceBook()];
  faults: Fault[] = [];
  lookUps: string[][] = [];
  unsent = new Map<number, unknown>();

  /** What became of each place: accepted, or the status of its refusal. */
  async accept(items: readonly (UsagePayload | Problem)[]): Promise<(number | 'ok')[]> {
    const verdicts = await acceptItems(
      items,
      {
        intake: {
          acceptTogether: async (events) => this.#write(events),
          findMany: async (_, ids) => {
            this.lookUps.push([...ids]);
            return new Map(
              ids.flatMap((id) => this.records.get(id) ?? []).map((record) => [record.event.eventId, record]),
            );
          },
        },
        queue: {
          sendAll: async (messages) => {
            this.sent.push(...messages.filter((_, index) => !this.unsent.has(index)));
            return this.unsent;
          },
        },
        prices: { priceBooks: async () => this.books, freshPriceBooks: async () => this.books },
        clock: this.clock,
        telemetry: this.telemetry,
      },
      undefined,
    );
    expect(verdicts).toHaveLength(items.length);
    return verdicts.map((problem) => problem?.status ?? 'ok');
  }

  #write(events: readonly UsageEvent[]): Outcome {
    expect(new Set(events.map(({ eventId: id }) => id)).size, 'ids in one transaction').toBe(events.length);
    expect(events.length).toBeLessThanOrEqual(100);
    this.attempts.push(events.map(({ eventId: id }) => id));
    const apply = () => {
      for (const event of events) this.records.set(event.eventId, { event, payloadHash: payloadHash(event) });
    };
    const fault = this.faults.shift()?.(events, apply);
    if (fault !== undefined) return fault;
    const known = new Map<number, IntakeRecord>();
    for (const [index, event] of events.entries()) {
      const record = this.records.get(event.eventId);
      if (record !== undefined) known.set(index, record);
    }
    if (known.size > 0) return { status: 'cancelled', known };
    apply();
    return { status: 'written' };
  }

  get sentIds(): string[] {
    return this.sent.flatMap(({ events }) => events.map((event) => event.eventId));
  }
}

const many = (count: number, prefix = 'k') => Array.from({ length: count }, (_, index) => payload(`${prefix}${index}`));

describe('a batch', () => {
  it('is written a hundred to a transaction and sent ninety to a message, before it is answered', async () => {
    const world = new BatchWorld();
    expect(new Set(await world.accept(many(1_000)))).toEqual(new Set(['ok']));
    expect(world.attempts.map(({ length }) => length)).toEqual(Array.from({ length: 10 }, () => 100));
    expect(world.sent.map(({ events }) => events.length)).toEqual([...Array.from({ length: 11 }, () => 90), 10]);
    expect(new Set(world.sentIds)).toEqual(new Set(world.records.keys()));
    expect(world.telemetry.counted('accepted')).toBe(1_000);
    expect(world.sent[0]?.events[0]).toEqual({ ...payload('k0'), receivedAt: NOW, priceVersion: 1 });
  });

  it('loses nothing to the bad among the good', async () => {
    const world = new BatchWorld();
    const items = [
      payload('a'),
      malformed([{ field: 'quantity', message: 'is wrong' }]),
      payload('b', { metric: metric('ghost') }),
      new Problem('forbidden', 'not yours'),
      payload('c', { eventDate: instant('2020-01-01T00:00:00Z') }),
      payload('d'),
    ];
    expect(await world.accept(items)).toEqual(['ok', 400, 400, 403, 400, 'ok']);
    expect([...world.records.keys()]).toEqual(['api:a', 'api:d']);
    expect(world.sentIds).toEqual(['api:a', 'api:d']);
  });

  it('with nothing good in it writes, looks up and sends nothing', async () => {
    const world = new BatchWorld();
    expect(await world.accept([malformed([])])).toEqual([400]);
    expect([world.attempts, world.lookUps, world.sent]).toEqual([[], [], []]);
  });

  it('knows one id twice as a replay or a conflict, in order', async () => {
    const world = new BatchWorld();
    const items = [
      payload('a', { quantity: quantity(1) }),
      payload('a', { quantity: quantity(2) }),
      payload('a', { quantity: quantity(1) }),
      payload('b'),
      payload('a', { quantity: quantity(2) }),
    ];
    expect(await world.accept(items)).toEqual(['ok', 409, 'ok', 'ok', 409]);
    expect(world.records.get('api:a')?.event.quantity).toBe(1n);
    expect(world.sentIds).toEqual(['api:a', 'api:b']);
    const counts = (['accepted', 'replayed', 'conflicts'] as const).map((key) => world.telemetry.counted(key));
    expect(counts).toEqual([2, 1, 2]);
  });

  it('lets an id count from its first acceptable payload on', async () => {
    const world = new BatchWorld();
    const ghost = payload('a', { metric: metric('ghost') });
    expect(await world.accept([ghost, payload('a'), ghost, payload('a')])).toEqual([400, 'ok', 409, 'ok']);
  });

  it('replayed as a whole changes nothing, and is sent again in case the first try died before its messages', async () => {
    const world = new BatchWorld();
    const items = many(250);
    await world.accept(items);
    const before = new Map(world.records);
    const sent = [...world.sent];
    world.clock.advance(60_000);
    expect(new Set(await world.accept(items))).toEqual(new Set(['ok']));
    expect(world.records).toEqual(before);
    expect(world.sent).toEqual([...sent, ...sent]);
    expect(world.telemetry.counted('replayed')).toBe(250);
  });

  it('keeps what is new beside what is known, item by item', async () => {
    const world = new BatchWorld();
    await world.accept([payload('b'), payload('d')]);
    const items = [payload('a'), payload('b'), payload('c'), payload('d', { quantity: quantity(9) }), payload('e')];
    expect(await world.accept(items)).toEqual(['ok', 'ok', 'ok', 409, 'ok']);
    expect(world.attempts.slice(1)).toEqual([
      ['api:a', 'api:b', 'api:c', 'api:d', 'api:e'],
      ['api:a', 'api:c', 'api:e'],
    ]);
    expect(world.clock.sleeps).toBe(0);
  });

  it('recognises a known id before the rules that change with time, in one look-up', async () => {
    const world = new BatchWorld();
    const dated = payload('dated', { eventDate: instant('2026-03-01T00:00:00Z') });
    const priced = payload('priced');
    await world.accept([dated, priced]);
    world.clock.advance(3 * 365 * 86_400_000);
    world.books = [priceBook(2, { unitPrices: new Map() })];
    const changed = { ...priced, quantity: quantity(2) };
    expect(await world.accept([dated, priced, changed, payload('new')])).toEqual(['ok', 'ok', 409, 400]);
    expect(world.lookUps).toEqual([['api:dated', 'api:priced', 'api:new']]);
    world.books = [];
    expect(await world.accept([priced])).toEqual(['ok']);
  });
});

describe('a transaction of a batch', () => {
  it('that was contended or throttled is tried again with a pause', async () => {
    const world = new BatchWorld();
    world.faults = [() => contended, () => contended];
    expect(await world.accept([payload('a')])).toEqual(['ok']);
    expect(world.clock.sleeps).toBe(2);
  });

  it('whose answer was lost is tried again, and what was written is recognised', async () => {
    const world = new BatchWorld();
    world.faults = [
      (_, apply) => {
        apply();
        return lost;
      },
    ];
    expect(await world.accept(many(3))).toEqual(['ok', 'ok', 'ok']);
    expect(world.records.size).toBe(3);
    expect(world.sentIds).toHaveLength(3);
  });

  it('that can’t be written in time is a 503 for its own events alone', async () => {
    const world = new BatchWorld();
    const isDown = (events: readonly UsageEvent[]) => (events[0]?.eventId === 'api:k0' ? lost : undefined);
    world.faults = Array.from({ length: 100 }, () => isDown);
    const verdicts = await world.accept([...many(150), payload('k0', { quantity: quantity(7) })]);
    expect(verdicts.slice(0, 100)).toEqual(Array.from({ length: 100 }, () => 503));
    expect(verdicts.slice(100)).toEqual([...Array.from({ length: 50 }, () => 'ok'), 503]);
    expect(world.sentIds).toHaveLength(50);
    expect(world.clock.nowMs() - NOW_MS).toBeLessThanOrEqual(5_000);
    expect(world.telemetry.counted('notAccepted')).toBe(100);
  });

  it.each<[string, () => Outcome]>([
    ['an event that can’t be stored', () => ({ status: 'invalid', cause: new Error('ValidationException') })],
    [
      'a known record that can’t be read',
      () => {
        throw new DamagedItemError('damaged');
      },
    ],
  ])('with %s writes all the others', async (_, refuse) => {
    const world = new BatchWorld();
    const refuses: Fault = (events) => (events.some((event) => event.eventId === 'api:k13') ? refuse() : undefined);
    world.faults = Array.from({ length: 50 }, () => refuses);
    const verdicts = await world.accept(many(100));
    expect(verdicts.map((verdict, index) => (verdict === 'ok' ? 'ok' : index))).toEqual(
      Array.from({ length: 100 }, (_, index) => (index === 13 ? 13 : 'ok')),
    );
    expect(world.records.size).toBe(99);
  });
});

describe('a batch whose messages the queue does not take', () => {
  it('is accepted all the same, and says so', async () => {
    const world = new BatchWorld();
    world.unsent = new Map([[1, new Error('no queue')]]);
    expect(new Set(await world.accept(many(100)))).toEqual(new Set(['ok']));
    expect(world.telemetry.counted('enqueueFailed')).toBe(10);
    expect(world.telemetry.errors).toHaveLength(1);
  });
});
