import { describe, expect, it } from 'vitest';
import { adjustmentEntry, usageEntry } from '../../lambdas/domain/journal.ts';
import { MeterTally } from '../../lambdas/domain/meter.ts';
import { amountMinor } from '../../lambdas/domain/money.ts';
import { emptyHead, headAfter, nextPage } from '../../lambdas/domain/page.ts';
import type { UsageEvent } from '../../lambdas/domain/usage-event.ts';
import { adjustmentEvent, instant, laneKey, metric, NOW, quantity, usageEvent } from '../support/events.ts';

const used = (key: string, count: number, cost: bigint, changes: Partial<UsageEvent> = {}) =>
  usageEntry(usageEvent(key, { quantity: quantity(count), ...changes }), amountMinor(cost));

const late = { eventDate: instant('2026-03-02T23:59:59.999Z') };
const storage = { metric: metric('storage_gb_hour') };

describe('a tally of pages', () => {
  const empty = emptyHead(laneKey());
  const first = nextPage(empty, [used('a', 2, 20n), used('b', 3, 30n, late), used('c', 1, 5n, storage)], NOW);
  const second = nextPage(headAfter(empty, first), [used('d', 4, 40n), adjustmentEntry(adjustmentEvent('x'))], NOW);

  it('adds quantities and charges by metric, and by the day and hour of the event’s own date; adjustments are no usage', () => {
    const tally = new MeterTally();
    expect([...tally.count(first)].sort()).toEqual([
      '2026-03-02#api_call',
      '2026-03-15#api_call',
      '2026-03-15#storage_gb_hour',
    ]);
    expect([...tally.count(second)]).toEqual(['2026-03-15#api_call']);
    const shown = tally.meters().map(({ key, hours }) => [key, [...hours]]);
    const meter = (day: string, name: string, hour: number, sum: object) => [
      { ...laneKey(), day, metric: name },
      [[hour, sum]],
    ];
    expect(shown).toEqual([
      meter('2026-03-15', 'api_call', 12, { quantity: 6n, amountMinor: 60n }),
      meter('2026-03-02', 'api_call', 23, { quantity: 3n, amountMinor: 30n }),
      meter('2026-03-15', 'storage_gb_hour', 12, { quantity: 1n, amountMinor: 5n }),
    ]);
  });

  it('gives the meters of some names alone', () => {
    const tally = new MeterTally();
    tally.count(first);
    expect(tally.meters(['2026-03-02#api_call', '2026-03-02#none']).map(({ key }) => key.day)).toEqual(['2026-03-02']);
  });
});
