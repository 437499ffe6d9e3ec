import { describe, expect, it } from 'vitest';
import { csvLine, csvOwn, csvText } from '../../client/cli/text/csv.ts';
import { inert } from '../../client/cli/text/inert.ts';
import { grouped, moneyOf } from '../../client/cli/text/money.ts';
import { factLines, Table } from '../../client/cli/text/table.ts';
import { widthOf } from '../../client/cli/text/width.ts';

describe('money', () => {
  it.each([
    ['0', 'USD', '0.00'],
    ['5', 'USD', '0.05'],
    ['-5', 'USD', '-0.05'],
    ['123456', 'USD', '1,234.56'],
    ['-100000000', 'EUR', '-1,000,000.00'],
    ['1234567', 'JPY', '1,234,567'],
    ['1234', 'KWD', '1.234'],
    ['12345', 'CLF', '1.2345'],
    ['99999999999999999999999999999999999999', 'USD', '999,999,999,999,999,999,999,999,999,999,999,999.99'],
  ])('shows %s minor units of %s as %s', (minor, currency, shown) => {
    expect(moneyOf(minor, currency)).toBe(shown);
  });

  it('leaves alone what is no amount', () => {
    expect(moneyOf('1e3', 'USD')).toBe('1e3');
  });

  it.each(['0', '999', '1,000', '12,345', '123,456,789'])('groups %s', (shown) => {
    expect(grouped(shown.replaceAll(',', ''))).toBe(shown);
  });
});

describe('texts from outside', () => {
  it.each([
    ['\u{1b}[31mred\u{1b}[0m', '\\u{1b}[31mred\\u{1b}[0m'],
    ['\u{9b}31m', '\\u{9b}31m'],
    ['one\r\ntwo\ttabbed', 'one\\u{d}\\u{a}two\\u{9}tabbed'],
    ['\u{202e}txt.exe', '\\u{202e}txt.exe'],
    ['\u{2066}isolated\u{2069}\u{200f}', '\\u{2066}isolated\\u{2069}\\u{200f}'],
    ['\u{2028}\u{2029}', '\\u{2028}\\u{2029}'],
    ['half \ud800', 'half \\u{d800}'],
    ['Müller & 株式会社 🎉', 'Müller & 株式会社 🎉'],
  ])('makes %j inert', (text, shown) => {
    expect(inert(text)).toBe(shown);
  });

  it('knows how wide they are', () => {
    expect(['abc', 'é', 'e\u{301}', '株式', '🎉', 'ＡＢ'].map(widthOf)).toEqual([3, 1, 1, 4, 2, 4]);
  });
});

describe('tables', () => {
  const columns = [
    { title: 'name', cell: (row: { name: string | null }) => row.name },
    { title: 'amount', align: 'right' as const, cell: (row: { amount: string }) => row.amount },
  ];

  it('aligns texts left and amounts right, also wide ones', () => {
    const table = new Table<{ name: string | null; amount: string }>(columns);
    const lines = table.lines([
      { name: 'api_call', amount: '1,000.00' },
      { name: '株式', amount: '-5.00' },
      { name: null, amount: '0.50' },
    ]);
    expect([table.header(), ...lines]).toEqual([
      'name        amount',
      'api_call  1,000.00',
      '株式         -5.00',
      '-             0.50',
    ]);
  });

  it('never gets narrower from portion to portion, and only as much wider as it must', () => {
    const table = new Table<{ name: string; amount: string }>(columns);
    expect(table.lines([{ name: 'long_name', amount: '1.00' }])).toEqual(['long_name    1.00']);
    expect(table.lines([{ name: 'x', amount: '1.00' }])).toEqual(['x            1.00']);
    expect(table.lines([{ name: 'x', amount: '1,000,000.00' }])).toEqual(['x          1,000,000.00']);
  });

  it('keeps an escape sequence out of a cell, and a cell on its line', () => {
    const table = new Table<{ name: string; amount: string }>(columns);
    const [line] = table.lines([{ name: 'a\n\u{1b}[2Jb', amount: '1' }]);
    expect(line).toBe('a\\u{a}\\u{1b}[2Jb       1');
  });

  it('puts values below each other', () => {
    expect(
      factLines([
        ['event', 'api:first'],
        ['price version', null],
      ]),
    ).toEqual(['event          api:first', 'price version  -']);
  });
});

describe('CSV', () => {
  it('quotes what needs it and doubles quotes (RFC 4180)', () => {
    expect(csvLine(['plain', 'a,b', 'say "hi"', 'two\r\nlines'].map(csvText))).toBe(
      'plain,"a,b","say ""hi""","two\r\nlines"\r\n',
    );
    expect(csvText(null)).toBe('');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1'])('defuses the formula %j in a text', (text) => {
    expect(csvText(text).replaceAll('"', '').startsWith("'")).toBe(true);
  });

  it('leaves our own numbers alone', () => {
    expect(csvOwn('-25')).toBe('-25');
    expect(csvOwn('2026-11-24T09:30:00.000Z')).toBe('2026-11-24T09:30:00.000Z');
    expect(csvOwn(null)).toBe('');
  });
});
