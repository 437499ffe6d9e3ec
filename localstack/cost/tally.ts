/** How often what was counted, by names such as `write Ledger`. */
export type Tally = ReadonlyMap<string, number>;

/** Counts as they grow. */
export class Counts {
  #counts = new Map<string, number>();

  add(name: string, count: number): void {
    if (count !== 0) this.#counts.set(name, (this.#counts.get(name) ?? 0) + count);
  }

  /** What was counted since the last time this was asked. */
  take(): Tally {
    const taken = this.#counts;
    this.#counts = new Map();
    return taken;
  }
}

/** Each count times a factor. */
export function scaled(tally: Tally, factor: number): Tally {
  return new Map([...tally].map(([name, count]) => [name, count * factor]));
}

/** One tally and another, the second times a factor. */
export function plus(one: Tally, other: Tally, factor = 1): Tally {
  const sum = new Map(one);
  for (const [name, count] of other) sum.set(name, (sum.get(name) ?? 0) + count * factor);
  return sum;
}

/** One tally less another; what would be less than nothing is the noise of two runs. */
export function minus(one: Tally, other: Tally): Tally {
  return new Map([...plus(one, other, -1)].filter(([, count]) => count > 0));
}

export function countOf(tally: Tally, name: string): number {
  return tally.get(name) ?? 0;
}

/** The counts whose names begin so, by what follows. */
export function countsUnder(tally: Tally, prefix: string): [rest: string, count: number][] {
  return [...tally].flatMap(([name, count]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), count]] : []));
}

/** How many tables were read or written, an index being part of its table. */
export function tablesIn(tally: Tally): number {
  const names = ['write ', 'read '].flatMap((prefix) => countsUnder(tally, prefix).map(([name]) => name.split('.')[0]));
  return new Set(names).size;
}
