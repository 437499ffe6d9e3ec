import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gapsOf, type MonthRange, withMonth } from '../../lambdas/domain/month-ranges.ts';
import { nextPeriod, type Period } from '../../lambdas/domain/period.ts';
import { period } from '../support/events.ts';

const YEARS: Period[] = [];
for (let month = period('2024-11'); month < '2027-02'; month = nextPeriod(month)) YEARS.push(month);

const months = fc.shuffledSubarray(YEARS);

function rangesOf(added: readonly Period[]): MonthRange[] {
  return added.reduce<MonthRange[]>(withMonth, []);
}

describe('ranges of months', () => {
  it('hold what was added, in whatever order, in as few ranges as can be', () => {
    fc.assert(
      fc.property(months, (added) => {
        const ranges = rangesOf(added);
        const held = YEARS.filter((month) => ranges.some(({ from, to }) => from <= month && month <= to));
        expect(held).toEqual([...added].sort());
        for (const [index, { from, to }] of ranges.entries()) {
          expect(from <= to).toBe(true);
          const next = ranges[index + 1];
          expect(next === undefined || nextPeriod(to) < next.from).toBe(true);
        }
      }),
    );
  });

  it('have gaps in which every other month lies, once', () => {
    fc.assert(
      fc.property(months, (added) => {
        const gaps = gapsOf(rangesOf(added));
        for (const month of YEARS) {
          const around = gaps.filter(({ after, before }) => (!after || after < month) && (!before || month < before));
          expect(around).toHaveLength(added.includes(month) ? 0 : 1);
        }
      }),
    );
  });

  it('merge over the end of a year, and take no month twice', () => {
    expect(rangesOf([period('2025-12'), period('2026-01')])).toEqual([{ from: '2025-12', to: '2026-01' }]);
    expect(() => rangesOf([period('2025-12'), period('2026-01'), period('2025-12')])).toThrow(RangeError);
    expect(gapsOf([])).toEqual([{ after: undefined, before: undefined }]);
  });
});
