import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAdjustmentReason } from '../../lambdas/domain/adjustment-event.ts';
import { parseIdempotencyKey } from '../../lambdas/domain/ids.ts';
import { ADJUSTMENT_MAX } from '../../lambdas/domain/money.ts';
import { decodeAdjustmentMessage, encodeAdjustmentMessage } from '../../lambdas/storage/adjustment-message.ts';
import { decodeUsageMessage, encodeUsageMessage } from '../../lambdas/storage/usage-message.ts';
import {
  adjustmentAmount,
  adjustmentEvent,
  alpha,
  beta,
  eventId,
  must,
  requestId,
  usageEvent,
} from '../support/events.ts';

const texts = fc.string({ unit: 'binary', minLength: 1, maxLength: 30 });

const events = fc
  .record({
    key: texts.filter((text) => parseIdempotencyKey(text) !== undefined),
    reason: texts.filter((text) => parseAdjustmentReason(text) !== undefined),
    amount: fc.bigInt({ min: -ADJUSTMENT_MAX, max: ADJUSTMENT_MAX }).filter((value) => value !== 0n),
  })
  .map(({ key, reason, amount }) =>
    adjustmentEvent('k', {
      ...{ eventId: eventId(`adj:${key}`), amountMinor: adjustmentAmount(amount) },
      reason: must(parseAdjustmentReason(reason)),
      requestId: requestId('0f5b1c1e'),
    }),
  );

describe('an adjustment message', () => {
  it('comes out as it went in, in its tenant’s one group, and is no usage message', () => {
    fc.assert(
      fc.property(fc.array(events, { minLength: 1, maxLength: 5 }), (list) => {
        const { MessageBody, MessageGroupId } = encodeAdjustmentMessage({ tenant: alpha, events: list });
        expect(decodeAdjustmentMessage(MessageBody)).toEqual({ tenant: alpha, events: list });
        expect(MessageGroupId).toBe('tenant_alpha#16');
        expect(decodeUsageMessage(MessageBody)).toBeUndefined();
      }),
    );
  });

  it('is no usage message in another dress, nor the other way round', () => {
    const usage = JSON.parse(encodeUsageMessage({ tenant: alpha, events: [usageEvent('k')] }).MessageBody);
    const credit = JSON.parse(encodeAdjustmentMessage({ tenant: alpha, events: [adjustmentEvent('k')] }).MessageBody);
    for (const body of [usage, { version: 1, adjustments: usage.events }]) {
      expect(decodeAdjustmentMessage(JSON.stringify(body))).toBeUndefined();
    }
    for (const body of [credit, { version: 1, events: credit.adjustments }]) {
      expect(decodeUsageMessage(JSON.stringify(body))).toBeUndefined();
    }
  });

  const good = JSON.parse(encodeAdjustmentMessage({ tenant: alpha, events: [adjustmentEvent('k')] }).MessageBody);
  const withEvent = (changes: object) => ({ ...good, adjustments: [{ ...good.adjustments[0], ...changes }] });

  it.each([
    ['another version', { ...good, version: 2 }],
    ['no adjustments', { ...good, adjustments: [] }],
    ['two tenants', { ...good, adjustments: [good.adjustments[0], { ...good.adjustments[0], tenant: beta }] }],
    ['the id of usage', withEvent({ event_id: 'api:k' })],
    ['a number for an amount', withEvent({ amount_minor: 5 })],
    ['an amount of zero', withEvent({ amount_minor: '0' })],
    ['an amount too large', withEvent({ amount_minor: '1000000000001' })],
    ['a credit too large', withEvent({ amount_minor: '-1000000000001' })],
    ['an amount in hexadecimal', withEvent({ amount_minor: '0x10' })],
    ['no reason', withEvent({ reason: '' })],
    ['no moment of acceptance', withEvent({ received_at: undefined })],
  ])('is not one with %s', (_, body) => {
    expect(decodeAdjustmentMessage(JSON.stringify(body))).toBeUndefined();
  });
});
