import * as z from 'zod';
import { HOURS, type Hour, type HourlySums, type UsageSum } from '../domain/meter.ts';
import { amountMinor } from '../domain/money.ts';
import { readItem, stored } from './item.ts';

/**
 * Up to which page a meter, or a whole lane, has been counted, and in which generation. Each rebuild of a lane begins a
 * generation; what is left over from an older one counts for nothing.
 */
export interface MeterMark {
  readonly seq: number;
  readonly generation: number;
}

export const markSchema = z.object({ seq: stored.count, generation: stored.count });

/** A meter's attributes: `q09` and `a09` are quantity and amount of the hour from 09:00. */
const hourNames = HOURS.map((hour) => {
  const digits = String(hour).padStart(2, '0');
  return { hour, quantity: `q${digits}`, amount: `a${digits}` };
});

const sumsSchema = z.object(
  Object.fromEntries(
    hourNames.flatMap(({ quantity, amount }) => [
      [quantity, z.bigint().optional()],
      [amount, z.bigint().optional()],
    ]),
  ),
);

export function attributesOf(sums: HourlySums): Record<string, bigint> {
  const attributes: Record<string, bigint> = {};
  for (const { hour, quantity, amount } of hourNames) {
    const usage = sums.get(hour);
    if (usage === undefined) continue;
    attributes[quantity] = usage.quantity;
    attributes[amount] = usage.amountMinor;
  }
  return attributes;
}

export function sumsOf(item: Record<string, unknown>): Map<Hour, UsageSum> {
  const attributes = readItem(sumsSchema, item);
  const sums = new Map<Hour, UsageSum>();
  for (const { hour, quantity, amount } of hourNames) {
    const used = attributes[quantity];
    if (used !== undefined) sums.set(hour, { quantity: used, amountMinor: amountMinor(attributes[amount] ?? 0n) });
  }
  return sums;
}
