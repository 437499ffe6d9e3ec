import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMetric } from '../../lambdas/domain/ids.ts';
import { instantOf } from '../../lambdas/domain/instant.ts';
import { priceBookAt, rate } from '../../lambdas/domain/price-book.ts';
import { instant, must, NOW_MS, priceBook, quantity } from '../support/events.ts';

const book = (version: number, at: string) => priceBook(version, { effectiveAt: instant(at) });

describe('the price book in force', () => {
  const books = [
    book(3, '2026-03-01T00:00:00Z'),
    book(1, '2026-01-01T00:00:00Z'),
    book(2, '2026-02-01T00:00:00Z'),
    book(4, '2026-02-01T00:00:00Z'),
  ];

  it.each([
    ['2025-12-31T23:59:59.999999999Z', undefined],
    ['2026-01-01T00:00:00Z', 1],
    ['2026-01-31T23:59:59.999Z', 1],
    ['2026-02-01T00:00:00Z', 4],
    ['2026-02-28T23:59:59.999999999Z', 4],
    ['2026-03-01T00:00:00.000000001Z', 3],
    ['2030-01-01T00:00:00Z', 3],
  ])('at %s is version %s', (at, version) => {
    expect(priceBookAt(books, instant(at))?.version).toBe(version);
  });

  it('does not depend on the order the versions are read in', () => {
    const moments = fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(moments, fc.nat({ max: 5 }), (starts, at) => {
        const all = starts.map((start, version) => priceBook(version, { effectiveAt: instantOf(NOW_MS + start) }));
        const now = instantOf(NOW_MS + at);
        expect(priceBookAt([...all].reverse(), now)).toBe(priceBookAt(all, now));
      }),
    );
  });
});

describe('a rate', () => {
  it.each(['__proto__', 'toString', 'constructor', 'API_CALL', 'ghost'])('is unknown for the metric %s', (name) => {
    expect(rate(priceBook(), must(parseMetric(name)), quantity(1))).toBeUndefined();
  });

  it('of nothing is a price like any other', () => {
    const api = must(parseMetric('api_call'));
    expect(rate(priceBook(1, { unitPrices: new Map([[api, 0n]]) }), api, quantity(7))).toBe(0n);
  });
});
