import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIdempotencyKey, parseMetric } from '../../lambdas/domain/ids.ts';
import { QUANTITY_MAX } from '../../lambdas/domain/money.ts';
import { bookingPeriod, effectiveDate, payloadHash, type UsagePayload } from '../../lambdas/domain/usage-event.ts';
import { eventId, instant, metric, NOW, quantity, tenantId, usageEvent } from '../support/events.ts';

/** Texts full of what a careless encoding would use as a separator. */
const tricky = fc.string({
  unit: fc.constantFrom('a', '"', ',', '\\', '[', ']', '#', ':', '|', '\n', '1', 'é', '\uffff'),
  minLength: 1,
  maxLength: 6,
});

const payloads: fc.Arbitrary<UsagePayload> = fc.record({
  tenant: fc.stringMatching(/^[a-c_0-1]{1,3}$/).map(tenantId),
  eventId: tricky.filter((text) => parseIdempotencyKey(text) !== undefined).map((key) => eventId(`api:${key}`)),
  metric: tricky.filter((text) => parseMetric(text) !== undefined).map(metric),
  quantity: fc.bigInt({ min: 1n, max: QUANTITY_MAX }).map(quantity),
  eventDate: fc.option(fc.constantFrom(NOW, instant('2026-01-01T00:00:00Z'))),
});

describe('a payload hash', () => {
  it('is the same for the same payload, and for no other', () => {
    fc.assert(
      fc.property(payloads, payloads, (left, right) => {
        const same = JSON.stringify(fieldsOf(left)) === JSON.stringify(fieldsOf(right));
        expect(payloadHash(left) === payloadHash(right)).toBe(same);
        expect(payloadHash({ ...left })).toBe(payloadHash(left));
      }),
      { numRuns: 500 },
    );
  });

  it('changes with every field', () => {
    fc.assert(
      fc.property(payloads, payloads, (base, other) => {
        for (const field of ['tenant', 'eventId', 'metric', 'quantity', 'eventDate'] as const) {
          const changed = { ...base, [field]: other[field] };
          expect(payloadHash(changed) === payloadHash(base)).toBe(base[field] === other[field]);
        }
      }),
    );
  });

  it('cannot be moved from one field into the next', () => {
    const split = (id: string, name: string) =>
      payloadHash({ ...usageEvent('k'), eventId: eventId(`api:${id}`), metric: metric(name) });
    expect(split('a","b', 'c')).not.toBe(split('a', 'b","c'));
    expect(split('ab', 'c')).not.toBe(split('a', 'bc'));
  });

  it('tells an absent date from every explicit one, the moment of acceptance included', () => {
    const absent = usageEvent('k', { eventDate: null });
    expect(payloadHash(absent)).not.toBe(payloadHash({ ...absent, eventDate: absent.receivedAt }));
  });

  it('does not cover what was fixed at acceptance, so that a replay at any age is the same payload', () => {
    const first = usageEvent('k');
    const later = { ...first, receivedAt: instant('2027-01-01T00:00:00Z'), priceVersion: 9 };
    expect(payloadHash(later)).toBe(payloadHash(first));
  });

  it('of a known payload never changes: stored hashes must go on matching', () => {
    expect(payloadHash(usageEvent('k'))).toBe('0e024441f0d07b1d3026673e81ae0e76e64e829bc10c6e4fef6d31fe0175068d');
  });
});

describe('an event', () => {
  it('without a date happened when it was accepted', () => {
    const event = usageEvent('k', { receivedAt: instant('2026-05-31T23:59:59.999Z') });
    expect(effectiveDate(event)).toBe('2026-05-31T23:59:59.999Z');
    expect(bookingPeriod(event)).toBe('2026-05');
  });

  it('that is late books into the month it was accepted in and keeps its date', () => {
    const event = usageEvent('k', { eventDate: instant('2026-01-05T00:00:00Z'), receivedAt: NOW });
    expect(bookingPeriod(event)).toBe('2026-03');
    expect(effectiveDate(event)).toBe('2026-01-05T00:00:00.000Z');
  });
});

function fieldsOf({ tenant, eventId: id, metric: name, quantity: count, eventDate }: UsagePayload) {
  return [tenant, id, name, count.toString(), eventDate];
}
