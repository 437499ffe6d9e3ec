import { type Clock, nowOf } from '../../clock.ts';
import type { PriceBook } from '../../domain/price-book.ts';
import { nextPriceBook, type PriceChange, type PriceChangeFault } from '../../domain/price-change.ts';
import type { AdminAnswer } from '../../http/admin-route.ts';
import { requireMatch } from '../../http/preconditions.ts';
import { type FieldError, malformed } from '../../http/problem.ts';
import type { HttpRequest } from '../../http/request.ts';
import { pricesEtag, renderedBook } from './price-document.ts';

/** All of the world that changing prices reaches. */
export interface ChangePricesPorts {
  readonly config: { priceBooksNow(): Promise<readonly PriceBook[]> };
  readonly writer: {
    addLayout(): Promise<void>;
    putPriceBook(book: PriceBook, requestId: string): Promise<boolean>;
  };
  readonly clock: Clock;
}

/**
 * Adds a version of the prices to those the caller has seen, which stay as they are. Throws a 428 when the caller does not
 * say what it has seen, a 412 when that is no longer so, and a 400 for another currency or a moment in the past.
 */
export async function changePrices(
  change: PriceChange,
  request: HttpRequest,
  ports: ChangePricesPorts,
): Promise<AdminAnswer> {
  const { config, writer, clock } = ports;
  const books = await config.priceBooksNow();
  const now = nowOf(clock);
  requireMatch(request, pricesEtag(books, now));
  const book = nextPriceBook(books, change, now);
  if (typeof book === 'string') throw malformed([faults[book]]);
  // The first price is what makes usage possible, so what every key depends on is fixed before it.
  if (books.length === 0) await writer.addLayout();
  // Somebody was faster: whether the caller's condition allows for that shows at another look.
  if (!(await writer.putPriceBook(book, request.id))) return changePrices(change, request, ports);
  const etag = pricesEtag([...books, book], now);
  return {
    status: books.length === 0 ? 201 : 200,
    headers: { ...(etag && { etag }) },
    body: renderedBook(book),
    effect: { version: String(book.version), effective_at: book.effectiveAt },
  };
}

const faults: Readonly<Record<PriceChangeFault, FieldError>> = {
  other_currency: { field: 'currency', message: 'must be that of the versions before: balances add up all of them' },
  in_the_past: { field: 'effective_at', message: 'must not be in the past' },
};
