interface Sample {
  readonly atMs: number;
  readonly rows: number;
  readonly bytes: number;
}

/** How far back the rate looks: short enough to show a change, long enough to be calm. */
const WINDOW_MS = 10_000;
const MS_PER_SECOND = 1_000;

/** How fast rows and bytes are settled, over the last seconds. */
export class Rate {
  readonly #samples: Sample[];

  constructor(atMs: number, bytes: number, rows: number) {
    this.#samples = [{ atMs, rows, bytes }];
  }

  /** @param rows settled up to now, like `bytes` */
  add(atMs: number, rows: number, bytes: number): void {
    this.#samples.push({ atMs, rows, bytes });
    while (this.#samples.length > 2 && atMs - (this.#samples[1]?.atMs ?? atMs) >= WINDOW_MS) this.#samples.shift();
  }

  get rowsPerSecond(): number {
    return this.#perSecond(({ rows }) => rows);
  }

  /** Undefined while nothing moves. */
  secondsFor(bytes: number): number | undefined {
    const perSecond = this.#perSecond((sample) => sample.bytes);
    return perSecond > 0 ? bytes / perSecond : undefined;
  }

  #perSecond(countOf: (sample: Sample) => number): number {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (first === undefined || last === undefined || last.atMs <= first.atMs) return 0;
    return ((countOf(last) - countOf(first)) * MS_PER_SECOND) / (last.atMs - first.atMs);
  }
}
