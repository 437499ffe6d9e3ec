import { type Instant, instantOf } from './domain/instant.ts';

/** Time and chance as arguments, so that tests and simulations decide both. */
export interface Clock {
  nowMs(): number;
  sleep(ms: number): Promise<void>;
  /** Uniform in [0, 1). */
  random(): number;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  random: () => Math.random(),
};

export function nowOf(clock: Clock): Instant {
  return instantOf(clock.nowMs());
}

/** A reading as JavaScript's own date, for libraries that ask for one. */
export function dateOf(epochMs: number): Date {
  return new Date(epochMs);
}
