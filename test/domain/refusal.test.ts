import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantOf } from '../../lambdas/domain/instant.ts';
import { afterFailure, type Failure, type Refusal, settles } from '../../lambdas/domain/refusal.ts';
import { maySucceed } from '../../lambdas/domain/refusal-change.ts';
import { payloadHash } from '../../lambdas/domain/usage-event.ts';
import { alpha, eventId, NOW_MS, quantity, usageEvent } from '../support/events.ts';

const [own, other] = [1, 2].map((count) => payloadHash(usageEvent('k', { quantity: quantity(count) })));

const failures: fc.Arbitrary<Failure> = fc.record({
  tenant: fc.constant(alpha),
  eventId: fc.constant(eventId('api:k')),
  payloadHash: fc.constantFrom(own ?? payloadHash(usageEvent('k')), other ?? payloadHash(usageEvent('k'))),
  final: fc.boolean(),
  reason: fc.constantFrom('a', 'b'),
  at: fc.integer({ min: -1_000, max: 1_000 }).map((offset) => instantOf(NOW_MS + offset)),
  deliveries: fc.integer({ min: 1, max: 5 }),
});

describe('a refusal', () => {
  it('counts what befalls its payload, never runs back in time, and once final says the same for ever', () => {
    fc.assert(
      fc.property(fc.array(failures, { minLength: 1, maxLength: 8 }), (story) => {
        let refusal: Refusal | undefined;
        for (const failure of story) {
          const before: Refusal | undefined = refusal;
          const after = afterFailure(before, failure);
          refusal = after ?? before;
          if (before === undefined || after === undefined) {
            expect(after === undefined).toBe(before?.final === true && before.payloadHash !== failure.payloadHash);
            continue;
          }
          const isSame = before.payloadHash === failure.payloadHash;
          expect(after.attempts).toBe((isSame ? before.attempts : 0) + failure.deliveries);
          if (isSame) expect([after.firstAt, after.lastAt >= before.lastAt]).toEqual([before.firstAt, true]);
          if (before.final) {
            const { attempts, lastAt } = after;
            expect(after).toEqual({ ...before, attempts, lastAt });
          } else {
            expect([after.final, after.reason]).toEqual([failure.final, failure.reason]);
          }
          expect(maySucceed(before, after)).toBe(true);
        }
      }),
    );
  });

  it('settles nothing but its own payload, and only when it is final', () => {
    fc.assert(
      fc.property(failures, failures, (failure, { payloadHash: hash }) => {
        const refusal = afterFailure(undefined, failure);
        expect(refusal && settles(refusal, hash)).toBe(failure.final && failure.payloadHash === hash);
      }),
    );
  });
});
