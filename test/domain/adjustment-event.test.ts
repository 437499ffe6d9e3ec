import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ADJUSTMENT_REASON_MAX_BYTES,
  type AdjustmentPayload,
  adjustmentHash,
  adjustmentPeriod,
  parseAdjustmentReason,
} from '../../lambdas/domain/adjustment-event.ts';
import { parseAdjustmentEventId, parseIdempotencyKey, parseUsageEventId } from '../../lambdas/domain/ids.ts';
import { adjustmentEntry, isBalanced, receivableOf, totalsAfter, zeroTotals } from '../../lambdas/domain/journal.ts';
import { ADJUSTMENT_MAX, parseAdjustmentAmount } from '../../lambdas/domain/money.ts';
import { adjustmentAmount, adjustmentEvent, eventId, instant, must, tenantId } from '../support/events.ts';

const amounts = fc
  .bigInt({ min: -ADJUSTMENT_MAX, max: ADJUSTMENT_MAX })
  .filter((value) => value !== 0n)
  .map(adjustmentAmount);

const tricky = fc.string({
  unit: fc.constantFrom('a', '"', ',', '\\', '[', ']', ':', '\n', '1', 'é', '\uffff'),
  minLength: 1,
  maxLength: 6,
});

const payloads: fc.Arbitrary<AdjustmentPayload> = fc.record({
  tenant: fc.stringMatching(/^[a-c_0-1]{1,3}$/).map(tenantId),
  eventId: tricky.filter((key) => parseIdempotencyKey(key) !== undefined).map((key) => eventId(`adj:${key}`)),
  amountMinor: amounts,
  reason: tricky.map((text) => must(parseAdjustmentReason(text))),
});

describe('an adjustment', () => {
  it('debits or credits the receivable against adjustments, and touches no revenue', () => {
    fc.assert(
      fc.property(amounts, (amountMinor) => {
        const entry = adjustmentEntry(adjustmentEvent('k', { amountMinor }));
        expect(isBalanced(entry)).toBe(true);
        expect(receivableOf(entry)).toBe(amountMinor);
        expect(entry).toMatchObject({ kind: 'adjustment', metric: null, quantity: null, priceVersion: null });
        const totals = { receivable: amountMinor, revenue: 0n, adjustments: -amountMinor };
        expect(totalsAfter(zeroTotals, [entry])).toEqual(totals);
      }),
    );
  });

  it('is dated and booked when it was accepted', () => {
    const event = adjustmentEvent('k', { receivedAt: instant('2026-12-31T23:59:59.999Z') });
    expect(adjustmentPeriod(event)).toBe('2026-12');
    expect(adjustmentEntry(event).eventDate).toBe('2026-12-31T23:59:59.999Z');
  });

  it.each([1n, -1n, ADJUSTMENT_MAX, -ADJUSTMENT_MAX])('may come to %s', (value) => {
    expect(parseAdjustmentAmount(value)).toBe(value);
  });

  it.each([0n, ADJUSTMENT_MAX + 1n, -ADJUSTMENT_MAX - 1n])('may not come to %s', (value) => {
    expect(parseAdjustmentAmount(value)).toBeUndefined();
  });

  it.each(['x', 'é'.repeat(512), '\uffff'])('may have the reason %j', (text) => {
    expect(parseAdjustmentReason(text)).toBe(text);
  });

  it.each(['', 'é'.repeat(ADJUSTMENT_REASON_MAX_BYTES / 2 + 1), 'a\0', '\ud800'])(
    'may not have the reason %j',
    (text) => {
      expect(parseAdjustmentReason(text)).toBeUndefined();
    },
  );

  it('has an id that usage can’t have, and no other', () => {
    for (const text of ['adj:k', 'adj:api:k']) {
      expect([parseAdjustmentEventId(text), parseUsageEventId(text)]).toEqual([text, undefined]);
    }
    for (const text of ['api:k', 'wh:a:k', 'api:adj:k']) {
      expect([parseAdjustmentEventId(text), parseUsageEventId(text)]).toEqual([undefined, text]);
    }
    expect(parseAdjustmentEventId('adj:')).toBeUndefined();
  });
});

describe('an adjustment’s payload hash', () => {
  it('is the same for the same payload, and for no other', () => {
    const fields = ({ tenant, eventId: id, amountMinor, reason }: AdjustmentPayload) =>
      JSON.stringify([tenant, id, amountMinor.toString(), reason]);
    fc.assert(
      fc.property(payloads, payloads, (left, right) => {
        expect(adjustmentHash(left) === adjustmentHash(right)).toBe(fields(left) === fields(right));
        for (const field of ['tenant', 'eventId', 'amountMinor', 'reason'] as const) {
          const changed = { ...left, [field]: right[field] };
          expect(adjustmentHash(changed) === adjustmentHash(left)).toBe(left[field] === right[field]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('does not cover the moment of acceptance, so that a replay at any age is the same payload', () => {
    const later = adjustmentEvent('k', { receivedAt: instant('2027-01-01T00:00:00Z') });
    expect(adjustmentHash(later)).toBe(adjustmentHash(adjustmentEvent('k')));
  });

  it('of a known payload never changes: stored hashes must go on matching', () => {
    expect(adjustmentHash(adjustmentEvent('k'))).toBe(
      '5a4ebd2db8645c1a952e71b39b59b9c55c5e336ce5bd9d769b45f2d08a35d3de',
    );
  });
});
