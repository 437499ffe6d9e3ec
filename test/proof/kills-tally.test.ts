import { describe, expect, it } from 'vitest';
import type { Audit } from '../support/audit.ts';
import { compare } from './kills/books.ts';
import { adjustment, apiUsage, delivery } from './kills/intent.ts';
import { Tally } from './kills/tally.ts';

const usage = apiUsage({ tenant: 't', key: 'k', metric: 'storage_gb_hour', quantity: 3 });
const other = apiUsage({ tenant: 't', key: 'k', metric: 'storage_gb_hour', quantity: 4 });
const credit = adjustment({ tenant: 't', key: 'k', amount: -7 });
const delivered = delivery({ tenant: 't', key: 'k', metric: 'api_call', quantity: 10 ** 12 });

function tallyOf(...accepted: readonly (typeof usage)[]): Tally {
  const tally = new Tally();
  for (const intent of accepted) tally.accept(intent);
  return tally;
}

describe("the callers' tally", () => {
  it('knows one event by its key, whatever door it came by, and what it must come to', () => {
    const tally = tallyOf(usage, credit, delivered, usage);
    expect([...tally.accepted].map(([name, { amountMinor }]) => [name, amountMinor])).toEqual([
      ['t api:k', 15n],
      ['t adj:k', -7n],
      ['tenant_alpha wh:whk_alpha_meterco:k', 10n ** 12n],
    ]);
    expect([tally.duplicates, tally.violations]).toEqual([1, []]);
  });

  it('does not let two payloads pass under one key', () => {
    expect(tallyOf(usage, other).violations).toEqual(['t api:k was accepted with two payloads']);
  });

  it('wants a reason for a conflict: another payload that was accepted', () => {
    const tally = tallyOf(usage);
    tally.refuse(other);
    expect([tally.conflicts, tally.unfoundedConflicts()]).toEqual([1, []]);
    tally.refuse(usage);
    expect(tally.unfoundedConflicts()).toHaveLength(1);
    const empty = tallyOf();
    empty.refuse(usage);
    expect(empty.unfoundedConflicts()).toHaveLength(1);
  });
});

describe('the books, held against the tally', () => {
  const booksOf = (charges: readonly [string, bigint[]][], change: Partial<Audit> = {}): Audit => ({
    ...{ faults: [], lanes: [], refused: new Set(), accepted: new Set(charges.map(([name]) => name)) },
    ...{ charges: new Map(charges) },
    ...change,
  });

  it('are right when each event is charged once, with its amount', () => {
    const { violations, figures } = compare(
      booksOf([
        ['t api:k', [15n]],
        ['t adj:k', [-7n]],
      ]),
      tallyOf(usage, credit),
    );
    expect(violations).toEqual([]);
    expect(new Set(Object.values(figures))).toEqual(new Set([0]));
  });

  it.each<[string, Audit, string]>([
    ['an event that is not charged', booksOf([], { accepted: new Set(['t api:k']) }), 'accepted and never charged'],
    ['an event charged twice', booksOf([['t api:k', [15n, 15n]]]), 'charged more than once'],
    ['another amount', booksOf([['t api:k', [16n]]]), 'charged another amount'],
    [
      'an event nobody sent',
      booksOf([
        ['t api:k', [15n]],
        ['t api:x', [1n]],
      ]),
      'charged and never accepted',
    ],
    ['an event without a record', booksOf([['t api:k', [15n]]], { accepted: new Set() }), 'not in the intake'],
    ['a refusal', booksOf([['t api:k', [15n]]], { refused: new Set(['t api:y']) }), 'refused for good'],
    ['a broken book', booksOf([['t api:k', [15n]]], { faults: ['lane 3: gap'] }), 'lane 3: gap'],
  ])('show %s', (_, books, what) => {
    expect(compare(books, tallyOf(usage)).violations).toEqual([expect.stringContaining(what)]);
  });
});
