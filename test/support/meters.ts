import { type HourlySums, MeterTally } from '../../lambdas/domain/meter.ts';
import type { JournalPage } from '../../lambdas/domain/page.ts';
import { groupBy } from '../../lambdas/group-by.ts';
import { type Key, meterKey } from '../../lambdas/storage/keys.ts';

/** A meter by its key, with its quantities and amounts by hour; its mark left aside. */
export type ShownMeter = [key: string, sums: Record<string, unknown>];

/** What the meters must show for these pages of any lanes, by their keys. */
export function expectedMeters(pages: readonly JournalPage[]): Record<string, unknown> {
  const lanes = groupBy(pages, ({ tenant, period, lane }) => `${tenant} ${period} ${lane}`);
  const shown = [...lanes.values()].flatMap((ofLane) => {
    const tally = new MeterTally();
    for (const page of ofLane) tally.count(page);
    return tally.meters().map(({ key, hours }): ShownMeter => [textOf(meterKey(key)), attributesOf(hours)]);
  });
  return Object.fromEntries(shown.sort());
}

/** A meter as its item has it. */
export function shownMeter(item: Key & Record<string, unknown>): ShownMeter {
  const sums = Object.entries(item).filter(([name]) => /^[qa]\d\d$/.test(name));
  return [textOf(item), Object.fromEntries(sums.sort())];
}

function attributesOf(hours: HourlySums): Record<string, bigint> {
  const attributes = [...hours].flatMap(([hour, { quantity, amountMinor }]): [string, bigint][] => {
    const digits = String(hour).padStart(2, '0');
    return [
      [`q${digits}`, quantity],
      [`a${digits}`, amountMinor],
    ];
  });
  return Object.fromEntries(attributes.sort());
}

function textOf({ pk, sk }: Key): string {
  return `${pk} ${sk}`;
}
