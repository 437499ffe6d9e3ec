import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AuditEntry,
  type AuditFacts,
  firstBrokenEntry,
  nextAuditEntry,
} from '../../lambdas/domain/audit-chain.ts';
import { instantOf } from '../../lambdas/domain/instant.ts';
import { must, NOW_MS, period } from '../support/events.ts';

const chain = { writer: 'admin', month: period('2026-03') } as const;

const facts: AuditFacts = {
  actor: { kind: 'admin', subject: 'ada', tenant: null },
  action: 'POST /periods/close',
  target: { tenant: 'tenant_alpha', period: '2026-02' },
  reason: 'month end',
  requestId: 'request-1',
  status: 200,
};

function chainOf(length: number): AuditEntry[] {
  const entries: AuditEntry[] = [];
  for (let index = 0; index < length; index += 1) {
    entries.push(nextAuditEntry(chain, entries.at(-1), facts, instantOf(NOW_MS + index)));
  }
  return entries;
}

/** Every edit of one entry that keeps its form. */
const edits: readonly ((entry: AuditEntry) => AuditEntry)[] = [
  (entry) => ({ ...entry, action: 'GET /audit' }),
  (entry) => ({ ...entry, actor: { ...entry.actor, kind: 'tenant' } }),
  (entry) => ({ ...entry, actor: { ...entry.actor, subject: 'eve' } }),
  (entry) => ({ ...entry, actor: { ...entry.actor, tenant: 'tenant_beta' } }),
  (entry) => ({ ...entry, target: { ...entry.target, tenant: 'tenant_beta' } }),
  (entry) => ({ ...entry, target: {} }),
  (entry) => ({ ...entry, reason: null }),
  (entry) => ({ ...entry, requestId: 'request-2' }),
  (entry) => ({ ...entry, status: 409 }),
  (entry) => ({ ...entry, status: null }),
  (entry) => ({ ...entry, at: instantOf(NOW_MS - 1) }),
  (entry) => ({ ...entry, writer: 'reconcile' }),
  (entry) => ({ ...entry, month: period('2026-04') }),
];

describe('an audit chain', () => {
  it('holds as it was written, whole or from any entry on', () => {
    const entries = chainOf(5);
    expect(entries.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
    expect(firstBrokenEntry(entries, undefined)).toBeUndefined();
    for (let from = 1; from < 5; from += 1) {
      expect(firstBrokenEntry(entries.slice(from), entries[from - 1])).toBeUndefined();
    }
    expect(firstBrokenEntry([], undefined)).toBeUndefined();
  });

  it('breaks where an entry was edited, taken out, doubled or moved', () => {
    fc.assert(
      fc.property(fc.nat({ max: 4 }), fc.constantFrom(...edits), (place, edit) => {
        const entries = chainOf(6);
        const edited = entries.map((entry, index) => (index === place ? edit(entry) : entry));
        expect(firstBrokenEntry(edited, undefined)).toBe(place + 1);
        const without = entries.filter((_, index) => index !== place);
        expect(firstBrokenEntry(without, undefined)).toBe(place + 2);
        const doubled = entries.flatMap((entry, index) => (index === place ? [entry, entry] : [entry]));
        expect(firstBrokenEntry(doubled, undefined)).toBe(place + 1);
      }),
    );
    expect(firstBrokenEntry(chainOf(2).reverse(), undefined)).toBe(2);
  });

  it('breaks behind an entry that was written anew with a hash of its own', () => {
    const entries = chainOf(3);
    const [first, second, third] = entries.map((entry) => must(entry));
    const rewritten = nextAuditEntry(chain, first, { ...facts, reason: 'another' }, must(second).at);
    expect(firstBrokenEntry([must(first), rewritten, must(third)], undefined)).toBe(3);
  });

  it('never runs backwards in time', () => {
    const first = nextAuditEntry(chain, undefined, facts, instantOf(NOW_MS));
    expect(nextAuditEntry(chain, first, facts, instantOf(NOW_MS - 5_000)).at).toBe(first.at);
  });
});
