import { CACHED_KEYS_MAX, KEY_CACHE_MS, UNKNOWN_KEYS_MAX } from './limits.ts';
import { Problem } from './problem.ts';

interface Entry<Key> {
  readonly key: Key;
  readonly readAtMs: number;
}

const MS_PER_SECOND = 1_000;

/**
 * Keys as they were within the last five seconds. Whoever makes ids up can make it forget only other made-up ids, and
 * makes it look up only so many of them.
 */
export class RecentKeys<Key> {
  readonly #read: (keyId: string) => Promise<Key>;
  readonly #isKnown: (key: Key) => boolean;
  readonly #nowMs: () => number;
  readonly #known = new Map<string, Entry<Key>>();
  readonly #unknown = new Map<string, Entry<Key>>();

  /** @param read what stands for an id now, also for one that is no key's. @param isKnown whether that is a valid key */
  constructor(read: (keyId: string) => Promise<Key>, isKnown: (key: Key) => boolean, nowMs: () => number) {
    this.#read = read;
    this.#isKnown = isKnown;
    this.#nowMs = nowMs;
  }

  /** Throws a 429 for an id not seen of late when too many before it were no key's. */
  async find(keyId: string): Promise<Key> {
    const nowMs = this.#nowMs();
    const seen = this.#known.get(keyId) ?? this.#unknown.get(keyId);
    if (seen !== undefined && nowMs - seen.readAtMs < KEY_CACHE_MS) return seen.key;
    if (!this.#known.has(keyId)) this.#refuseGuesses(nowMs);
    const key = await this.#read(keyId);
    const [mine, other, max] = this.#isKnown(key)
      ? [this.#known, this.#unknown, CACHED_KEYS_MAX]
      : [this.#unknown, this.#known, UNKNOWN_KEYS_MAX];
    other.delete(keyId);
    mine.delete(keyId);
    mine.set(keyId, { key, readAtMs: nowMs });
    const [oldest = ''] = mine.keys();
    if (mine.size > max) mine.delete(oldest);
    return key;
  }

  /** The unknown ones lie in the order in which they were read: when the oldest of so many is recent, all are. */
  #refuseGuesses(nowMs: number): void {
    const [oldest] = this.#unknown.values();
    if (oldest === undefined || this.#unknown.size < UNKNOWN_KEYS_MAX) return;
    const waitMs = oldest.readAtMs + KEY_CACHE_MS - nowMs;
    if (waitMs <= 0) return;
    throw new Problem(
      'throttled',
      'Too many unknown keys were sent of late: send the same request again in a moment.',
      {
        retryAfterSeconds: Math.ceil(waitMs / MS_PER_SECOND),
      },
    );
  }
}
