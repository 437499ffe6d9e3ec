import { beforeAll, describe, expect, it } from 'vitest';
import { type CountedEvents, countedSample } from '../../localstack/cost/counted-sample.ts';
import { countOf, type Tally } from '../../localstack/cost/tally.ts';

/** What the design of record expects of each table, its index included (docs/performance.md has the lone event's as well). */
function writeUnitsOfBooks(tally: Tally): number {
  const tables = ['UsageIntake', 'UsageIntake.by_time', 'Ledger', 'Balances'];
  return tables.reduce((sum, table) => sum + countOf(tally, `write ${table}`), 0);
}

describe('a lone event', () => {
  let counted: CountedEvents;
  beforeAll(async () => {
    counted = await countedSample({ events: 30_000, batch: 1 });
  });

  it('takes eight write units: intake, its index, and twice marker, page and head', () => {
    const { way } = counted;
    expect(countOf(way, 'write UsageIntake')).toBe(1);
    expect(countOf(way, 'write UsageIntake.by_time')).toBe(1);
    expect(countOf(way, 'write Ledger')).toBe(4);
    expect(countOf(way, 'write Balances')).toBe(2);
  });

  it('is one invocation of each function on its way, and one message sent, received and deleted', () => {
    const { way, requestsPerEvent } = counted;
    expect(requestsPerEvent).toBe(1);
    const names = [
      'invoke ingest',
      'invoke consumer',
      'invoke projector',
      'send usage',
      'receive usage',
      'delete usage',
    ];
    for (const name of names) expect(countOf(way, name), name).toBe(1);
    expect(countOf(way, 'invoke guard')).toBe(0);
  });

  it('is looked at by the sweep once, and verified against both records', () => {
    expect(countOf(counted.swept, 'read Ledger')).toBe(0.5);
    expect(countOf(counted.verifiedNew, 'read UsageIntake')).toBeCloseTo(1, 1);
    expect(countOf(counted.verifiedAgain, 'read UsageIntake')).toBeCloseTo(1.1, 1);
  });
});

describe('a hundred events in a request', () => {
  let counted: CountedEvents;
  beforeAll(async () => {
    counted = await countedSample({ events: 1_000_000, batch: 100 });
  });

  it('take 5.6 write units each: the intake in a transaction, markers, and pages and heads shared by fifty', () => {
    const { way } = counted;
    expect(countOf(way, 'write UsageIntake')).toBe(2);
    expect(countOf(way, 'write UsageIntake.by_time')).toBe(1);
    expect(countOf(way, 'write Ledger')).toBeCloseTo(2.5, 1);
    expect(countOf(way, 'write Balances')).toBeCloseTo(0.04, 3);
    expect(writeUnitsOfBooks(way)).toBeCloseTo(5.6, 1);
  });

  it('share a request, two messages and what goes with them', () => {
    expect(countOf(counted.way, 'invoke ingest')).toBe(0.01);
    expect(countOf(counted.way, 'send usage')).toBe(0.01);
    expect(countOf(counted.way, 'write RateLimits')).toBe(0.01);
  });

  it('lie in the tables as many bytes as are billed: some hundred an item, and a hundred more that DynamoDB adds', () => {
    expect(counted.storedBytes.get('UsageIntake')).toBeGreaterThan(500);
    expect(counted.storedBytes.get('UsageIntake')).toBeLessThan(1_024);
    expect(counted.storedBytes.get('Ledger')).toBeGreaterThan(400);
  });
});
