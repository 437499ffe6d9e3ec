import { describe, expect, it } from 'vitest';
import type { StatementLine, Usage } from '../../client/types/api.ts';
import { isMonth, lastMonth, monthAfter, monthOf } from '../../lambdas/console/page/tenant/register/months.ts';
import { edgesOf, matches, withBalance } from '../../lambdas/console/page/tenant/register/rows.ts';
import { statementCsv, statementFileName } from '../../lambdas/console/page/tenant/register/statement-csv.ts';
import { shareOf, totalsByMetric } from '../../lambdas/console/page/tenant/register/totals.ts';
import { bucketLabel, bucketName, labelledBuckets } from '../../lambdas/console/page/tenant/usage/buckets.ts';
import { layersOf, stacked } from '../../lambdas/console/page/tenant/usage/layers.ts';
import { granularityOf, spanOf } from '../../lambdas/console/page/tenant/usage/span.ts';

const NOW_MS = Date.parse('2026-03-31T23:30:00Z');

function line(changes: Partial<StatementLine> = {}): StatementLine {
  return {
    ...{ event_id: 'api:first', txn_id: 'txn_0', kind: 'usage', metric: 'api_call', quantity: '10' },
    ...{ event_date: '2026-03-01T00:00:00.000Z', posted_at: '2026-03-01T00:00:00.000Z', amount_minor: '10' },
    ...changes,
  };
}

const credit = line({ event_id: 'adj:sorry', kind: 'adjustment', metric: null, quantity: null, amount_minor: '-25' });

describe('months', () => {
  it('follow each other over the years', () => {
    expect([monthAfter('2026-01', -1), monthAfter('2026-12', 1), monthAfter('2026-03', -27)]).toEqual([
      ...['2025-12', '2027-01', '2023-12'],
    ]);
    expect([monthOf(NOW_MS), lastMonth(NOW_MS)]).toEqual(['2026-03', '2026-05']);
    expect(['2026-13', '2026-1', '', '26-01'].some(isMonth)).toBe(false);
  });
});

describe('the lines', () => {
  it('have a running balance that no JavaScript number could hold', () => {
    const large = (2n ** 70n).toString();
    const rows = withBalance([line({ amount_minor: large }), credit], 1n);
    expect(rows.map(({ balanceMinor }) => balanceMinor)).toEqual([2n ** 70n + 1n, 2n ** 70n - 24n]);
    expect(edgesOf(rows, 1n, true)).toEqual({
      before: { title: 'Brought forward', balanceMinor: 1n },
      after: { title: 'Carried forward', amountMinor: 2n ** 70n - 25n, balanceMinor: 2n ** 70n - 24n },
    });
  });

  it.each([
    ['', true],
    ['ADJ sorry', true],
    ['-0.25', true],
    ['−0.25 usd', true],
    ['-25', true],
    ['api', false],
    ['sorry 99', false],
  ])('are found by %j: %s', (search, isFound) => {
    expect(matches(credit, search, 'USD')).toBe(isFound);
  });

  it('add up by metric, the largest first, each with the prices it had, and adjustments last', () => {
    const dearer = line({ quantity: '2', amount_minor: '6' });
    const other = line({ metric: 'other', quantity: '1', amount_minor: '40' });
    const [first, second, last] = totalsByMetric([credit, line(), dearer, other]);
    expect(first).toMatchObject({ metric: 'other', amountMinor: 40n, unitPrices: [40n, 40n] });
    expect(second).toMatchObject({ metric: 'api_call', quantity: 12n, amountMinor: 16n, unitPrices: [1n, 3n] });
    expect(last).toMatchObject({ metric: null, lineCount: 1, amountMinor: -25n, unitPrices: undefined });
    expect([shareOf(16n, 56n), shareOf(1n, 0n), shareOf(-1n, 5n), shareOf(5n, 5n)]).toEqual([
      ...['28.5 %', undefined, undefined, '100.0 %'],
    ]);
  });

  it('are saved with what a spreadsheet would compute defused, and amounts left as they are', () => {
    const [titles, first, second, ...rest] = statementCsv([line({ metric: '=1+1' }), credit], 'USD').split('\r\n');
    expect(titles).toContain('event_id,txn_id,kind,metric');
    expect(first).toContain(",'=1+1,10,");
    expect(second).toContain(',-25,-15,USD');
    expect(rest).toEqual(['']);
    expect(statementFileName('../evil', '2026-03')).toBe('zerosum-___evil-2026-03.csv');
  });
});

describe('a span', () => {
  const own = { from: '2026-01-05', to: '2026-01-06' };

  it.each([
    ['day', 'hour', '2026-03-31T00:00:00.000Z', '2026-04-01T00:00:00.000Z'],
    ['thirty', 'day', '2026-03-02', '2026-04-01'],
    ['year', 'month', '2025-04-01', '2026-04-01'],
    ['own', 'day', '2026-01-05', '2026-01-07'],
  ] as const)('of %s by %s is whole buckets in UTC', (range, granularity, from, to) => {
    expect(spanOf(range, granularity, own, NOW_MS)).toEqual({ from, to, granularity });
  });

  it('is none while its dates are not there, and has the granularity that fits', () => {
    expect(spanOf('own', 'day', { from: '', to: '2026-01-06' }, NOW_MS)).toBeUndefined();
    expect([granularityOf('day', 'month'), granularityOf('year', 'day'), granularityOf('thirty', '')]).toEqual([
      ...['hour', 'day', 'day'],
    ]);
  });
});

describe('the layers', () => {
  const starts = ['2026-01-01T00:00:00.000Z', '2026-02-01T00:00:00.000Z'];
  const bucket = (start: string, quantity: number, amount: number) => ({
    ...{ start, quantity: String(quantity), amount_minor: String(amount) },
  });
  const usage: Usage = {
    series: starts.map((start) => bucket(start, 0, 0)),
    metrics: Array.from({ length: 8 }, (_, index) => ({
      metric: `m${index}`,
      series: starts.slice(index % 2).map((start) => bucket(start, 100 - index, index)),
    })),
    as_of: '2026-03-01T00:00:00.000Z',
  };

  it('are the five with most charged, and all others together, whatever is measured', () => {
    const [amounts, quantities] = [layersOf(usage, 'amount'), layersOf(usage, 'quantity')];
    expect(amounts.map(({ name }) => name)).toEqual(['m6', 'm4', 'm7', 'm5', 'm2', '3 other metrics']);
    expect(quantities.map(({ id, colour }) => [id, colour])).toEqual(amounts.map(({ id, colour }) => [id, colour]));
    expect(amounts.at(-1)).toMatchObject({ values: [0n, 4n], total: 4n });
    expect(stacked(amounts.slice(0, 3))).toEqual([
      [6, 6],
      [10, 10],
      [10, 17],
    ]);
  });

  it('keep six metrics apart, for which there are colours', () => {
    const six = { ...usage, metrics: usage.metrics?.slice(0, 6) ?? [] };
    expect(layersOf(six, 'amount').map(({ name }) => name)).toHaveLength(6);
    expect(layersOf({ series: [], as_of: '' }, 'amount')).toEqual([]);
  });
});

describe('the labels', () => {
  const hours = Array.from({ length: 48 }, (_, hour) =>
    new Date(NOW_MS - (NOW_MS % 3_600_000) + hour * 3_600_000).toISOString(),
  );

  it('are as many as fit, on round hours, and a day’s name at its midnight', () => {
    const labelled = labelledBuckets(hours, 'hour', 5).map((index) => bucketLabel(hours[index] ?? '', 'hour'));
    expect(labelled).toEqual(['Apr 1', '12:00', 'Apr 2', '12:00']);
    expect(labelledBuckets(hours, 'hour', 48)).toHaveLength(48);
    expect(labelledBuckets(['2025-12-01T00:00:00Z', '2026-01-01T00:00:00Z'], 'month', 1)).toEqual([1]);
  });

  it('say that they are UTC', () => {
    expect(bucketName('2026-04-01T05:00:00.000Z', 'hour')).toBe('Apr 1, 2026, 05:00 UTC');
    expect(bucketName('2026-04-01T00:00:00.000Z', 'month')).toBe('April 2026');
  });
});
