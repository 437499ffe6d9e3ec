import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterFailure, type Refusal } from '../../lambdas/domain/refusal.ts';
import { maySucceed } from '../../lambdas/domain/refusal-change.ts';
import { payloadHash } from '../../lambdas/domain/usage-event.ts';
import { alpha, eventId, instant, NOW, usageEvent } from '../support/events.ts';

const [hash, otherHash] = [payloadHash(usageEvent('k')), payloadHash(usageEvent('other'))];
const [earlier, later] = [instant('2026-03-15T11:59:59Z'), instant('2026-03-15T12:00:01Z')];

const event = { tenant: alpha, eventId: eventId('api:k') };
const final: Refusal = {
  ...{ ...event, final: true, reason: 'never', payloadHash: hash },
  ...{ firstAt: NOW, lastAt: NOW, attempts: 2 },
};
const again = { ...final, attempts: 3, lastAt: later };

const [reasons, hashes, times] = [
  fc.constantFrom('never', 'later'),
  fc.constantFrom(hash, otherHash),
  fc.constantFrom(earlier, NOW, later),
];
const refusals = fc.record({
  ...{ tenant: fc.constant(alpha), eventId: fc.constant(event.eventId), final: fc.boolean(), reason: reasons },
  ...{ payloadHash: hashes, firstAt: times, lastAt: times, attempts: fc.integer({ min: 1, max: 4 }) },
});
const failures = fc.record({
  ...{ tenant: fc.constant(alpha), eventId: fc.constant(event.eventId), final: fc.boolean(), reason: reasons },
  ...{ payloadHash: hashes, at: times, deliveries: fc.integer({ min: 1, max: 3 }) },
});

describe('a refusal', () => {
  it('may become whatever a failure makes of it', () => {
    fc.assert(
      fc.property(refusals, failures, (before, failure) => {
        const after = afterFailure(before, failure);
        if (after !== undefined) expect(maySucceed(before, after)).toBe(true);
      }),
    );
  });

  it.each<[string, Partial<Refusal>]>([
    ['become provisional', { final: false }],
    ['change its reason', { reason: 'later' }],
    ['change its payload', { payloadHash: otherHash }],
    ['change when it was first', { firstAt: earlier }],
    ['forget a failure', { attempts: 1 }],
    ['move its time alone', { attempts: 2 }],
    ['go back in time', { lastAt: earlier }],
  ])('that is final may not %s', (_, change) => {
    expect(maySucceed(final, again)).toBe(true);
    expect(maySucceed(final, { ...again, ...change })).toBe(false);
  });

  it('that is final stays so, and no change of one payload’s can be taken back', () => {
    fc.assert(
      fc.property(refusals, refusals, (before, after) => {
        if (!maySucceed(before, after)) return;
        if (before.final)
          expect(after).toMatchObject({ final: true, reason: before.reason, payloadHash: before.payloadHash });
        if (before.payloadHash === after.payloadHash) expect(maySucceed(after, before)).toBe(false);
      }),
    );
  });
});
