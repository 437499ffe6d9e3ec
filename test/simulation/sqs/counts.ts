import type { Random } from '../random.ts';
import type { SqsNastiness } from './nastiness.ts';

/** What has happened on all queues. */
export interface SqsCounts {
  /** Messages taken; what a second send of one was, was `deduplicated`. */
  sent: number;
  deduplicated: number;
  /** Messages handed out, `redelivered` among them those that had been before. */
  received: number;
  redelivered: number;
  /** Deliveries that ended by their visibility timeout. */
  expired: number;
  deadLettered: number;
  /** By the fault that loses messages. */
  lost: number;
  /** Messages that were kept as long as a queue keeps any. */
  outlived: number;
}

export function noSqsCounts(): SqsCounts {
  return {
    ...{ sent: 0, deduplicated: 0, received: 0, redelivered: 0 },
    ...{ expired: 0, deadLettered: 0, lost: 0, outlived: 0 },
  };
}

export interface Depth {
  readonly visible: number;
  readonly inFlight: number;
}

/** SQS API Reference, `GetQueueAttributes`: the numbers are consistent a minute after the last send. */
const STALE_MS_MAX = 60_000;

/** What SQS says of a queue's depth. */
export class ApproximateDepth {
  readonly #random: Random;
  readonly #nastiness: () => SqsNastiness;
  #last: { readonly atMs: number; readonly depth: Depth } | undefined;

  constructor(random: Random, nastiness: () => SqsNastiness) {
    this.#random = random;
    this.#nastiness = nastiness;
  }

  say(depth: Depth, nowMs: number): Depth {
    const { staleCount, wrongCount } = this.#nastiness();
    const isStale = this.#random.chance(staleCount);
    if (!isStale || this.#last === undefined || nowMs - this.#last.atMs > STALE_MS_MAX) {
      this.#last = { atMs: nowMs, depth };
    }
    const { visible, inFlight } = this.#last.depth;
    if (!this.#random.chance(wrongCount)) return { visible, inFlight };
    return { visible: this.#off(visible), inFlight: this.#off(inFlight) };
  }

  #off(exact: number): number {
    const most = 1 + Math.ceil(exact / 10);
    return Math.max(0, exact + this.#random.integer(-most, most));
  }
}
