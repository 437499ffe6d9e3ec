/**
 * How long SQS remembers a deduplication id, counted from the first send
 * (SQS Developer Guide, "Using the message deduplication ID": "the 5-minute deduplication interval").
 */
const DEDUPLICATION_INTERVAL_MS = 5 * 60_000;

/** What a duplicate send is answered with: the first send's own answer. */
export interface Original {
  readonly messageId: string;
  readonly sequenceNumber: string;
}

/**
 * The deduplication ids of one queue's last five minutes. It knows no message, so an id outlives its message's deletion, as
 * on SQS.
 */
export class DeduplicationWindow {
  readonly #originals = new Map<string, Original & { readonly expiresAtMs: number }>();

  /** The original that `key` repeats, or undefined if it is new. */
  find(key: string, nowMs: number): Original | undefined {
    this.#forgetExpired(nowMs);
    return this.#originals.get(key);
  }

  /** Remembers a first send; a duplicate must not be remembered again, for it does not extend the interval. */
  remember(key: string, original: Original, nowMs: number): void {
    this.#originals.set(key, { ...original, expiresAtMs: nowMs + DEDUPLICATION_INTERVAL_MS });
  }

  /** Every entry lives equally long, so the map's insertion order is the order of expiry. */
  #forgetExpired(nowMs: number): void {
    for (const [key, { expiresAtMs }] of this.#originals) {
      if (expiresAtMs > nowMs) return;
      this.#originals.delete(key);
    }
  }
}
