import { createHash } from 'node:crypto';

/** Chance from a seed: the same seed gives the same numbers, on every machine. */
export class Random {
  readonly #seed: string;
  #state: [number, number, number, number];

  constructor(seed: string) {
    this.#seed = seed;
    const digest = createHash('sha256').update(seed).digest();
    this.#state = [digest.readInt32LE(0), digest.readInt32LE(4), digest.readInt32LE(8), digest.readInt32LE(12)];
  }

  /** A source of its own for one part of a run: what that part draws moves nothing elsewhere. */
  fork(part: string): Random {
    return new Random(`${this.#seed}/${part}`);
  }

  /** Uniform in [0, 1). Chris Doty-Humphrey's sfc32 (PractRand). */
  next(): number {
    let [a, b, c, counter] = this.#state;
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    this.#state = [a, b, c | 0, counter];
    return (sum >>> 0) / 2 ** 32;
  }

  /** A whole number, both ends included. */
  integer(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.integer(0, items.length - 1)];
    if (item === undefined) throw new RangeError('There is nothing to pick from.');
    return item;
  }
}
