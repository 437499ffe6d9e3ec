import { closeSync, copyFileSync, fstatSync, ftruncateSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** A function's log may grow to this; then it becomes `<function>.log.1`, replacing the one before. */
const MOST_LOG_BYTES = 16 * 1_048_576;

const CHECK_EVERY_MS = 5_000;

/** The functions' log files, written by the workers themselves and kept from growing for ever. */
export class LogFolder {
  readonly #folder: string;
  readonly #files = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.#folder = folder;
    this.#timer = setInterval(() => this.#bound(), CHECK_EVERY_MS).unref();
  }

  /** A descriptor that appends to `<name>.log`. */
  open(name: string): number {
    const path = join(this.#folder, `${name}.log`);
    const file = openSync(path, 'a');
    this.#files.set(path, file);
    return file;
  }

  /** Appends texts to `<name>.log`. */
  writer(name: string): (text: string) => void {
    const file = this.open(name);
    return (text) => {
      if (this.#files.size > 0) writeSync(file, text);
    };
  }

  close(): void {
    clearInterval(this.#timer);
    for (const file of this.#files.values()) closeSync(file);
    this.#files.clear();
  }

  #bound(): void {
    for (const [path, file] of this.#files) {
      if (fstatSync(file).size <= MOST_LOG_BYTES) continue;
      // The workers hold the same file open for appending, so it is emptied in place rather than renamed.
      copyFileSync(path, `${path}.1`);
      ftruncateSync(file, 0);
    }
  }
}
