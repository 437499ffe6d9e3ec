import { setTimeout as sleep } from 'node:timers/promises';
import { GaveUpError } from './import-error.ts';

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 10_000;

/** Waits are spread so that several senders do not come back as one. */
const SPREAD = 0.5;

/** How fast an import may go: how many requests at once, and how long to wait when the service has too much to do. */
export class Pace {
  readonly #most: number;
  readonly #patienceMs: number;
  readonly #signal: AbortSignal;
  #allowed: number;
  #running = 0;
  #busyInRow = 0;
  #busySinceMs: number | undefined;
  readonly #waiting: (() => void)[] = [];

  /**
   * @param most requests at once while all goes well
   * @param patienceMs how long nothing at all may be accepted before the import gives up
   * @param signal ends every wait
   */
  constructor(most: number, patienceMs: number, signal: AbortSignal) {
    this.#most = most;
    this.#allowed = most;
    this.#patienceMs = patienceMs;
    this.#signal = signal;
  }

  /** Whether the service is asking for time now. */
  get isBusy(): boolean {
    return this.#busySinceMs !== undefined;
  }

  /** Runs a request when its turn has come. */
  async run<Value>(request: () => Promise<Value>): Promise<Value> {
    while (this.#running >= this.#allowed) await new Promise<void>((go) => this.#waiting.push(go));
    this.#running += 1;
    try {
      return await request();
    } finally {
      this.#running -= 1;
      this.#wake();
    }
  }

  /** A request went well: one more may run beside it again. */
  went(): void {
    this.#busyInRow = 0;
    this.#busySinceMs = undefined;
    this.#allowed = Math.min(this.#most, this.#allowed + 1);
    this.#wake();
  }

  /**
   * The service asked for time: half as many requests at once, and this one waits. Throws a GaveUpError when patience is
   * at its end.
   */
  async wait(why: string, retryAfterMs: number | undefined): Promise<void> {
    this.#allowed = Math.max(1, Math.floor(this.#allowed / 2));
    this.#busySinceMs ??= performance.now();
    const patienceLeftMs = this.#patienceMs - (performance.now() - this.#busySinceMs);
    if (patienceLeftMs < 0) {
      throw new GaveUpError(`The service has taken nothing for ${Math.round(this.#patienceMs / 1_000)} s. ${why}`);
    }
    const backOffMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(this.#busyInRow, 10));
    this.#busyInRow += 1;
    const waitMs = Math.max(retryAfterMs ?? 0, backOffMs) * (1 + SPREAD * Math.random());
    // A service may ask for more than anybody is ready to wait.
    await sleep(Math.min(waitMs, patienceLeftMs), undefined, { signal: this.#signal });
  }

  #wake(): void {
    for (const go of this.#waiting.splice(0)) go();
  }
}
