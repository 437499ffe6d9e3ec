import type { ImportProgress } from './import-file.ts';
import { progressLine } from './progress-line.ts';
import { Rate } from './rate.ts';

/** Where a display writes to. */
export interface Screen {
  /** Shows a line that the next one replaces. */
  progress(text: string): void;
  /** Removes that line. */
  endProgress(): void;
  /** Writes a line that stays. */
  note(text: string): void;
}

/** Who looks at it. */
export interface Watching {
  /** Whether a terminal shows it, on which one line may replace another. */
  readonly isTerminal: boolean;
  readonly columns: number;
  readonly isQuiet: boolean;
  readonly nowMs?: () => number;
}

const REDRAW_MS = 100;
/** What a log bears: more would drown the rest of it. */
const LOG_EVERY_MS = 5_000;
/** A terminal's rate is drawn so often also while nothing is settled. */
const TICK_MS = 500;

/** Shows progress: one line that is drawn anew on a terminal, a line every few seconds elsewhere, nothing when quiet. */
export class ProgressDisplay {
  readonly #screen: Screen;
  readonly #watching: Watching;
  readonly #nowMs: () => number;
  readonly #timer: NodeJS.Timeout | undefined;
  #rate: Rate | undefined;
  #latest: ImportProgress | undefined;
  #shownAtMs: number;

  constructor(screen: Screen, watching: Watching) {
    const { isQuiet, isTerminal, nowMs = () => performance.now() } = watching;
    this.#screen = screen;
    this.#watching = watching;
    this.#nowMs = nowMs;
    this.#shownAtMs = nowMs();
    this.#timer = isQuiet ? undefined : setInterval(() => this.#tick(), isTerminal ? TICK_MS : LOG_EVERY_MS);
    this.#timer?.unref();
  }

  update(progress: ImportProgress): void {
    this.#latest = progress;
    this.#rate ??= new Rate(this.#shownAtMs, progress.before.endByte, progress.before.rows);
    this.#rate.add(this.#nowMs(), progress.rows, progress.endByte);
    this.#showWhenDue();
  }

  /** Removes what a later line would replace. */
  end(): void {
    clearInterval(this.#timer);
    this.#screen.endProgress();
  }

  #tick(): void {
    if (this.#latest === undefined) return;
    this.#rate?.add(this.#nowMs(), this.#latest.rows, this.#latest.endByte);
    this.#showWhenDue();
  }

  #showWhenDue(): void {
    const { isQuiet, isTerminal, columns } = this.#watching;
    const nowMs = this.#nowMs();
    const dueMs = this.#shownAtMs + (isTerminal ? REDRAW_MS : LOG_EVERY_MS);
    if (isQuiet || this.#latest === undefined || this.#rate === undefined || nowMs < dueMs) return;
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
    const line = progressLine(view, isTerminal);
    if (isTerminal) this.#screen.progress(line.slice(0, columns - 1));
    else this.#screen.note(line);
  }
}
