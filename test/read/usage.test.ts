import { describe, expect, it } from 'vitest';
import { adjustmentEntry, usageEntry } from '../../lambdas/domain/journal.ts';
import { dayOf, HOURS } from '../../lambdas/domain/meter.ts';
import { amountMinor } from '../../lambdas/domain/money.ts';
import { nextPage } from '../../lambdas/domain/page.ts';
import type { UsageEvent } from '../../lambdas/domain/usage-event.ts';
import { GROUPED_BUCKETS_MAX, usage } from '../../lambdas/read/usage.ts';
import {
  adjustmentEvent,
  alpha,
  beta,
  instant,
  lane,
  laneKey,
  metric,
  NOW,
  period,
  priceBook,
  quantity,
  usageEvent,
} from '../support/events.ts';
import { hashesFor } from '../support/hashes.ts';
import { ReadWorld } from '../support/read-world.ts';

interface Shown {
  readonly series: readonly { readonly start: string; readonly quantity: string; readonly amount_minor: string }[];
  readonly metrics?: readonly { readonly metric: string; readonly series: Shown['series'] }[];
  readonly as_of: string;
}

class UsageWorld extends ReadWorld {
  #events = 0;

  /** Posts one event, five minor units a piece. */
  async post(changes: Partial<UsageEvent> = {}, key = laneKey(), at = NOW): Promise<void> {
    this.#events += 1;
    const event = usageEvent(`k${this.#events}`, { tenant: key.tenant, ...changes });
    const head = await this.ledger.head(key);
    const page = nextPage(head, [usageEntry(event, amountMinor(event.quantity * 5n))], at);
    await this.ledger.commit(head, page, hashesFor(page));
  }

  async ask(query: Record<string, string> = {}): Promise<Shown> {
    return (await usage(alpha, new Map(Object.entries(query)), this.ports)) as Shown;
  }

  async used(query: Record<string, string> = {}): Promise<Record<string, string>> {
    const { series } = await this.ask(query);
    return Object.fromEntries(series.filter((one) => one.quantity !== '0').map((one) => [one.start, one.quantity]));
  }
}

const daysOfMarch = Array.from({ length: 31 }, (_, index) =>
  dayOf(instant(`2026-03-${String(index + 1).padStart(2, '0')}T00:00:00Z`)),
);
const HOURS_OF_MARCH = daysOfMarch.length * HOURS.length;

const dated = (date: string, count = 1) => ({ eventDate: instant(date), quantity: quantity(count) });

describe('usage over time', () => {
  it('is this month by the day when nothing is asked for, empty days too', async () => {
    const world = new UsageWorld();
    await world.post({ quantity: quantity(3) });
    const { series, as_of: asOf } = await world.ask();
    expect(series).toHaveLength(31);
    expect(series[0]).toEqual({ start: '2026-03-01T00:00:00.000Z', quantity: '0', amount_minor: '0' });
    expect(series[14]).toEqual({ start: '2026-03-15T00:00:00.000Z', quantity: '3', amount_minor: '15' });
    expect(asOf).toBe(NOW);
  });

  it('is counted by the date it happened on, in all lanes and months of this tenant alone', async () => {
    const world = new UsageWorld();
    await world.post(dated('2026-02-27T23:59:59Z', 1));
    await world.post(dated('2026-02-27T00:00:00Z', 2), laneKey({ lane: lane(9) }));
    await world.post(dated('2026-02-28T00:00:00Z', 4), laneKey({ period: period('2026-02') }));
    await world.post(dated('2026-02-27T10:00:00Z', 8), laneKey({ tenant: beta }));
    expect(await world.used({ from: '2026-02-27', to: '2026-02-28' })).toEqual({ '2026-02-27T00:00:00.000Z': '3' });
    expect(await world.used({ from: '2026-02-01', to: '2026-03-01', granularity: 'month' })).toEqual({
      '2026-02-01T00:00:00.000Z': '7',
    });
    expect(await world.used({ from: '2026-02-27T23:00:00Z', to: '2026-02-28T01:00:00Z', granularity: 'hour' })).toEqual(
      {
        '2026-02-27T23:00:00.000Z': '1',
        '2026-02-28T00:00:00.000Z': '4',
      },
    );
  });

  it('is one metric’s, or that of all metrics any price book had', async () => {
    const world = new UsageWorld();
    world.books = [priceBook(1, { unitPrices: new Map([[metric('old'), 1n]]) }), priceBook(2)];
    await world.post({ metric: metric('old'), quantity: quantity(1) });
    await world.post({ metric: metric('api_call'), quantity: quantity(2) });
    const day = '2026-03-15T00:00:00.000Z';
    expect(await world.used({ metric: 'old' })).toEqual({ [day]: '1' });
    expect(await world.used()).toEqual({ [day]: '3' });
    await expect(world.ask({ metric: 'new' })).rejects.toMatchObject({
      status: 400,
      fieldErrors: [{ field: 'metric' }],
    });
    world.freshBooks = [priceBook(3, { unitPrices: new Map([[metric('new'), 1n]]) })];
    expect(await world.used({ metric: 'new' })).toEqual({});
  });

  it('is also that of each metric when grouped: its buckets with usage alone, by name', async () => {
    const world = new UsageWorld();
    const names = ['zeta', 'alpha', 'idle'];
    world.books = [priceBook(1, { unitPrices: new Map(names.map((name) => [metric(name), 1n])) })];
    await world.post({ metric: metric('zeta'), ...dated('2026-03-01T10:00:00Z', 2) });
    await world.post({ metric: metric('alpha'), ...dated('2026-03-02T10:00:00Z', 3) });
    await world.post({ metric: metric('zeta'), ...dated('2026-03-02T11:00:00Z', 4) });
    const bucket = (day: string, count: number) => ({
      ...{ start: `2026-03-${day}T00:00:00.000Z`, quantity: String(count), amount_minor: String(5 * count) },
    });
    const { series, metrics } = await world.ask({ group_by: 'metric' });
    expect(series.slice(0, 3)).toEqual([bucket('01', 2), bucket('02', 7), bucket('03', 0)]);
    expect(metrics).toEqual([
      { metric: 'alpha', series: [bucket('02', 3)] },
      { metric: 'zeta', series: [bucket('01', 2), bucket('02', 4)] },
    ]);
    expect(await world.ask()).not.toHaveProperty('metrics');
    // In the last hours of the day before: the day is read, and nothing of it is asked for.
    expect(
      await world.ask({ group_by: 'metric', from: '2026-03-02T12:00:00Z', granularity: 'hour', to: '2026-03-03' }),
    ).toMatchObject({ metrics: [] });
  });

  it('is not grouped when that is more than an answer holds, and says what to ask for instead', async () => {
    const world = new UsageWorld();
    const metricsThatFit = Math.floor(GROUPED_BUCKETS_MAX / HOURS_OF_MARCH);
    const names = Array.from({ length: metricsThatFit + 1 }, (_, index) => metric(`m${index}`));
    world.books = [priceBook(1, { unitPrices: new Map(names.map((name) => [name, 1n])) })];
    const hours = new Map(HOURS.map((hour) => [hour, { quantity: 1n, amountMinor: amountMinor(1n) }]));
    world.meters.sums = async () => new Map(daysOfMarch.map((day) => [day, hours]));
    const query = { group_by: 'metric', granularity: 'hour' };
    await expect(world.ask(query)).rejects.toMatchObject({ status: 400, fieldErrors: [{ field: 'group_by' }] });
    expect((await world.ask({ ...query, to: '2026-03-31' })).metrics).toHaveLength(names.length);
  });

  it('leaves adjustments out', async () => {
    const world = new UsageWorld();
    const head = await world.ledger.head(laneKey({ lane: lane(16) }));
    const page = nextPage(head, [adjustmentEntry(adjustmentEvent('k'))], NOW);
    await world.ledger.commit(head, page, hashesFor(page));
    expect(await world.used()).toEqual({});
  });

  it('widens a span to whole buckets', async () => {
    const { series } = await new UsageWorld().ask({ from: '2026-03-14T12:30:00+01:00', to: '2026-03-15T00:00:01Z' });
    expect(series.map(({ start }) => start)).toEqual(['2026-03-14T00:00:00.000Z', '2026-03-15T00:00:00.000Z']);
  });

  it.each([
    [{ to: '2026-02-15' }, '2026-02-01', '2026-02-14'],
    [{ from: '2026-02-27' }, '2026-02-27', '2026-03-31'],
    [{ to: '2026-02-01' }, '2026-01-01', '2026-01-31'],
  ])('takes %j for the rest of the month', async (query, first, last) => {
    const { series } = await new UsageWorld().ask(query);
    expect([series[0]?.start, series.at(-1)?.start]).toEqual([`${first}T00:00:00.000Z`, `${last}T00:00:00.000Z`]);
  });

  it.each([
    [{ from: '2026-03-02', to: '2026-03-02' }, 'from'],
    [{ from: '2026-03-02', to: '2026-03-01' }, 'from'],
    [{ from: '2026-04-01' }, 'from'],
    [{ from: '2026-02-30' }, 'from'],
    [{ to: 'yesterday' }, 'to'],
    [{ from: '1999-12-31' }, 'from'],
    [{ to: '3000-01-02' }, 'to'],
    [{ granularity: 'week' }, 'granularity'],
    [{ group_by: 'tenant' }, 'group_by'],
    [{ metric: '' }, 'metric'],
    [{ metric: '__proto__' }, 'metric'],
    [{ granularity: 'hour', from: '2026-01-01', to: '2026-02-01T01:00:00Z' }, 'from'],
    [{ granularity: 'day', from: '2026-01-01', to: '2027-01-03' }, 'from'],
    [{ granularity: 'month', from: '2025-12-01', to: '2028-01-01' }, 'from'],
  ])('refuses %j by its field', async (query, field) => {
    const asked = new UsageWorld().ask(query as Record<string, string>);
    await expect(asked).rejects.toMatchObject({ status: 400, fieldErrors: [{ field }] });
  });

  it.each([
    [{ granularity: 'hour', from: '2026-01-01', to: '2026-02-01' }, 744],
    [{ granularity: 'day', from: '2026-01-01', to: '2027-01-02' }, 366],
    [{ granularity: 'month', from: '2026-01-01', to: '2028-01-01' }, 24],
  ])('takes %j, which is as much as there may be', async (query, buckets) => {
    expect((await new UsageWorld().ask(query as Record<string, string>)).series).toHaveLength(buckets);
  });
});

describe('as_of', () => {
  const [second, third] = [instant('2026-03-15T12:00:02Z'), instant('2026-03-15T12:00:03Z')];

  it('is when the first page was posted that is not counted yet, of any lane in which something may be under way', async () => {
    const world = new UsageWorld();
    await world.post();
    await world.post({}, laneKey(), third);
    await world.post({}, laneKey({ lane: lane(4), period: period('2026-02') }), second);
    await world.post({}, laneKey({ tenant: beta }), instant('2026-03-15T11:00:00Z'));
    world.clock.advance(60_000);
    expect((await world.ask()).as_of).toBe('2026-03-15T12:01:00.000Z');
    world.meters.countedTo = ({ lane: number }) => (number === 3 ? 1 : 0);
    expect((await world.ask()).as_of).toBe(second);
    world.meters.countedTo = () => 1;
    expect((await world.ask()).as_of).toBe(third);
  });
});
