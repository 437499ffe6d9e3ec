import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mayChange, type RefusalState } from '../../lambdas/domain/refusal-change.ts';
import { payloadHash } from '../../lambdas/domain/usage-event.ts';
import { instant, NOW, usageEvent } from '../support/events.ts';

const hash = payloadHash(usageEvent('k'));
const provisional: RefusalState = { final: false, payloadHash: hash, attempts: 1, lastAt: NOW };
const final: RefusalState = { ...provisional, final: true };
const later = instant('2026-03-15T12:00:01Z');
const earlier = instant('2026-03-15T11:59:59Z');

const states = fc.record({
  final: fc.boolean(),
  payloadHash: fc.constantFrom(hash, payloadHash(usageEvent('other'))),
  attempts: fc.nat({ max: 5 }),
  lastAt: fc.constantFrom(undefined, earlier, NOW, later),
});

describe('a refusal', () => {
  it('that is provisional may become a final one, or another', () => {
    expect(mayChange(provisional, final, false)).toBe(true);
    expect(mayChange(provisional, { ...provisional, attempts: 2, lastAt: later }, true)).toBe(true);
  });

  it('that is final may count another attempt with its payload', () => {
    expect(mayChange(final, { ...final, attempts: 2, lastAt: later }, true)).toBe(true);
    expect(mayChange(final, { ...final, attempts: 2 }, true)).toBe(true);
    expect(mayChange({ ...final, lastAt: undefined }, { ...final, attempts: 2 }, true)).toBe(true);
  });

  it.each<[string, RefusalState, boolean]>([
    ['become provisional', { ...provisional, attempts: 2, lastAt: later }, true],
    ['change its reason or its first time', { ...final, attempts: 2, lastAt: later }, false],
    ['change its payload', { ...final, payloadHash: payloadHash(usageEvent('x')), attempts: 2, lastAt: later }, true],
    ['forget attempts', { ...final, attempts: 0, lastAt: later }, true],
    ['move its time alone', { ...final, lastAt: later }, true],
    ['go back in time', { ...final, attempts: 2, lastAt: earlier }, true],
    ['lose its time', { ...final, attempts: 2, lastAt: undefined }, true],
  ])('that is final may not %s', (_, after, isOtherwiseEqual) => {
    expect(mayChange(final, after, isOtherwiseEqual)).toBe(false);
  });

  it('that is final stays so, with the same payload and more attempts, whatever changes it', () => {
    fc.assert(
      fc.property(states, states, fc.boolean(), (before, after, isOtherwiseEqual) => {
        if (!before.final || !mayChange(before, after, isOtherwiseEqual)) return;
        expect(after).toMatchObject({ final: true, payloadHash: before.payloadHash });
        expect(after.attempts).toBeGreaterThan(before.attempts);
        // No two states may each become the other.
        expect(mayChange(after, before, isOtherwiseEqual)).toBe(false);
      }),
    );
  });
});
