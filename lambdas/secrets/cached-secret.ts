/** How long a secret is trusted without another look: after a rotation the old one stays `previous` for far longer. */
const CACHE_MS = 60_000;

/** Whoever sends what does not verify makes us look again at most this often. */
const RECHECK_MS = 10_000;

/** A secret in the form its user works with, kept for a while. */
export class CachedSecret<Value> {
  readonly #load: () => Promise<Value>;
  readonly #nowMs: () => number;
  readonly #recheckMs: number;
  #read: { readonly value: Value; readonly atMs: number } | undefined;

  /**
   * @param load reads the secret now; throws when the store does not answer
   * @param recheckMs how old `recent` may be: the less, the more often a caller can make us look
   */
  constructor(load: () => Promise<Value>, nowMs: () => number, recheckMs = RECHECK_MS) {
    this.#load = load;
    this.#nowMs = nowMs;
    this.#recheckMs = recheckMs;
  }

  /** At most a minute old. Throws when that needs a look and the store does not answer. */
  cached(): Promise<Value> {
    return this.#within(CACHE_MS);
  }

  /** At most ten seconds old, or what else was set. */
  recent(): Promise<Value> {
    return this.#within(this.#recheckMs);
  }

  async #within(maxAgeMs: number): Promise<Value> {
    if (this.#read !== undefined && this.#nowMs() - this.#read.atMs < maxAgeMs) return this.#read.value;
    const atMs = this.#nowMs();
    this.#read = { value: await this.#load(), atMs };
    return this.#read.value;
  }
}
