import type { Branded } from './brand.ts';

/** Money in minor units (cents), signed: a debit is positive, a credit negative. Never a JavaScript number. */
export type AmountMinor = Branded<bigint, 'AmountMinor'>;

/** How much was used, in the metric's own unit. */
export type Quantity = Branded<bigint, 'Quantity'>;

export const QUANTITY_MAX = 10n ** 12n;

/**
 * DynamoDB keeps 38 significant digits. Twelve digits of quantity and eighteen of price leave eight for the sum, so a
 * lane's totals stay exact for 10^8 events of the largest amount.
 */
export const UNIT_PRICE_MAX = 10n ** 18n;

export function amountMinor(value: bigint): AmountMinor {
  return value as AmountMinor;
}

export const zeroMinor = amountMinor(0n);

export function add(left: AmountMinor, right: AmountMinor): AmountMinor {
  return amountMinor(left + right);
}

export function negate(amount: AmountMinor): AmountMinor {
  return amountMinor(-amount);
}

export function sum(amounts: Iterable<AmountMinor>): AmountMinor {
  let total = zeroMinor;
  for (const amount of amounts) total = add(total, amount);
  return total;
}

/** Far below the 38 digits a total may have, and within the safe integers in which an adjustment arrives. */
export const ADJUSTMENT_MAX = 10n ** 12n;

/** What one adjustment may come to, else undefined: not zero, at most 10^12 either way. */
export function parseAdjustmentAmount(value: bigint): AmountMinor | undefined {
  return value !== 0n && value >= -ADJUSTMENT_MAX && value <= ADJUSTMENT_MAX ? amountMinor(value) : undefined;
}

/** The quantity if it lies within 1..10^12, else undefined. */
export function parseQuantity(value: bigint): Quantity | undefined {
  return value >= 1n && value <= QUANTITY_MAX ? (value as Quantity) : undefined;
}
