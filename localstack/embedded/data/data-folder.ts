import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { messageOf, StackError } from '../stack-error.ts';
import { DRAFT_ENDING, writeAtomically } from './atomic-file.ts';
import { lock, unlock } from './lock.ts';

/** Counts up whenever a stack could not carry on with a folder that an older one wrote. */
const FORMAT = 1;

const LOCK = 'lock.json';
const FORMAT_FILE = 'format.json';

const PRODUCT = 'zerosum-embedded-stack';

const formatSchema = z.object({ product: z.literal(PRODUCT), format: z.number() });

/** The folder in which everything of one embedded stack is kept. */
export class DataFolder {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /**
   * Opens the folder, or creates it, and takes it for this process until `close`. Throws a `StackError` when it is no
   * folder, cannot be written, holds something else, was written by another version or belongs to a live stack.
   */
  static open(path: string): DataFolder {
    const folder = new DataFolder(path);
    try {
      if (existsSync(path) && !statSync(path).isDirectory()) {
        throw new StackError(`${path} is not a folder: move it away, or choose another data folder with ZEROSUM_DATA.`);
      }
      mkdirSync(path, { recursive: true });
      const isNew = readdirSync(path).every(isTrace);
      if (!isNew) folder.#checkFormat();
      lock(folder.#lockFile);
      if (isNew) folder.#writeFormat();
    } catch (error) {
      if (error instanceof StackError) throw error;
      throw new StackError(
        `The data folder ${path} cannot be used (${messageOf(error)}): choose another with ZEROSUM_DATA.`,
      );
    }
    return folder;
  }

  /** Removes everything but the lock and the format. Only ever called on a folder that is ours, for `open` refuses others. */
  reset(): void {
    for (const name of readdirSync(this.path)) {
      if (name !== LOCK && name !== FORMAT_FILE) rmSync(this.file(name), { recursive: true, force: true });
    }
  }

  file(...names: string[]): string {
    return join(this.path, ...names);
  }

  close(): void {
    unlock(this.#lockFile);
  }

  get #lockFile(): string {
    return this.file(LOCK);
  }

  get #formatFile(): string {
    return this.file(FORMAT_FILE);
  }

  #writeFormat(): void {
    writeAtomically(this.#formatFile, `${JSON.stringify({ product: PRODUCT, format: FORMAT })}\n`);
  }

  #checkFormat(): void {
    const format = this.#readFormat();
    if (format === FORMAT) return;
    throw new StackError(
      format === undefined
        ? `The folder ${this.path} is not an intact data folder of Zerosum: choose another with ZEROSUM_DATA, or delete it.`
        : `The data folder ${this.path} has format ${format}, this version writes ${FORMAT}: run the version that wrote it, or delete it.`,
    );
  }

  #readFormat(): number | undefined {
    try {
      return formatSchema.parse(JSON.parse(readFileSync(this.#formatFile, 'utf8'))).format;
    } catch {
      return undefined;
    }
  }
}

/** What a start that was killed at once leaves in a new folder. */
function isTrace(name: string): boolean {
  return name === LOCK || name.endsWith(DRAFT_ENDING);
}
