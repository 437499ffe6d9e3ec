import { timePartition } from '../../lambdas/storage/keys.ts';
import { type Load, OnDemandTable } from './partitions.ts';
import type { Spread } from './spread.ts';
import { INDEX_UNITS, MARKER_UNITS } from './units.ts';

const MINUTES_PER_HOUR = 60;
const HOURS = 24;

const SAMPLED_KEYS = 2_000;

/** Less than this goes unnoticed: the SDK sends it again. */
const NOTICED = 0.001;

export interface WarmUp {
  readonly what: string;
  readonly eventsPerSecond: number;
  /** Minutes in which a noticeable share was refused, of the first hour, the second, and the last of a day. */
  readonly throttledMinutes: readonly [first: number, second: number, last: number];
  readonly partitions: number;
}

/** A table with an even load from its first minute on, for a day. `loadsOf` says what an hour's keys take. */
function warmUpOf(what: string, eventsPerSecond: number, loadsOf: (hour: number) => readonly Load[]): WarmUp {
  const table = new OnDemandTable();
  const throttled: number[] = [];
  for (let hour = 0; hour < HOURS; hour += 1) {
    const loads = loadsOf(hour);
    let minutes = 0;
    for (let minute = 0; minute < MINUTES_PER_HOUR; minute += 1) if (table.minute(loads) > NOTICED) minutes += 1;
    throttled.push(minutes);
  }
  const [first = 0, second = 0] = throttled;
  return {
    what,
    eventsPerSecond,
    throttledMinutes: [first, second, throttled.at(-1) ?? 0],
    partitions: table.partitions,
  };
}

/** New tables under so many events of many small tenants: the time index, whose keys are new each hour, and two whose keys stay. */
export function warmUps(eventsPerSecond: number, spread: Spread): WarmUp[] {
  const loads = (shares: ReadonlyMap<string, number>, units: number): Load[] =>
    [...shares].map(([key, share]) => ({ key, units: share * eventsPerSecond * units }));
  const markers = loads(sampleOf(spread.markers), MARKER_UNITS);
  const shards = [...spread['time index'].values()];
  // The same shares, under the names that the hours give them.
  const index = (hour: number) =>
    shards.map((share, shard) => ({
      key: timePartition(`2026-06-09T${String(hour).padStart(2, '0')}`, shard),
      units: share * eventsPerSecond * INDEX_UNITS,
    }));
  return [warmUpOf('time index', eventsPerSecond, index), warmUpOf('Ledger, markers', eventsPerSecond, () => markers)];
}

/** As many keys as show how an even load spreads, in the place of all. */
function sampleOf(shares: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const some = [...shares].slice(0, SAMPLED_KEYS);
  const sum = some.reduce((total, [, share]) => total + share, 0);
  return new Map(some.map(([key, share]) => [key, share / sum]));
}
