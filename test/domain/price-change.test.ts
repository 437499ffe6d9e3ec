import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantOf } from '../../lambdas/domain/instant.ts';
import type { PriceBook } from '../../lambdas/domain/price-book.ts';
import { priceBookAt } from '../../lambdas/domain/price-book.ts';
import { nextPriceBook, type PriceChange } from '../../lambdas/domain/price-change.ts';
import { instant, metric, NOW, NOW_MS, priceBook } from '../support/events.ts';

const prices = new Map([[metric('api_call'), 2n]]);
const change = (changes: Partial<PriceChange> = {}): PriceChange => ({
  ...{ currency: 'USD', unitPrices: prices, effectiveAt: undefined },
  ...changes,
});
const at = (text: string) => change({ effectiveAt: instant(text) });

describe('a change of prices', () => {
  it('is the first version, or the one after the newest, whatever came into force when', () => {
    const first = nextPriceBook([], change({ currency: 'EUR' }), NOW);
    expect(first).toEqual({ version: 1, effectiveAt: NOW, currency: 'EUR', unitPrices: prices });
    const books = [priceBook(7, { effectiveAt: instant('2035-01-01T00:00:00Z') }), priceBook(2)];
    expect(nextPriceBook(books, change(), NOW)).toMatchObject({ version: 8, effectiveAt: NOW });
  });

  it.each([
    ['2026-03-15T12:00:00.000000001Z', '2026-03-15T12:00:00.000000001Z'],
    ['2030-01-01T00:00:00+02:00', '2029-12-31T22:00:00.000Z'],
    // Said by a clock that is behind: it means now.
    ['2026-03-15T12:00:00Z', NOW],
    ['2026-03-15T11:59:59.999Z', NOW],
    ['2026-03-15T11:55:00Z', NOW],
    ['2026-03-15T11:54:59.999Z', 'in_the_past'],
    ['2020-01-01T00:00:00Z', 'in_the_past'],
  ])('from %s on is %s', (asked, expected) => {
    const book = nextPriceBook([priceBook()], at(asked), NOW);
    expect(typeof book === 'string' ? book : book.effectiveAt).toBe(expected);
  });

  it('keeps the currency of every version before', () => {
    expect(nextPriceBook([priceBook()], change({ currency: 'EUR' }), NOW)).toBe('other_currency');
    const mixed = [priceBook(), priceBook(2, { currency: 'EUR' })];
    expect(nextPriceBook(mixed, change({ currency: 'EUR' }), NOW)).toBe('other_currency');
  });

  it('from now on is in force at once, whatever there was, and rates nothing otherwise that was accepted before', () => {
    const offsets = fc.array(fc.integer({ min: -1e9, max: 1e9 }), { maxLength: 8 });
    const asked = fc.option(fc.integer({ min: -300_000, max: 1e9 }), { nil: undefined });
    fc.assert(
      fc.property(offsets, asked, (starts, offset) => {
        const books: PriceBook[] = starts.map((start, index) => {
          return priceBook(index + 1, { effectiveAt: instantOf(NOW_MS + start) });
        });
        const effectiveAt = offset === undefined ? undefined : instantOf(NOW_MS + offset);
        const book = nextPriceBook(books, change({ effectiveAt }), NOW);
        if (typeof book === 'string') throw new Error(book);
        const after = [...books, book];
        const before = instantOf(NOW_MS - 1);
        expect(priceBookAt(after, before)).toBe(priceBookAt(books, before));
        if (offset === undefined || offset <= 0) expect(priceBookAt(after, NOW)).toBe(book);
      }),
    );
  });
});
