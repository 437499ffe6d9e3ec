import type { Instant } from '../../domain/instant.ts';
import { type PriceBook, priceBookAt } from '../../domain/price-book.ts';
import { newestVersion } from '../../domain/price-change.ts';
import { type Etag, etagOf } from '../../http/preconditions.ts';
import { encodeCursor } from '../list-cursor.ts';
import type { PriceQuery } from './price-request.ts';

/**
 * What a reader of the prices has seen: the newest version, and the one in force, which time alone can change. Undefined
 * without any version.
 */
export function pricesEtag(books: readonly PriceBook[], now: Instant): Etag | undefined {
  if (books.length === 0) return undefined;
  return etagOf(`${newestVersion(books)}.${priceBookAt(books, now)?.version ?? 0}`);
}

/** The version in force, and a page of all of them, the newest first. */
export function pricesDocument(books: readonly PriceBook[], now: Instant, { limit, below }: PriceQuery): object {
  const newestFirst = [...books].sort((left, right) => right.version - left.version);
  const rest = newestFirst.filter(({ version }) => below === undefined || version < below);
  const shown = rest.slice(0, limit);
  const last = shown.at(-1);
  const inForce = priceBookAt(books, now);
  return {
    in_force: inForce === undefined ? null : renderedBook(inForce),
    versions: shown.map(renderedBook),
    ...(rest.length > shown.length && last !== undefined && { next_cursor: encodeCursor(String(last.version)) }),
  };
}

/** Metrics in one order always: a table gives back the parts of an item in any, and one state has one text. */
export function renderedBook({ version, effectiveAt, currency, unitPrices }: PriceBook): object {
  const byName = [...unitPrices].sort(([left], [right]) => (left < right ? -1 : 1));
  const prices = byName.map(([metric, price]) => [metric, price.toString()]);
  return { version, effective_at: effectiveAt, currency, unit_prices: Object.fromEntries(prices) };
}
