import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantOf } from '../../lambdas/domain/instant.ts';
import { naturalPeriod, nextPeriod, parsePeriod, periodOf } from '../../lambdas/domain/period.ts';
import { isWithinWindow } from '../../lambdas/domain/window.ts';
import { instant, period } from '../support/events.ts';

const times = fc.integer({ min: Date.parse('1971-01-01'), max: Date.parse('9998-12-31') });

describe('a period', () => {
  it.each(['2026-01', '2026-12', '0001-01', '9999-12'])('may be %s', (text) => {
    expect(parsePeriod(text)).toBe(text);
  });

  it.each(['2026-00', '2026-13', '2026-1', '26-01', '2026-01-01', '2026-01\n', '202６-01', ''])(
    'may not be %j',
    (text) => {
      expect(parsePeriod(text)).toBeUndefined();
    },
  );

  it('is followed by the month the calendar has next', () => {
    fc.assert(
      fc.property(times, (ms) => {
        const date = new Date(ms);
        const next = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1));
        expect(nextPeriod(periodOf(instantOf(ms)))).toBe(periodOf(instantOf(next.getTime())));
      }),
    );
    expect(nextPeriod(period('2026-12'))).toBe('2027-01');
    expect(nextPeriod(period('2026-09'))).toBe('2026-10');
    expect(nextPeriod(period('0009-12'))).toBe('0010-01');
  });

  it('of usage is the later of the months it happened and was accepted in, by UTC', () => {
    fc.assert(
      fc.property(times, times, (happened, accepted) => {
        const later = periodOf(instantOf(Math.max(happened, accepted)));
        expect(naturalPeriod(instantOf(happened), instantOf(accepted))).toBe(later);
      }),
    );
    expect(naturalPeriod(instant('2026-04-01T00:30:00+01:00'), instant('2026-03-31T23:45:00Z'))).toBe('2026-03');
  });
});

describe('the window for event dates', () => {
  const now = instant('2026-03-15T12:00:00Z');

  it.each([
    ['2025-03-15T12:00:00.001Z', true],
    ['2025-03-15T12:00:00Z', false],
    ['2025-03-15T11:59:59.999Z', false],
    ['2026-03-16T11:59:59.999Z', true],
    ['2026-03-16T12:00:00Z', false],
    ['2026-03-15T12:00:00Z', true],
    ['1970-01-01T00:00:00Z', false],
    ['9999-12-31T23:59:59Z', false],
  ])('has %s inside: %s', (text, inside) => {
    expect(isWithinWindow(instant(text), now)).toBe(inside);
  });

  it('opens on 1 March when there was no 29 February a year ago', () => {
    const leapDay = instant('2024-02-29T12:00:00Z');
    expect(isWithinWindow(instant('2023-03-01T12:00:00.001Z'), leapDay)).toBe(true);
    expect(isWithinWindow(instant('2023-03-01T12:00:00Z'), leapDay)).toBe(false);
  });
});
