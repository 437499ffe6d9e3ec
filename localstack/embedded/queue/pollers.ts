import type { Delivery } from './message.ts';

/** What a receive asks for. */
export interface ReceiveRequest {
  readonly max: number;
  /** Undefined means the queue's. */
  readonly visibilityTimeoutMs: number | undefined;
}

/** Who waits for the answer. */
export interface Caller {
  readonly isGone: boolean;
  readonly onceGone: (listener: () => void) => void;
}

interface Poller {
  readonly request: ReceiveRequest;
  readonly answer: (deliveries: Delivery[]) => void;
}

/**
 * The receives that wait for a message (SQS Developer Guide, "Amazon SQS short and long polling"), served in the order they came.
 * Nothing here polls: a waiting receive costs a timer until `notify`.
 */
export class Pollers {
  readonly #waiting = new Set<Poller>();
  readonly #serve: (request: ReceiveRequest) => Delivery[];
  #notified = false;

  /** @param serve takes what is available now, an empty list if nothing is */
  constructor(serve: (request: ReceiveRequest) => Delivery[]) {
    this.#serve = serve;
  }

  /** Waits up to `waitMs` for a message; an empty list if none came. A caller who has gone is handed none. */
  wait(request: ReceiveRequest, waitMs: number, caller: Caller): Promise<Delivery[]> {
    return new Promise((resolve) => {
      const answer = (deliveries: Delivery[]) => {
        clearTimeout(timer);
        this.#waiting.delete(poller);
        resolve(deliveries);
      };
      const answerNothing = () => answer([]);
      const poller: Poller = { request, answer };
      const timer = setTimeout(answerNothing, waitMs);
      caller.onceGone(answerNothing);
      this.#waiting.add(poller);
    });
  }

  /**
   * Says that messages may have become available. Served after the current turn, so that a whole batch, and whatever else arrived
   * with it, is there for the first poller to take together.
   */
  notify(): void {
    if (this.#notified || this.#waiting.size === 0) return;
    this.#notified = true;
    setImmediate(() => {
      this.#notified = false;
      for (const { request, answer } of this.#waiting) {
        const deliveries = this.#serve(request);
        if (deliveries.length === 0) return;
        answer(deliveries);
      }
    });
  }

  /** Answers every waiting receive with nothing, as its queue is gone. */
  close(): void {
    for (const { answer } of this.#waiting) answer([]);
  }
}
