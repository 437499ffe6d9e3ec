/** SQS Developer Guide, "Exactly-once processing": the interval in which a second send is none. */
const INTERVAL_MS = 5 * 60_000;

/** What a first send was answered with, and its repetitions are too. */
export interface FirstSend {
  readonly messageId: string;
  readonly sequenceNumber: string;
}

/**
 * The deduplication ids of the last five minutes, each from its first send on. What becomes of the message changes nothing
 * (SQS Developer Guide, "FIFO queue key terms": SQS "continues tracking the deduplication ID even after the message has been
 * received and deleted").
 */
export class Deduplication {
  readonly #firstSends = new Map<string, FirstSend & { readonly atMs: number }>();

  find(id: string, nowMs: number): FirstSend | undefined {
    // First in is first out: a repetition does not renew an id.
    for (const [oldest, { atMs }] of this.#firstSends) {
      if (nowMs - atMs < INTERVAL_MS) break;
      this.#firstSends.delete(oldest);
    }
    return this.#firstSends.get(id);
  }

  remember(id: string, { messageId, sequenceNumber }: FirstSend, nowMs: number): void {
    this.#firstSends.set(id, { messageId, sequenceNumber, atMs: nowMs });
  }
}
