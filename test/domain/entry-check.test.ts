import { describe, expect, it } from 'vitest';
import { entryFaults, monthsRolledPast } from '../../lambdas/domain/entry-check.ts';
import type { JournalEntry } from '../../lambdas/domain/journal.ts';
import { amountMinor } from '../../lambdas/domain/money.ts';
import { entry, instant, lane, metric, period, quantity } from '../support/events.ts';

const expected = entry('k', 5n);
const usage = lane(3);

const edits: readonly (readonly [string, string, (one: JournalEntry) => JournalEntry])[] = [
  ['its kind', 'kind_mismatch', (one) => ({ ...one, kind: 'adjustment' })],
  ['its price version', 'price_version_mismatch', (one) => ({ ...one, priceVersion: 2 })],
  ['its price version to none', 'price_version_mismatch', (one) => ({ ...one, priceVersion: null })],
  ['its amount', 'amount_mismatch', () => entry('k', 6n)],
  ['its sign', 'amount_mismatch', () => entry('k', -5n)],
  ['its postings to none', 'amount_mismatch', (one) => ({ ...one, postings: [] })],
  [
    'an account',
    'malformed_entry',
    (one) => ({
      ...one,
      postings: one.postings.map((each) =>
        each.account === 'revenue' ? { ...each, account: 'adjustments' as const } : each,
      ),
    }),
  ],
  [
    'a third posting that adds up to nothing',
    'malformed_entry',
    (one) => ({ ...one, postings: [...one.postings, { account: 'revenue' as const, amountMinor: amountMinor(0n) }] }),
  ],
  ['its transaction id', 'altered_entry', (one) => ({ ...one, txnId: entry('other').txnId })],
  ['its metric', 'altered_entry', (one) => ({ ...one, metric: metric('storage_gb_hour') })],
  ['its quantity', 'altered_entry', (one) => ({ ...one, quantity: quantity(9) })],
  ['its date', 'altered_entry', (one) => ({ ...one, eventDate: instant('2026-03-01T00:00:00Z') })],
];

describe('an entry', () => {
  it('that is what its intake record gives has no fault', () => {
    expect(entryFaults(entry('k', 5n), expected, usage)).toEqual([]);
  });

  it('may have its postings in any order', () => {
    expect(entryFaults({ ...expected, postings: [...expected.postings].reverse() }, expected, usage)).toEqual([]);
  });

  it.each(edits)('altered in %s is a %s', (_, type, edit) => {
    expect(entryFaults(edit(expected), expected, usage).map((fault) => fault.type)).toContain(type);
  });

  it('of usage has no place in the lane of adjustments', () => {
    expect(entryFaults(expected, expected, lane(16))).toEqual([
      expect.objectContaining({ type: 'kind_mismatch', expected: 'adjustment', posted: 'usage' }),
    ]);
  });
});

describe('the months an entry was rolled past', () => {
  it('are those from its own up to the one before it, over years too', () => {
    expect([...monthsRolledPast(period('2026-03'), period('2026-03'))]).toEqual([]);
    expect([...monthsRolledPast(period('2025-11'), period('2026-02'))]).toEqual(['2025-11', '2025-12', '2026-01']);
  });

  it('do not exist for an entry before its own', () => {
    expect([...monthsRolledPast(period('2026-03'), period('2026-02'))]).toEqual([]);
  });
});
