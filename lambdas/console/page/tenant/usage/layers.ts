import type { Usage } from '../../../../../client/types/api.ts';

/** What is stacked: how much was used, or what it was charged. */
export type Measure = 'amount' | 'quantity';

/** One colour of the chart. */
export interface Layer {
  /** Stable, and no other layer's: whatever a metric is called. */
  readonly id: string;
  readonly name: string;
  /** 1.. of the palette. */
  readonly colour: number;
  /** By bucket, exactly. */
  readonly values: readonly bigint[];
  readonly total: bigint;
}

/** The palette has six colours: five for metrics and one for all others together. */
const METRICS_SHOWN = 5;

const OTHERS = 'others';

/** The metrics with most charged, a layer each, the largest first, and the others together. */
export function layersOf({ series, metrics = [] }: Usage, measure: Measure): Layer[] {
  const places = new Map(series.map(({ start }, index) => [start, index]));
  const all = metrics.map((one) => {
    const values = new Array<bigint>(series.length).fill(0n);
    for (const bucket of one.series) {
      const place = places.get(bucket.start);
      if (place !== undefined) values[place] = BigInt(measure === 'amount' ? bucket.amount_minor : bucket.quantity);
    }
    const charged = sum(one.series.map(({ amount_minor: amount }) => BigInt(amount)));
    return { id: `metric:${one.metric}`, name: one.metric, values, charged };
  });
  // By what was charged, whatever is shown, so that a metric keeps its colour.
  all.sort((left, right) => (left.charged === right.charged ? 0 : left.charged < right.charged ? 1 : -1));
  const shownCount = all.length > METRICS_SHOWN + 1 ? METRICS_SHOWN : all.length;
  const [shown, rest] = [all.slice(0, shownCount), all.slice(shownCount)];
  if (rest.length > 0) {
    const values = series.map((_, index) => sum(rest.map((one) => one.values[index] ?? 0n)));
    shown.push({ id: OTHERS, name: `${rest.length} other metrics`, values, charged: 0n });
  }
  return shown.map(({ id, name, values }, index) => ({ id, name, values, colour: index + 1, total: sum(values) }));
}

/** The layers on top of each other: of each, the heights its top has. Rounded to numbers only once they are summed. */
export function stacked(layers: readonly Layer[]): number[][] {
  let below: readonly bigint[] = [];
  return layers.map(({ values }) => {
    below = values.map((value, index) => value + (below[index] ?? 0n));
    return below.map(Number);
  });
}

export function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}
