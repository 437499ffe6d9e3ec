import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Day, Hour, HourlySums } from '../../lambdas/domain/meter.ts';
import { amountMinor } from '../../lambdas/domain/money.ts';
import {
  bucketEnd,
  bucketStart,
  daysOf,
  GRANULARITIES,
  type Granularity,
  Series,
  type SeriesSpan,
} from '../../lambdas/domain/usage-series.ts';

function span(granularity: Granularity, from: string, to: string): SeriesSpan {
  return { granularity, fromMs: Date.parse(from), toMs: Date.parse(to) };
}

function hours(...used: readonly (readonly [hour: number, quantity: bigint])[]): HourlySums {
  return new Map(used.map(([hour, quantity]) => [hour as Hour, { quantity, amountMinor: amountMinor(quantity * 5n) }]));
}

const moments = fc.integer({ min: Date.parse('2000-01-01'), max: Date.parse('2999-12-31') });

describe('a series', () => {
  it.each<[Granularity, string, string, string[]]>([
    ['hour', '2026-12-31T22:00Z', '2027-01-01T01:00Z', ['2026-12-31T22:00', '2026-12-31T23:00', '2027-01-01T00:00']],
    ['day', '2028-02-28', '2028-03-02', ['2028-02-28T00:00', '2028-02-29T00:00', '2028-03-01T00:00']],
    ['month', '2026-11-01', '2027-02-01', ['2026-11-01T00:00', '2026-12-01T00:00', '2027-01-01T00:00']],
  ])('by the %s has every bucket of its span', (granularity, from, to, starts) => {
    expect(new Series(span(granularity, from, to)).buckets).toEqual(
      starts.map((start) => ({ start: `${start}:00.000Z`, quantity: 0n, amountMinor: 0n })),
    );
  });

  it('adds each hour to its bucket, and leaves out what lies outside', () => {
    const series = new Series(span('hour', '2026-03-15T10:00Z', '2026-03-15T12:00Z'));
    series.add('2026-03-15' as Day, hours([9, 1n], [10, 2n], [11, 3n], [12, 4n]));
    series.add('2026-03-15' as Day, hours([11, 10n]));
    series.add('2026-03-14' as Day, hours([10, 100n]));
    expect(series.buckets.map(({ quantity, amountMinor: amount }) => [quantity, amount])).toEqual([
      [2n, 10n],
      [13n, 65n],
    ]);
  });

  it('adds up to the same, however finely', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            day: fc.integer({ min: 1, max: 31 }),
            hour: fc.nat({ max: 23 }),
            used: fc.bigInt({ min: 1n, max: 10n ** 40n }),
          }),
        ),
        (usage) => {
          const totals = GRANULARITIES.map((granularity) => {
            const series = new Series(span(granularity, '2026-03-01', '2026-04-01'));
            for (const { day, hour, used } of usage) {
              series.add(`2026-03-${String(day).padStart(2, '0')}` as Day, hours([hour, used]));
            }
            return series.buckets.reduce((total, { quantity }) => total + quantity, 0n);
          });
          const expected = usage.reduce((total, { used }) => total + used, 0n);
          expect(totals).toEqual([expected, expected, expected]);
        },
      ),
    );
  });
});

describe('a bucket', () => {
  it('holds the moment it is asked for, and ends where the next begins', () => {
    fc.assert(
      fc.property(moments, fc.constantFrom(...GRANULARITIES), (ms, granularity) => {
        const [start, end] = [bucketStart(granularity, ms), bucketEnd(granularity, ms + 1)];
        expect(start).toBeLessThanOrEqual(ms);
        expect(end).toBeGreaterThan(ms);
        expect(bucketStart(granularity, start)).toBe(start);
        expect(bucketEnd(granularity, start)).toBe(start);
        expect(bucketStart(granularity, end - 1)).toBe(start);
      }),
    );
  });

  it('spans whole days at its ends', () => {
    expect(daysOf(span('hour', '2026-03-15T23:00Z', '2026-03-16T01:00Z'))).toEqual({
      first: '2026-03-15',
      last: '2026-03-16',
    });
    expect(daysOf(span('day', '2026-03-15', '2026-03-16'))).toEqual({ first: '2026-03-15', last: '2026-03-15' });
  });
});
