import { isDeepStrictEqual } from 'node:util';
import { tokenInUse, tokenOfAnother } from './refusals.ts';

/** TransactWriteItems, API Reference: a token is good for 10 minutes after the call that first used it was completed. */
const GOOD_FOR_MS = 10 * 60_000;

interface Used {
  readonly request: unknown;
  /** Undefined while its transaction is under way. */
  doneAtMs: number | undefined;
}

/** What makes a transaction that is sent again no second one. */
export class RequestTokens {
  readonly #used = new Map<string, Used>();

  /** Whether the same request was done before; throws where the token can't be used now. */
  isDone(token: string, request: unknown, nowMs: number): boolean {
    this.#forget(nowMs);
    const used = this.#used.get(token);
    if (used === undefined) return false;
    if (used.request !== request && !isDeepStrictEqual(used.request, request)) throw tokenOfAnother();
    if (used.doneAtMs === undefined) throw tokenInUse();
    return true;
  }

  begin(token: string, request: unknown): void {
    this.#used.set(token, { request, doneAtMs: undefined });
  }

  done(token: string, nowMs: number): void {
    const used = this.#used.get(token);
    if (used === undefined) return;
    used.doneAtMs = nowMs;
    // The map's order is then that of completion.
    this.#used.delete(token);
    this.#used.set(token, used);
  }

  /** Only what was done is remembered: after a cancellation the same may be tried again. */
  cancelled(token: string): void {
    this.#used.delete(token);
  }

  #forget(nowMs: number): void {
    for (const [token, { doneAtMs }] of this.#used) {
      if (doneAtMs === undefined) continue;
      if (doneAtMs + GOOD_FOR_MS > nowMs) return;
      this.#used.delete(token);
    }
  }
}
