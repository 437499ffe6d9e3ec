import { type FileHandle, open } from 'node:fs/promises';
import { ZerosumBufferFull } from '../errors.ts';

/** What is waited for before `record` resolves: `disk` outlives a power cut, `process` the end of the process. */
export type Durability = 'disk' | 'process';

/** What may wait for the disk at once: more is a disk that can't keep up. */
const QUEUED_BYTES_MAX = 16_777_216;

interface Waiting {
  readonly line: Buffer;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

interface Active {
  readonly path: string;
  readonly handle: FileHandle;
  bytes: number;
}

export interface WriterOptions {
  readonly folder: string;
  readonly durability: Durability;
  readonly segmentBytesMax: number;
  readonly newPath: () => string;
  /** Told of a file that nothing is written to any more. */
  readonly onSealed: (path: string) => void;
}

/** Appends lines to one file after another. Lines that come while others are written share the next write. */
export class SegmentWriter {
  readonly #options: WriterOptions;
  #queue: Waiting[] = [];
  #queuedBytes = 0;
  #active: Active | undefined;
  #work: Promise<void> = Promise.resolve();

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  /** What is waiting, and what is in the file that is written to. */
  get bytes(): number {
    return this.#queuedBytes + (this.#active?.bytes ?? 0);
  }

  /** Resolves when the line is as durable as was asked for. A line whose write failed may be there all the same. */
  append(line: Buffer): Promise<void> {
    if (this.#queuedBytes + line.length > QUEUED_BYTES_MAX) {
      const message = `${this.#queuedBytes} bytes wait for the disk: wait for record() before you record more.`;
      return Promise.reject(new ZerosumBufferFull(message));
    }
    this.#queuedBytes += line.length;
    return new Promise((resolve, reject) => {
      this.#queue.push({ line, resolve, reject });
      if (this.#queue.length === 1) this.#then(() => this.#writeQueue());
    });
  }

  /** Ends the file that is written to, if any. */
  seal(): Promise<void> {
    return this.#then(() => this.#seal());
  }

  #then(step: () => Promise<void>): Promise<void> {
    const done = this.#work.then(step);
    this.#work = done.catch(() => undefined);
    return done;
  }

  async #writeQueue(): Promise<void> {
    const group = this.#queue;
    this.#queue = [];
    const bytes = Buffer.concat(group.map(({ line }) => line));
    try {
      await this.#write(bytes);
      for (const { resolve } of group) resolve();
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }

  async #write(bytes: Buffer): Promise<void> {
    try {
      this.#active ??= await this.#create();
      await this.#active.handle.appendFile(bytes);
      if (this.#options.durability === 'disk') await this.#active.handle.datasync();
      this.#active.bytes += bytes.length;
      if (this.#active.bytes >= this.#options.segmentBytesMax) await this.#seal();
    } catch (error) {
      // Whatever is half written stays at the end of its file, where it is known for what it is.
      await this.#seal();
      throw error;
    } finally {
      this.#queuedBytes -= bytes.length;
    }
  }

  async #create(): Promise<Active> {
    const path = this.#options.newPath();
    const handle = await open(path, 'wx', 0o600);
    if (this.#options.durability === 'disk') await syncFolder(this.#options.folder);
    return { path, handle, bytes: 0 };
  }

  async #seal(): Promise<void> {
    const active = this.#active;
    if (active === undefined) return;
    this.#active = undefined;
    this.#options.onSealed(active.path);
    await active.handle.close();
  }
}

/** Makes the folder's list of files durable. */
async function syncFolder(folder: string): Promise<void> {
  // Windows opens no folders, and needs no such thing.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
