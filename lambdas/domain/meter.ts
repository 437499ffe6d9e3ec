import type { Branded } from './brand.ts';
import type { Metric } from './ids.ts';
import type { Instant } from './instant.ts';
import { receivableOf } from './journal.ts';
import { type AmountMinor, add } from './money.ts';
import type { JournalPage, LaneKey } from './page.ts';

/** A UTC calendar day, `YYYY-MM-DD`; texts sort as days do. */
export type Day = Branded<string, 'Day'>;

/** An hour of a UTC day, 0..23. */
export type Hour = Branded<number, 'Hour'>;

/** How much was used and what that was charged with, in minor units. */
export interface UsageSum {
  readonly quantity: bigint;
  readonly amountMinor: AmountMinor;
}

/** Which usage a meter counts: what one lane posted of one metric, dated on one day. */
export interface MeterKey extends LaneKey {
  readonly metric: Metric;
  readonly day: Day;
}

/** What a meter shows; an hour without usage has no sum. */
export type HourlySums = ReadonlyMap<Hour, UsageSum>;

const DAY_CHARS = 'YYYY-MM-DD'.length;
const DAY_PATTERN = /^\d{4}-\d{2}-\d{2}$/;

/** Every hour of a day, in order. */
export const HOURS: readonly Hour[] = Array.from({ length: 24 }, (_, hour) => hour as Hour);

export function dayOf(instant: Instant): Day {
  return instant.slice(0, DAY_CHARS) as Day;
}

export function parseDay(text: string): Day | undefined {
  return DAY_PATTERN.test(text) ? (text as Day) : undefined;
}

/** The first moment of a day. */
export function startOfDay(day: Day): Instant {
  return `${day}T00:00:00.000Z` as Instant;
}

export function hourOfDay(instant: Instant): Hour {
  return Number(instant.slice(DAY_CHARS + 1, DAY_CHARS + 3)) as Hour;
}

/** Adds up the usage of one lane's pages by metric, day and hour of the event's date; adjustments are no usage. */
export class MeterTally {
  readonly #meters = new Map<string, { readonly key: MeterKey; readonly hours: Map<Hour, UsageSum> }>();

  /** Counts a page, and gives the meters it moved, by their names. */
  count(page: JournalPage): ReadonlySet<string> {
    const { tenant, period, lane } = page;
    const moved = new Set<string>();
    for (const entry of page.entries) {
      const { kind, metric, quantity, eventDate } = entry;
      if (kind !== 'usage' || metric === null || quantity === null) continue;
      const key = { tenant, period, lane, metric, day: dayOf(eventDate) };
      const name = meterName(key);
      const meter = this.#meters.get(name) ?? { key, hours: new Map<Hour, UsageSum>() };
      this.#meters.set(name, meter);
      addTo(meter.hours, hourOfDay(eventDate), { quantity, amountMinor: receivableOf(entry) });
      moved.add(name);
    }
    return moved;
  }

  names(): Iterable<string> {
    return this.#meters.keys();
  }

  /** The meters of these names, or all. */
  meters(names: Iterable<string> = this.names()): { readonly key: MeterKey; readonly hours: HourlySums }[] {
    return [...names].flatMap((name) => this.#meters.get(name) ?? []);
  }
}

/** A meter's name within its lane. */
export function meterName({ day, metric }: MeterKey): string {
  return `${day}#${metric}`;
}

/** Adds usage to the sum under a key, which may have none yet. */
export function addTo<Key>(sums: Map<Key, UsageSum>, key: Key, { quantity, amountMinor }: UsageSum): void {
  const before = sums.get(key);
  const after = before && { quantity: before.quantity + quantity, amountMinor: add(before.amountMinor, amountMinor) };
  sums.set(key, after ?? { quantity, amountMinor });
}
