import { CACHED_KEYS_MAX, KEY_CACHE_MS, UNKNOWN_KEYS_MAX } from './limits.ts';

interface Entry<Key> {
  readonly key: Key;
  readonly readAtMs: number;
}

/**
 * Keys as they were within the last five seconds. Whoever makes ids up can make it forget only other made-up ids. Each is
 * looked up: a bound on that would turn away honest callers whose keys this process has not seen yet.
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

  async find(keyId: string): Promise<Key> {
    const nowMs = this.#nowMs();
    const seen = this.#known.get(keyId) ?? this.#unknown.get(keyId);
    if (seen !== undefined && nowMs - seen.readAtMs < KEY_CACHE_MS) return seen.key;
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
}
