import type { Clock } from '../../lambdas/clock.ts';

/** Time that passes only while somebody sleeps, and chance from a seed: a test of it takes no time and repeats. */
export class VirtualClock implements Clock {
  #nowMs: number;
  #state: number;
  sleeps = 0;

  constructor(startMs: number, seed = 1) {
    this.#nowMs = startMs;
    this.#state = seed >>> 0;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  async sleep(ms: number): Promise<void> {
    this.sleeps += 1;
    this.#nowMs += Math.max(1, Math.ceil(ms));
  }

  /** Mulberry32: small, and good enough to pick waits and turns. */
  random(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** Lets time pass, or turns it back as a badly set clock does. */
  advance(ms: number): void {
    this.#nowMs += ms;
  }
}
