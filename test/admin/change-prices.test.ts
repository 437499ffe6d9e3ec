import { describe, expect, it } from 'vitest';
import { changePrices } from '../../lambdas/admin/prices/change-prices.ts';
import { pricesDocument, pricesEtag, renderedBook } from '../../lambdas/admin/prices/price-document.ts';
import type { Metric } from '../../lambdas/domain/ids.ts';
import type { PriceBook } from '../../lambdas/domain/price-book.ts';
import type { PriceChange } from '../../lambdas/domain/price-change.ts';
import { instant, metric, NOW, NOW_MS, priceBook } from '../support/events.ts';
import { httpRequest } from '../support/http-requests.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const change: PriceChange = { currency: 'USD', unitPrices: new Map([[metric('seat'), 7n]]), effectiveAt: undefined };
const later = priceBook(2, { effectiveAt: instant('2027-01-01T00:00:00Z') });

function world(...books: PriceBook[]) {
  const written: string[] = [];
  const ports = {
    clock: new VirtualClock(NOW_MS),
    config: { priceBooksNow: async () => [...books] },
    writer: {
      addLayout: async () => {
        written.push('layout');
      },
      putPriceBook: async (book: PriceBook, requestId: string) => {
        if (books.some(({ version }) => version === book.version)) return false;
        written.push(`version ${book.version} by ${requestId}`);
        books.push(book);
        return true;
      },
    },
  };
  const put = (headers: Record<string, string>, changes: Partial<PriceChange> = {}) =>
    changePrices({ ...change, ...changes }, httpRequest('PUT', '/prices', { headers }), ports);
  return { written, put, ports };
}

describe('the first prices', () => {
  it('fix the layout before them, and are there only once', async () => {
    const { written, put } = world();
    await expect(put({})).rejects.toMatchObject({ status: 428 });
    await expect(put({ 'if-match': '*' })).rejects.toMatchObject({ status: 412 });
    expect(await put({ 'if-none-match': '*' })).toEqual({
      ...{ status: 201, headers: { etag: '"1.1"' }, effect: { version: '1', effective_at: NOW } },
      body: { version: 1, effective_at: NOW, currency: 'USD', unit_prices: { seat: '7' } },
    });
    await expect(put({ 'if-none-match': '*' })).rejects.toMatchObject({ status: 412 });
    expect(written).toEqual(['layout', 'version 1 by request-1']);
  });
});

describe('a change', () => {
  it('is of the prices as they were seen: the newest version, and the one in force', async () => {
    const { put, ports } = world(priceBook(1), later);
    await expect(put({})).rejects.toMatchObject({ status: 428 });
    for (const stale of ['"1.1"', '"2.2"', '"2"']) {
      await expect(put({ 'if-match': stale })).rejects.toMatchObject({ status: 412 });
    }
    const answer = await put({ 'if-match': '"2.1"' });
    expect([answer.status, answer.headers?.['etag']]).toEqual([200, '"3.3"']);
    // What was to come into force later still does.
    expect(pricesEtag(await ports.config.priceBooksNow(), instant('2027-01-01T00:00:00Z'))).toBe('"3.2"');
  });

  it('that loses against another one is told so', async () => {
    const { put, ports } = world(priceBook(1));
    const seen = await ports.config.priceBooksNow();
    const { priceBooksNow } = ports.config;
    await put({ 'if-match': '"1.1"' });
    const late = () => {
      ports.config.priceBooksNow = async () => {
        ports.config.priceBooksNow = priceBooksNow;
        return seen;
      };
    };
    late();
    await expect(put({ 'if-match': '"1.1"' })).rejects.toMatchObject({ status: 412 });
    late();
    // Whatever there is: then the other's is what this one comes after.
    expect((await put({ 'if-match': '*' })).effect).toMatchObject({ version: '3' });
  });

  it('in another currency or of the past is refused, and not before the caller has said what it has seen', async () => {
    const { written, put } = world(priceBook(1));
    const wrong: [Partial<PriceChange>, string][] = [
      [{ currency: 'EUR' }, 'currency'],
      [{ effectiveAt: instant('2026-03-15T11:00:00Z') }, 'effective_at'],
    ];
    for (const [changes, field] of wrong) {
      await expect(put({ 'if-match': '"9.9"' }, changes)).rejects.toMatchObject({ status: 412 });
      await expect(put({ 'if-match': '"1.1"' }, changes)).rejects.toMatchObject({
        ...{ status: 400, fieldErrors: [{ field }] },
      });
    }
    expect(written).toEqual([]);
  });
});

describe('the prices', () => {
  it('are listed newest first, in pages, with the version in force on each', () => {
    const books = [priceBook(2), priceBook(1), priceBook(3, { effectiveAt: instant('2027-01-01T00:00:00Z') })];
    const page = (limit: number, below?: number) => {
      const document = pricesDocument(books, NOW, { limit, below }) as {
        in_force: { version: number };
        versions: { version: number }[];
        next_cursor?: string;
      };
      return [document.in_force.version, document.versions.map(({ version }) => version), 'next_cursor' in document];
    };
    expect(page(20)).toEqual([2, [3, 2, 1], false]);
    expect(page(2)).toEqual([2, [3, 2], true]);
    expect(page(2, 2)).toEqual([2, [1], false]);
    expect(page(3)).toEqual([2, [3, 2, 1], false]);
  });

  it('of one state have one text, in whatever order a table gives them back', () => {
    const entries: [Metric, bigint][] = [
      [metric('b'), 2n],
      [metric('a'), 1n],
      [metric('é'), 3n],
    ];
    const texts = [entries, [...entries].reverse()].map((prices) =>
      JSON.stringify(renderedBook(priceBook(1, { unitPrices: new Map(prices) }))),
    );
    expect(texts[0]).toBe(texts[1]);
    expect(texts[0]).toContain('{"a":"1","b":"2","é":"3"}');
  });

  it('that are all still to come have none in force', () => {
    expect(pricesDocument([later], NOW, { limit: 1, below: undefined })).toMatchObject({ in_force: null });
    expect(pricesEtag([later], NOW)).toBe('"2.0"');
  });
});
