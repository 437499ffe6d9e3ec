import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, rmSync } from 'node:fs';
import { writeAtomically } from '../../localstack/embedded/data/atomic-file.ts';
import { isAlive, startTime } from '../../localstack/embedded/data/process-identity.ts';
import { ImportError } from './import-error.ts';

/** Counts up whenever an import could not go on from what an older one wrote. */
const VERSION = 1;

/** What an import has to have in common with an earlier one to go on where that was. */
export interface Purpose {
  /** Where it sends to, and for whom. */
  readonly service: string;
  /** How the file is read. */
  readonly recipe: string;
}

/** How far an import has come: every row up to there is accepted, or stands in the rejects file. */
export interface Progress {
  readonly endByte: number;
  readonly line: number;
  /** SHA-256 of the file up to there. */
  readonly prefixHash: string;
  readonly rows: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly rejectsBytes: number;
}

interface ProgressDocument extends Purpose, Progress {
  readonly version: number;
  readonly processId: number;
  readonly startTime: string;
}

/** The file beside the rejects in which an import keeps how far it has come, until it is complete. */
export class ProgressFile {
  readonly path: string;
  readonly #purpose: Purpose;

  constructor(path: string, purpose: Purpose) {
    this.path = path;
    this.#purpose = purpose;
  }

  /**
   * Where to go on in a file; or why it begins anew, empty when there was nothing. Throws an ImportError while another
   * process imports the same file.
   */
  async read(file: string): Promise<{ readonly progress: Progress } | { readonly anew: string }> {
    const found = this.#found();
    if (found === undefined) return { anew: '' };
    const isRunning = found.processId !== process.pid && isAlive(found.processId);
    if (isRunning && startTime(found.processId) === found.startTime) {
      throw new ImportError(`Process ${found.processId} is importing this file: wait for it, or stop it.`);
    }
    if (found.version !== VERSION) return { anew: 'another version began it' };
    if (found.service !== this.#purpose.service) return { anew: 'it was being sent elsewhere, or for another tenant' };
    if (found.recipe !== this.#purpose.recipe) return { anew: 'it was being read with other options' };
    if ((await hashOf(file, found.endByte)) !== found.prefixHash) return { anew: 'the file has changed since' };
    return { progress: found };
  }

  save(progress: Progress): void {
    const document: ProgressDocument = {
      version: VERSION,
      ...this.#purpose,
      ...progress,
      processId: process.pid,
      startTime: startTime(process.pid),
    };
    writeAtomically(this.path, `${JSON.stringify(document, undefined, 2)}\n`);
  }

  remove(): void {
    rmSync(this.path, { force: true });
  }

  /** What the file says; a damaged one says nothing, for the keys alone keep a second run from charging twice. */
  #found(): ProgressDocument | undefined {
    try {
      const value = JSON.parse(readFileSync(this.path, 'utf8')) as Partial<ProgressDocument> | null;
      const numbers = [value?.endByte, value?.line, value?.rows, value?.accepted, value?.rejected, value?.rejectsBytes];
      const isWhole = numbers.every(Number.isSafeInteger) && Number.isSafeInteger(value?.processId);
      return isWhole ? (value as ProgressDocument) : undefined;
    } catch {
      return undefined;
    }
  }
}

/** SHA-256 of the first bytes of a file, in lower-case hex; of all of it when it is shorter. */
async function hashOf(file: string, bytes: number): Promise<string> {
  const hash = createHash('sha256');
  if (bytes > 0) for await (const chunk of createReadStream(file, { end: bytes - 1 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
