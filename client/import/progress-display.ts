import type { ImportProgress } from './import-file.ts';
import { progressLine } from './progress-line.ts';
import { Rate } from './rate.ts';

/** Where a display writes to. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const REDRAW_MS = 100;
/** What a log bears: more would drown the rest of it. */
const LOG_EVERY_MS = 5_000;
const CLEAR_LINE = '\r\x1b[2K';
const DEFAULT_COLUMNS = 80;

/** Shows progress: one line that is drawn anew on a terminal, a line every few seconds elsewhere, nothing when quiet. */
export class ProgressDisplay {
  readonly #screen: Screen;
  readonly #isQuiet: boolean;
  readonly #nowMs: () => number;
  #rate: Rate | undefined;
  #latest: ImportProgress | undefined;
  #shownAtMs: number;
  #isDrawn = false;
  readonly #timer: NodeJS.Timeout | undefined;

  constructor(screen: Screen, isQuiet: boolean, nowMs = () => performance.now()) {
    this.#screen = screen;
    this.#isQuiet = isQuiet;
    this.#nowMs = nowMs;
    this.#shownAtMs = nowMs();
    // Also while nothing is settled the rate falls, and a person sees that it still runs.
    this.#timer = isQuiet
      ? undefined
      : setInterval(() => this.#tick(), this.#isTerminal ? REDRAW_MS * 5 : LOG_EVERY_MS);
    this.#timer?.unref();
  }

  update(progress: ImportProgress): void {
    this.#latest = progress;
    this.#rate ??= new Rate(this.#shownAtMs, progress.before.endByte, progress.before.rows);
    this.#rate.add(this.#nowMs(), progress.rows, progress.endByte);
    this.#showWhenDue();
  }

  /** A sentence of its own, above the progress. */
  tell(sentence: string): void {
    this.#clear();
    this.#screen.write(`${sentence}\n`);
  }

  /** Removes the line from a terminal, for what comes after it. */
  end(): void {
    clearInterval(this.#timer);
    this.#clear();
  }

  get #isTerminal(): boolean {
    return this.#screen.isTTY === true;
  }

  #tick(): void {
    if (this.#latest === undefined) return;
    this.#rate?.add(this.#nowMs(), this.#latest.rows, this.#latest.endByte);
    this.#showWhenDue();
  }

  #showWhenDue(): void {
    const nowMs = this.#nowMs();
    const dueMs = this.#shownAtMs + (this.#isTerminal ? REDRAW_MS : LOG_EVERY_MS);
    if (this.#isQuiet || this.#latest === undefined || this.#rate === undefined || nowMs < dueMs) return;
    this.#shownAtMs = nowMs;
    const { rows, rejected, endByte, totalBytes, isBusy } = this.#latest;
    const view = {
      rows,
      rejected,
      part: totalBytes === undefined || totalBytes === 0 ? undefined : Math.min(1, endByte / totalBytes),
      rowsPerSecond: this.#rate.rowsPerSecond,
      secondsLeft: totalBytes === undefined ? undefined : this.#rate.secondsFor(Math.max(0, totalBytes - endByte)),
      isBusy,
    };
    const line = progressLine(view, this.#isTerminal);
    if (!this.#isTerminal) {
      this.#screen.write(`${line}\n`);
      return;
    }
    this.#screen.write(`${CLEAR_LINE}${line.slice(0, (this.#screen.columns ?? DEFAULT_COLUMNS) - 1)}`);
    this.#isDrawn = true;
  }

  #clear(): void {
    if (this.#isDrawn) this.#screen.write(CLEAR_LINE);
    this.#isDrawn = false;
  }
}
