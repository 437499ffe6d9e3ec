import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ACCOUNTS,
  isBalanced,
  receivableOf,
  totalsAfter,
  usageEntry,
  zeroTotals,
} from '../../lambdas/domain/journal.ts';
import { amountMinor, parseQuantity, QUANTITY_MAX, sum, UNIT_PRICE_MAX } from '../../lambdas/domain/money.ts';
import { rate } from '../../lambdas/domain/price-book.ts';
import { metric, must, priceBook, quantity, usageEvent } from '../support/events.ts';

const quantities = fc.bigInt({ min: 1n, max: QUANTITY_MAX }).map(quantity);
const prices = fc.bigInt({ min: 0n, max: UNIT_PRICE_MAX });
const charges = fc.tuple(quantities, prices).map(([count, price]) => {
  const book = priceBook(1, { unitPrices: new Map([[metric('api_call'), price]]) });
  return { count, price, amount: must(rate(book, metric('api_call'), count)) };
});

describe('a charge', () => {
  it('is quantity times price, whatever their size', () => {
    fc.assert(fc.property(charges, ({ count, price, amount }) => amount === count * price));
  });

  it('debits the receivable and credits revenue with the same amount', () => {
    fc.assert(
      fc.property(charges, ({ amount }) => {
        const entry = usageEntry(usageEvent('k'), amount);
        expect(isBalanced(entry)).toBe(true);
        expect(receivableOf(entry)).toBe(amount);
        expect(entry.postings).toEqual([
          { account: 'receivable', amountMinor: amount },
          { account: 'revenue', amountMinor: -amount },
        ]);
      }),
    );
  });
});

describe('totals', () => {
  it('are the sums of the postings, and net to zero over all accounts', () => {
    fc.assert(
      fc.property(fc.array(charges, { maxLength: 30 }), (list) => {
        const entries = list.map(({ amount }, index) => usageEntry(usageEvent(`k${index}`), amount));
        const totals = totalsAfter(zeroTotals, entries);
        const owed = sum(list.map(({ amount }) => amount));
        expect(totals).toEqual({ receivable: owed, revenue: -owed, adjustments: 0n });
        expect(sum(ACCOUNTS.map((account) => totals[account]))).toBe(0n);
      }),
    );
  });

  it('do not depend on how the entries are spread over pages', () => {
    fc.assert(
      fc.property(fc.array(charges, { maxLength: 20 }), fc.nat({ max: 20 }), (list, cut) => {
        const entries = list.map(({ amount }, index) => usageEntry(usageEvent(`k${index}`), amount));
        const inTwo = totalsAfter(totalsAfter(zeroTotals, entries.slice(0, cut)), entries.slice(cut));
        expect(inTwo).toEqual(totalsAfter(zeroTotals, entries));
      }),
    );
  });

  it('leave what they were built on untouched', () => {
    totalsAfter(zeroTotals, [usageEntry(usageEvent('k'), amountMinor(7n))]);
    expect(zeroTotals).toEqual({ receivable: 0n, revenue: 0n, adjustments: 0n });
  });

  it('stay within the 38 digits DynamoDB keeps for 10^8 of the largest charges', () => {
    const digits = (10n ** 8n * QUANTITY_MAX * UNIT_PRICE_MAX - 1n).toString().length;
    expect(digits).toBeLessThanOrEqual(38);
  });
});

describe('a quantity', () => {
  it.each([1n, 2n, QUANTITY_MAX - 1n, QUANTITY_MAX])('may be %s', (value) => {
    expect(parseQuantity(value)).toBe(value);
  });

  it.each([0n, -1n, QUANTITY_MAX + 1n, 2n ** 64n])('may not be %s', (value) => {
    expect(parseQuantity(value)).toBeUndefined();
  });
});
