import { describe, expect, it } from 'vitest';
import type { PriceBook } from '../../lambdas/domain/price-book.ts';
import type { UsagePayload } from '../../lambdas/domain/usage-event.ts';
import { acceptUsage, type IngestPorts } from '../../lambdas/ingest/accept-usage.ts';
import type { UsageMessage } from '../../lambdas/storage/usage-message.ts';
import { alpha, beta, eventId, instant, metric, NOW, NOW_MS, priceBook, quantity } from '../support/events.ts';
import { FakeIntake } from '../support/fake-intake.ts';
import { TelemetryLog } from '../support/telemetry-log.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const DAY_MS = 86_400_000;

const payload = (changes: Partial<UsagePayload> = {}): UsagePayload => ({
  ...{ tenant: alpha, eventId: eventId('api:k'), metric: metric('api_call'), quantity: quantity(1), eventDate: null },
  ...changes,
});

class IngestWorld {
  readonly intake = new FakeIntake();
  readonly sent: UsageMessage[] = [];
  readonly telemetry = new TelemetryLog();
  readonly clock = new VirtualClock(NOW_MS);
  books: readonly PriceBook[] = [priceBook()];
  cached: readonly PriceBook[] | undefined;
  queueIsDown = false;
  intakeIsDown = false;

  accept(changes: Partial<UsagePayload> = {}): Promise<void> {
    const ports: IngestPorts = {
      intake: {
        accept: (event) => (this.intakeIsDown ? Promise.reject(new Error('no intake')) : this.intake.accept(event)),
        find: (tenant, id) => this.intake.find(tenant, id),
      },
      queue: {
        send: async (message) => {
          if (this.queueIsDown) throw new Error('no queue');
          this.sent.push(message);
        },
      },
      prices: { priceBooks: async () => this.cached ?? this.books, freshPriceBooks: async () => this.books },
      clock: this.clock,
      telemetry: this.telemetry,
    };
    return acceptUsage(payload(changes), ports, undefined);
  }
}

describe('an accepted event', () => {
  it('is on record before it is sent, with the price version then in force', async () => {
    const world = new IngestWorld();
    world.books = [
      priceBook(1),
      priceBook(2, { effectiveAt: NOW }),
      priceBook(3, { effectiveAt: instant('2026-03-15T12:00:00.001Z') }),
    ];
    await world.accept();
    const event = { ...payload(), receivedAt: NOW, priceVersion: 2 };
    expect([...world.intake.records.values()].map((record) => record.event)).toEqual([event]);
    expect(world.sent).toEqual([{ tenant: alpha, events: [event] }]);
  });

  it('stays accepted when the queue is down', async () => {
    const world = new IngestWorld();
    world.queueIsDown = true;
    await world.accept();
    expect(world.intake.records.size).toBe(1);
    expect(world.telemetry.counted('enqueueFailed')).toBe(1);
  });

  it('is not sent when it could not be recorded', async () => {
    const world = new IngestWorld();
    world.intakeIsDown = true;
    await expect(world.accept()).rejects.toThrow('no intake');
    expect(world.sent).toEqual([]);
  });

  it('may have a metric the cache does not know yet', async () => {
    const world = new IngestWorld();
    world.cached = [];
    await world.accept();
    expect(world.intake.records.size).toBe(1);
  });
});

describe('a replay', () => {
  it('changes nothing, and sends what was recorded again, in case the first try died before its message', async () => {
    const world = new IngestWorld();
    await world.accept();
    world.clock.advance(5_000);
    await world.accept();
    expect(world.intake.records.size).toBe(1);
    expect(world.sent).toEqual([world.sent[0], world.sent[0]]);
    expect(world.telemetry.counted('accepted')).toBe(1);
    expect(world.telemetry.counted('replayed')).toBe(1);
  });

  it('is the same at any age, whatever the date window and the price book have become', async () => {
    const world = new IngestWorld();
    const dated = { eventDate: instant('2026-03-01T00:00:00Z') };
    await world.accept(dated);
    world.clock.advance(3 * 365 * DAY_MS);
    await world.accept(dated);
    for (const books of [[], [priceBook(2, { unitPrices: new Map() })]]) {
      world.books = books;
      await world.accept(dated);
      await expect(world.accept({ ...dated, quantity: quantity(2) })).rejects.toMatchObject({
        kind: 'conflict',
        status: 409,
      });
    }
    expect(world.sent).toHaveLength(4);
    expect(new Set(world.sent.flatMap(({ events }) => events)).size).toBe(1);
  });

  it.each<[string, Partial<UsagePayload>]>([
    ['quantity', { quantity: quantity(2) }],
    ['metric', { metric: metric('storage_gb_hour') }],
    ['date, where there was none', { eventDate: NOW }],
    ['metric, an unknown one', { metric: metric('ghost') }],
    ['date, one long past', { eventDate: instant('2020-01-01T00:00:00Z') }],
  ])('with another %s is a conflict, and leaves and sends nothing', async (_, changes) => {
    const world = new IngestWorld();
    await world.accept();
    await expect(world.accept(changes)).rejects.toMatchObject({ kind: 'conflict', status: 409 });
    expect(world.sent).toHaveLength(1);
    expect([...world.intake.records.values()].map(({ event }) => event.quantity)).toEqual([1n]);
    expect(world.telemetry.counted('conflicts')).toBe(1);
  });

  it('without a date is none of one with a date', async () => {
    const world = new IngestWorld();
    await world.accept({ eventDate: NOW });
    await expect(world.accept()).rejects.toMatchObject({ status: 409 });
  });

  it('of another tenant is an event of its own', async () => {
    const world = new IngestWorld();
    await world.accept();
    await world.accept({ tenant: beta, quantity: quantity(9) });
    expect(world.intake.records.size).toBe(2);
  });
});

describe('a refused event', () => {
  it.each<[string, Partial<UsagePayload>, string[]]>([
    ['an unknown metric', { metric: metric('ghost') }, ['metric']],
    ['a metric of the prototype', { metric: metric('__proto__') }, ['metric']],
    ['a date a year old', { eventDate: instant('2025-03-15T12:00:00Z') }, ['event_date']],
    ['a date a day ahead', { eventDate: instant('2026-03-16T12:00:00Z') }, ['event_date']],
    ['both', { metric: metric('toString'), eventDate: instant('1999-01-01T00:00:00Z') }, ['metric', 'event_date']],
  ])('with %s leaves nothing behind', async (_, changes, fields) => {
    const world = new IngestWorld();
    const refusal = await world.accept(changes).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      kind: 'malformed',
      fieldErrors: fields.map((field) => expect.objectContaining({ field })),
    });
    expect(world.intake.records.size).toBe(0);
    expect(world.sent).toEqual([]);
  });
});
