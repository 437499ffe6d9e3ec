import { type PriceName, priceOf } from './list-prices.ts';

/** One line of a bill, for a month. */
export interface Line {
  readonly group: string;
  readonly item: string;
  readonly quantity: number;
  readonly price: PriceName;
}

export interface PricedLine extends Line {
  readonly unit: string;
  readonly unitPrice: string;
  readonly dollars: number;
}

export interface Bill {
  readonly lines: readonly PricedLine[];
  readonly dollars: number;
  /** After what AWS gives every account each month, as if nothing else in the account used it. */
  readonly dollarsAfterFreeTier: number;
}

/** Prices the lines. Lines of one price share its free allowance. */
export function billOf(lines: readonly Line[]): Bill {
  const priced = lines.filter(({ quantity }) => quantity > 0).map(pricedLine);
  const byPrice = new Map<PriceName, number>();
  for (const { price, quantity } of priced) byPrice.set(price, (byPrice.get(price) ?? 0) + quantity);
  const afterFreeTier = [...byPrice].map(([price, quantity]) => {
    const { alwaysFree = 0 } = priceOf(price);
    return dollarsFor(price, Math.max(0, quantity - alwaysFree));
  });
  return {
    lines: priced,
    dollars: sum(priced.map(({ dollars }) => dollars)),
    dollarsAfterFreeTier: sum(afterFreeTier),
  };
}

export function dollarsFor(price: PriceName, quantity: number): number {
  const { dollars, per } = priceOf(price);
  return (quantity / per) * dollars;
}

function pricedLine(line: Line): PricedLine {
  const { dollars, per, unit } = priceOf(line.price);
  const unitPrice = `$${dollars}${per === 1 ? '' : ` per ${per.toLocaleString('en-US')}`}`;
  return { ...line, unit, unitPrice, dollars: dollarsFor(line.price, line.quantity) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
