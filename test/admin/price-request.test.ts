import { describe, expect, it } from 'vitest';
import { priceChangeOf } from '../../lambdas/admin/prices/price-request.ts';
import { PRICE_METRICS_MAX } from '../../lambdas/http/limits.ts';
import { Problem } from '../../lambdas/http/problem.ts';

/** The fields at fault; none: the prices are taken. */
function faultsOf(body: object | string): string[] {
  const sent = typeof body === 'string' ? JSON.parse(body) : { currency: 'USD', unit_prices: { api_call: 1 }, ...body };
  try {
    priceChangeOf(sent);
    return [];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    expect(error.status).toBe(400);
    return error.fieldErrors.map(({ field }) => field);
  }
}

const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`metric_${index}`, 1]));

describe('prices', () => {
  it('are whole numbers, or the same as decimal texts, so that what was read can be sent back', () => {
    const prices = { free: 0, api_call: 3, text: '7', large: '1000000000000000000', safe: Number.MAX_SAFE_INTEGER };
    const { unitPrices, currency, effectiveAt } = priceChangeOf({ currency: 'USD', unit_prices: prices });
    expect([...unitPrices.values()]).toEqual([0n, 3n, 7n, 10n ** 18n, 9_007_199_254_740_991n]);
    expect([currency, effectiveAt]).toEqual(['USD', undefined]);
  });

  it.each([
    ...[-1, -0, 0.5, 1e16, null, true, [], {}, '', '-1', '01', '1.0', '1e3', ' 1', '0x1', '1000000000000000001'],
    ...['10000000000000000000', '٣'],
  ])('are not %j', (price) => {
    expect(faultsOf({ unit_prices: { api_call: 1, seat: price } })).toEqual(['unit_prices.seat']);
  });

  it.each([undefined, null, 1, 'api_call', [], [1], {}])('by metric are not %j', (prices) => {
    expect(faultsOf({ unit_prices: prices })).toEqual(['unit_prices']);
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', '', '\\u0000', '\\ud800', 'm'.repeat(65)])(
    'are not of the metric %j',
    (name) => {
      expect(faultsOf(`{"currency":"USD","unit_prices":{"api_call":1,"${name}":1}}`)).toEqual(['unit_prices']);
    },
  );

  it('are of so many metrics and no more', () => {
    expect(faultsOf({ unit_prices: many(PRICE_METRICS_MAX) })).toEqual([]);
    expect(faultsOf({ unit_prices: many(PRICE_METRICS_MAX + 1) })).toEqual(['unit_prices']);
  });

  it.each([undefined, null, 'usd', 'US', 'USDX', 'U\nD', 840])('are not in %j', (currency) => {
    expect(faultsOf({ currency })).toEqual(['currency']);
  });

  it.each([null, 0, '', 'soon', '2030-01-01', '2030-02-30T00:00:00Z', '2030-01-01T00:00:00'])(
    'are not in force from %j on',
    (effectiveAt) => {
      expect(faultsOf({ effective_at: effectiveAt })).toEqual(['effective_at']);
    },
  );

  it('are told every fault at once', () => {
    expect(faultsOf({ currency: 1, unit_prices: { a: -1, b: 'x' }, effective_at: 1 })).toEqual([
      ...['currency', 'unit_prices.a', 'unit_prices.b', 'effective_at'],
    ]);
  });
});
