import { describe, expect, it } from 'vitest';
import { type Load, OnDemandTable } from '../../localstack/scaling/partitions.ts';

function even(keys: number, units: number): Load[] {
  return Array.from({ length: keys }, (_, index) => ({ key: `key-${index}`, units: units / keys }));
}

/** The share refused in the last of so many minutes. */
function refusedAfter(minutes: number, loads: readonly Load[], table = new OnDemandTable()): number {
  let refused = 0;
  for (let minute = 0; minute < minutes; minute += 1) refused = table.minute(loads);
  return refused;
}

describe('an on-demand table', () => {
  it('takes four thousand units from its first minute on, spread over its partitions', () => {
    expect(refusedAfter(1, even(10_000, 3_500))).toBeCloseTo(0, 6);
    expect(refusedAfter(1, even(10_000, 8_000))).toBeCloseTo(0.5, 1);
  });

  it('takes double its peak half an hour later, once its partitions have split', () => {
    expect(refusedAfter(90, even(10_000, 8_000))).toBeCloseTo(0, 6);
  });

  it('never takes more than its quota', () => {
    expect(refusedAfter(24 * 60, even(10_000, 80_000))).toBeCloseTo(0.5, 1);
  });

  it('never takes more than a thousand units for one key, however long it waits', () => {
    expect(refusedAfter(24 * 60, [{ key: 'hot', units: 2_000 }])).toBeCloseTo(0.5, 6);
  });

  it('parts two hot keys that lie together', () => {
    const table = new OnDemandTable();
    const hot = Array.from({ length: 12 }, (_, index) => ({ key: `hot-${index}`, units: 300 }));
    expect(refusedAfter(1, hot, table)).toBeGreaterThan(0);
    expect(refusedAfter(60, hot, table)).toBeCloseTo(0, 6);
    expect(table.partitions).toBeGreaterThan(4);
  });
});
