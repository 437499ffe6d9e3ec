import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Instant } from '../../lambdas/domain/instant.ts';
import { instantOf } from '../../lambdas/domain/instant.ts';
import { IntakeTally, type TalliedRecord } from '../../lambdas/domain/intake-tally.ts';
import { payloadHash } from '../../lambdas/domain/usage-event.ts';
import { beta, eventId, instant, NOW_MS, quantity, usageEvent } from '../support/events.ts';

const STARTED_AT = instant('2026-03-15T12:00:00Z');

function record(key: string, receivedAt: Instant, changes: Partial<TalliedRecord> = {}): TalliedRecord {
  const event = usageEvent(key, { receivedAt });
  const { tenant, eventId: id } = event;
  return { tenant, eventId: id, payloadHash: payloadHash(event), receivedAt, ...changes };
}

function tallyOf(records: readonly TalliedRecord[], startedAt = STARTED_AT): IntakeTally {
  const tally = new IntakeTally(startedAt);
  for (const one of records) tally.add('usage', one);
  return tally;
}

/** Records spread over the year before the run. */
const records = fc
  .uniqueArray(fc.record({ key: fc.nat(1_000_000), agoHours: fc.nat(9_000) }), {
    selector: ({ key }) => key,
    maxLength: 40,
  })
  .map((some) => some.map(({ key, agoHours }) => record(`k${key}`, instantOf(NOW_MS - agoHours * 3_600_000))));

const SPANS = ['2026-03-14', '2026-03-01', '2026-02-28', '2026-02-01', '2026-02', '2026-01', '2025-12', '2025-04'];

describe('the tally of an intake', () => {
  it('is the same in whatever order the records are read and however often the run pauses', () => {
    fc.assert(
      fc.property(records, fc.nat(), (some, seed) => {
        const shuffled = some
          .map((one, index) => ({ one, rank: (index * 7_919 + seed) % 101 }))
          .sort((left, right) => left.rank - right.rank)
          .map(({ one }) => one);
        let resumed = new IntakeTally(STARTED_AT);
        for (const one of shuffled) {
          resumed = new IntakeTally(STARTED_AT, JSON.parse(JSON.stringify(resumed.saved())));
          resumed.add('usage', one);
        }
        for (const span of SPANS) expect(resumed.total('usage', span)).toEqual(tallyOf(some).total('usage', span));
      }),
    );
  });

  it('counts a day in its month, and every record once', () => {
    fc.assert(
      fc.property(records, (some) => {
        const tally = tallyOf(some);
        for (const month of ['2026-02', '2026-01', '2025-12', '2025-11']) {
          const expected = some.filter(({ receivedAt }) => receivedAt.startsWith(month)).length;
          expect(tally.total('usage', month)?.count).toBe(expected);
        }
      }),
    );
  });

  it.each([
    ['the tenant', { tenant: beta }],
    ['the id', { eventId: eventId('api:other') }],
    ['the payload', { payloadHash: payloadHash(usageEvent('a', { quantity: quantity(2) })) }],
    ['the moment', { receivedAt: instant('2026-03-14T10:00:00.001Z') }],
  ] as const)('changes with %s of one record', (_, change) => {
    const [a, b] = [record('a', instant('2026-03-14T10:00:00Z')), record('b', instant('2026-03-14T23:00:00Z'))];
    const before = tallyOf([a, b]).total('usage', '2026-03-14');
    const after = tallyOf([{ ...a, ...change }, b]).total('usage', '2026-03-14');
    expect(after?.count).toBe(before?.count);
    expect(after?.digest).not.toBe(before?.digest);
  });

  it('tells the two intakes apart', () => {
    const tally = new IntakeTally(STARTED_AT);
    tally.add('adjustment', record('a', instant('2026-03-14T10:00:00Z')));
    expect(tally.total('usage', '2026-03-14')?.count).toBe(0);
    expect(tally.total('adjustment', '2026-03-14')?.count).toBe(1);
  });

  it.each([
    ['2026-03-15T00:59:59.999Z', undefined],
    ['2026-03-15T01:00:00.000Z', 0],
  ])('knows a day only an hour after its end: a run of %s has %s', (startedAt, count) => {
    expect(tallyOf([], instant(startedAt)).total('usage', '2026-03-14')?.count).toBe(count);
  });

  it('knows a month only an hour after its end, also the year’s last', () => {
    expect(tallyOf([], instant('2027-01-01T00:59:59Z')).total('usage', '2026-12')).toBeUndefined();
    expect(tallyOf([], instant('2027-01-01T01:00:00Z')).total('usage', '2026-12')).toBeDefined();
  });

  it('knows the days of this month and the last, and of longer ago only the months', () => {
    const tally = tallyOf([record('old', instant('2026-01-31T23:59:59.999Z'))]);
    expect(tally.total('usage', '2026-02-01')).toBeDefined();
    expect(tally.total('usage', '2026-01-31')).toBeUndefined();
    expect(tally.total('usage', '2026-01')?.count).toBe(1);
  });

  it('anchors the last seven days and two months, across the ends of months and years', () => {
    const spansOf = (startedAt: string) =>
      tallyOf([], instant(startedAt))
        .totals()
        .filter(({ source }) => source === 'usage')
        .map(({ span }) => span);
    expect(spansOf('2028-03-02T12:00:00Z')).toEqual([
      ...['2028-01', '2028-02'],
      ...['2028-02-24', '2028-02-25', '2028-02-26', '2028-02-27', '2028-02-28', '2028-02-29', '2028-03-01'],
    ]);
    expect(spansOf('2027-01-01T00:30:00Z')).toEqual([
      ...['2026-11'],
      ...['2026-12-25', '2026-12-26', '2026-12-27', '2026-12-28', '2026-12-29', '2026-12-30'],
    ]);
  });

  it('stays small whatever times somebody makes up', () => {
    const forged = Array.from({ length: 2_000 }, (_, index) => {
      const year = String(index < 1_000 ? 1 + index : 2_027 + index).padStart(4, '0');
      return record(`k${index}`, instant(`${year}-05-05T00:00:00Z`));
    });
    const tally = tallyOf([...forged, record('k', instant('2026-03-01T00:00:00Z'))]);
    expect(JSON.stringify(tally.saved()).length).toBeLessThan(10_000);
    expect(tally.total('usage', '2026-03-01')?.count).toBe(1);
  });

  it('stays small: ten years of records in some 150 KB', () => {
    const tally = new IntakeTally(STARTED_AT);
    for (let day = 0; day < 3_650; day += 1) {
      for (const source of ['usage', 'adjustment'] as const) {
        tally.add(source, record(`d${day}`, instantOf(NOW_MS - day * 86_400_000)));
      }
    }
    expect(JSON.stringify(tally.saved()).length).toBeLessThan(150_000);
  });
});
