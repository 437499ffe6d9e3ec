export interface Quantiles {
  readonly p50: number;
  readonly p99: number;
}

/** The median and the 99th percentile by the nearest-rank method, to a hundredth. */
export function quantiles(values: readonly number[]): Quantiles {
  const sorted = values.toSorted((left, right) => left - right);
  const at = (share: number) => rounded(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN);
  return { p50: at(0.5), p99: at(0.99) };
}

/** Two digits after the point: more would be noise. */
export function rounded(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}
