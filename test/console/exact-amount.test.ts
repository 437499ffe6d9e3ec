import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactAmount } from '../../lambdas/console/page/operator/books/exact-amount.ts';

describe('an amount as people write it', () => {
  it.each([
    ['12', 'USD', 1_200n],
    ['0.01', 'USD', 1n],
    ['1.5', 'USD', 150n],
    [' 1,234.56 ', 'USD', 123_456n],
    ['12,345,678', 'USD', 1_234_567_800n],
    ['9007199254740993.01', 'USD', 900_719_925_474_099_301n],
    ['1,234', 'JPY', 1_234n],
    ['0.005', 'KWD', 5n],
  ])('%s in %s is %s minor units', (text, currency, minor) => {
    expect(exactAmount(text, currency)).toEqual({ minor });
  });

  it.each([
    '',
    ' ',
    '0',
    '0.00',
    '-5',
    '−5',
    '+5',
    '12,5',
    '1.234',
    '1,23',
    '12,34.5',
    ',5',
    '.',
    '5.',
    '1e3',
    '0x10',
    '٣',
  ])('%j in USD is said to be none', (text) => {
    const { minor, fault } = exactAmount(text, 'USD');
    expect([minor, typeof fault]).toEqual([undefined, 'string']);
  });

  it('is said to be none while nobody knows its currency: 5 may be five minor units or five hundred', () => {
    expect(exactAmount('5', '').minor).toBeUndefined();
  });

  it('keeps every cent, however large', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 30n }), (minor) => {
        const text = `${minor / 100n}.${String(minor % 100n).padStart(2, '0')}`;
        expect(exactAmount(text, 'USD')).toEqual({ minor });
      }),
    );
  });
});
