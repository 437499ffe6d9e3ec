import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareInstants, epochMsOf, instantOf, isAfter, parseInstant } from '../../lambdas/domain/instant.ts';
import { instant } from '../support/events.ts';

describe('a timestamp of RFC 3339', () => {
  it.each([
    ['2026-01-31T23:59:59Z', '2026-01-31T23:59:59.000Z'],
    ['2026-01-31t23:59:59z', '2026-01-31T23:59:59.000Z'],
    ['2026-01-31T23:59:59-01:00', '2026-02-01T00:59:59.000Z'],
    ['2026-03-01T00:30:00+05:30', '2026-02-28T19:00:00.000Z'],
    ['2024-02-29T12:00:00+23:59', '2024-02-28T12:01:00.000Z'],
    ['2026-01-01T00:00:00-00:00', '2026-01-01T00:00:00.000Z'],
    ['2000-02-29T00:00:00Z', '2000-02-29T00:00:00.000Z'],
    ['2026-01-01T00:00:00.5Z', '2026-01-01T00:00:00.500Z'],
    ['2026-01-01T00:00:00.120000000Z', '2026-01-01T00:00:00.120Z'],
    ['2026-01-01T00:00:00.123456789Z', '2026-01-01T00:00:00.123456789Z'],
    ['2026-01-01T00:00:00.000000001+01:00', '2025-12-31T23:00:00.000000001Z'],
    ['0000-01-01T00:00:00Z', '0000-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('%s is %s', (text, normal) => {
    expect(parseInstant(text)).toBe(normal);
  });

  it.each([
    ['a date alone', '2026-01-01'],
    ['no zone', '2026-01-01T00:00:00'],
    ['no seconds', '2026-01-01T00:00Z'],
    ['a space for the T', '2026-01-01 00:00:00Z'],
    ['30 February', '2026-02-30T00:00:00Z'],
    ['29 February of a common year', '2026-02-29T00:00:00Z'],
    ['29 February of 1900', '1900-02-29T00:00:00Z'],
    ['31 April', '2026-04-31T00:00:00Z'],
    ['month 13', '2026-13-01T00:00:00Z'],
    ['month 0', '2026-00-01T00:00:00Z'],
    ['day 0', '2026-01-00T00:00:00Z'],
    ['hour 24', '2026-01-01T24:00:00Z'],
    ['minute 60', '2026-01-01T00:60:00Z'],
    ['a leap second', '2016-12-31T23:59:60Z'],
    ['an offset of 24 hours', '2026-01-01T00:00:00+24:00'],
    ['an offset of 60 minutes', '2026-01-01T00:00:00+00:60'],
    ['an offset without colon', '2026-01-01T00:00:00+0100'],
    ['an empty fraction', '2026-01-01T00:00:00.Z'],
    ['a comma', '2026-01-01T00:00:00,5Z'],
    ['ten digits of fraction', '2026-01-01T00:00:00.1234567890Z'],
    ['a five-digit year', '12026-01-01T00:00:00Z'],
    ['a year pushed below 0000', '0000-01-01T00:00:00+00:01'],
    ['a year pushed over 9999', '9999-12-31T23:59:59-00:01'],
    ['a signed year', '+02026-01-01T00:00:00Z'],
    ['space around', ' 2026-01-01T00:00:00Z'],
    ['a line break at the end', '2026-01-01T00:00:00Z\n'],
    ['other digits', '２０２６-01-01T00:00:00Z'],
    ['nothing', ''],
  ])('may not have %s', (_, text) => {
    expect(parseInstant(text)).toBeUndefined();
  });
});

const moments = fc.record({
  ms: fc.integer({ min: Date.parse('1000-01-02T00:00:00Z'), max: Date.parse('9999-12-30T00:00:00Z') }),
  nanoseconds: fc.nat({ max: 999_999 }),
});

/** A spelling of a moment at an offset of so many minutes, with so many needless zeros. */
function spelled({ ms, nanoseconds }: { ms: number; nanoseconds: number }, offset: number, zeros: number): string {
  const local = new Date(ms + offset * 60_000).toISOString().slice(0, -1);
  const below = String(nanoseconds).padStart(6, '0').replace(/0+$/, '');
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
  return `${local}${`${below}${'0'.repeat(zeros)}`.slice(0, 6)}${zone}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

const offsets = fc.integer({ min: -23 * 60 - 59, max: 23 * 60 + 59 });

describe('instants', () => {
  it('are equal texts exactly when they are the same moment, however they were spelled', () => {
    fc.assert(
      fc.property(moments, offsets, offsets, fc.nat({ max: 6 }), (moment, here, there, zeros) => {
        const parsed = instant(spelled(moment, here, zeros));
        expect(instant(spelled(moment, there, 0))).toBe(parsed);
        expect(epochMsOf(parsed)).toBe(moment.ms);
        expect(instant(parsed)).toBe(parsed);
      }),
    );
  });

  it('are ordered as moments are, down to the nanosecond', () => {
    const close = fc.tuple(moments, fc.nat({ max: 1 }), fc.nat({ max: 999_999 }));
    fc.assert(
      fc.property(close, fc.boolean(), ([left, apart, nanoseconds], swap) => {
        const right = { ms: left.ms + apart, nanoseconds };
        const [a, b] = swap ? [right, left] : [left, right];
        const expected = Math.sign(a.ms - b.ms || a.nanoseconds - b.nanoseconds);
        const [first, second] = [instant(spelled(a, 0, 0)), instant(spelled(b, 0, 0))];
        expect(Math.sign(compareInstants(first, second))).toBe(expected);
        expect(isAfter(first, second)).toBe(expected > 0);
      }),
    );
  });

  it('read from a clock sort as texts', () => {
    fc.assert(
      fc.property(moments, moments, (left, right) => {
        expect(instantOf(left.ms) < instantOf(right.ms)).toBe(left.ms < right.ms);
      }),
    );
  });
});
