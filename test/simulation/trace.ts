import { createHash } from 'node:crypto';

/** What happened in a run, in order: always as a hash, and as text where somebody wants to read it. */
export class Trace {
  readonly lines: string[] = [];
  readonly #hash = createHash('sha256');
  readonly #keepsLines: boolean;
  readonly #startMs: number;
  steps = 0;

  constructor(startMs: number, options: { readonly keepsLines: boolean }) {
    this.#startMs = startMs;
    this.#keepsLines = options.keepsLines;
  }

  add(atMs: number, what: string): void {
    const line = `${atMs - this.#startMs} ${what}`;
    this.#hash.update(`${line}\n`);
    this.steps += 1;
    if (this.#keepsLines) this.lines.push(line);
  }

  /** Equal for equal runs. Once taken, the trace is over. */
  digest(): string {
    return this.#hash.digest('hex');
  }
}
