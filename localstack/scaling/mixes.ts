/** Whose events come: each tenant's share of all, the largest first. */
export interface Mix {
  readonly name: string;
  readonly shares: readonly number[];
}

const SMALL = 10_000;
const ZIPF = 1_000;
const WHALE = { share: 0.9, others: 999 };

export const mixes: readonly Mix[] = [
  { name: 'one whale', shares: [WHALE.share, ...evenly(WHALE.others, 1 - WHALE.share)] },
  { name: 'Zipf', shares: zipf(ZIPF) },
  { name: 'many small', shares: evenly(SMALL, 1) },
];

function evenly(tenants: number, share: number): number[] {
  return Array.from({ length: tenants }, () => share / tenants);
}

/** The n-th tenant sends a n-th of what the first sends. */
function zipf(tenants: number): number[] {
  const weights = Array.from({ length: tenants }, (_, index) => 1 / (index + 1));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** How events come: alone, or so many in a request. */
export interface Form {
  readonly name: string;
  readonly batch: number;
}

export const forms: readonly Form[] = [
  { name: 'lone', batch: 1 },
  { name: 'packed', batch: 100 },
];
