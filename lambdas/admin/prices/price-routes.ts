import { nowOf } from '../../clock.ts';
import { type AdminAnswer, adminCommand, adminQuery } from '../../http/admin-route.ts';
import type { AuditTrail } from '../../http/call-log.ts';
import { jsonObject } from '../../http/json-body.ts';
import { Problem } from '../../http/problem.ts';
import type { Route } from '../../http/router.ts';
import { routes } from '../../http/routes.ts';
import { type ChangePricesPorts, changePrices } from './change-prices.ts';
import { pricesDocument, pricesEtag } from './price-document.ts';
import { type PriceQuery, priceChangeOf, priceQuery } from './price-request.ts';

/** `GET|PUT /prices`: what usage costs, version by version. */
export function priceRoutes(trail: AuditTrail, ports: ChangePricesPorts): Route[] {
  const show = adminQuery(trail, 'GET', routes.prices.path, {
    read: ({ request }) => priceQuery(request.query),
    about: () => ({ target: {} }),
    answer: (query) => showPrices(query, ports),
  });
  const change = adminCommand(trail, 'PUT', routes.prices.path, {
    read: ({ request }) => priceChangeOf(jsonObject(request)),
    about: ({ currency }) => ({ target: { currency } }),
    answer: (wish, { request }) => changePrices(wish, request, ports),
  });
  return [show, change];
}

async function showPrices(query: PriceQuery, { config, clock }: ChangePricesPorts): Promise<AdminAnswer> {
  const books = await config.priceBooksNow();
  const now = nowOf(clock);
  const etag = pricesEtag(books, now);
  if (etag === undefined)
    throw new Problem('not_found', 'There are no prices yet: PUT the first with If-None-Match: *');
  return { status: 200, headers: { etag }, body: pricesDocument(books, now, query) };
}
