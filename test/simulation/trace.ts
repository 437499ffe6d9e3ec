import { createHash } from 'node:crypto';

/** Hashing has a price for each call. */
const HASHED_AT_ONCE = 65_536;

/** What happened in a run, in order: always as a hash, and as text where somebody wants to read it. */
export class Trace {
  readonly lines: string[] = [];
  readonly #hash = createHash('sha256');
  readonly #keepsLines: boolean;
  readonly #startMs: number;
  #pending = '';
  steps = 0;

  constructor(startMs: number, options: { readonly keepsLines: boolean }) {
    this.#startMs = startMs;
    this.#keepsLines = options.keepsLines;
  }

  add(atMs: number, what: string): void {
    const line = `${atMs - this.#startMs} ${what}`;
    this.#pending += `${line}\n`;
    if (this.#pending.length > HASHED_AT_ONCE) this.#hashPending();
    this.steps += 1;
    if (this.#keepsLines) this.lines.push(line);
  }

  /** Equal for equal runs. Once taken, the trace is over. */
  digest(): string {
    this.#hashPending();
    return this.#hash.digest('hex');
  }

  #hashPending(): void {
    this.#hash.update(this.#pending);
    this.#pending = '';
  }
}
