import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { appendFile, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type BatchLimits, fitting, type Rejection, type Spool, type SpooledEvent } from '../buffer/spool.ts';
import { ZerosumBufferFull } from '../errors.ts';
import { FolderLock } from './folder-lock.ts';
import { eventsOf, lineOf, type ReadEvent } from './line.ts';
import { type Durability, SegmentWriter } from './segment-writer.ts';

export interface DiskSpoolOptions {
  /** What `record` waits for. `disk` (the default): the disk has it; it outlives a power cut. `process`: the operating
   * system has it; it outlives the end of the process, however that comes. */
  readonly durability?: Durability;
  /** How much the folder may hold, rejections included. */
  readonly bytesMax?: number;
  /** How large one file gets before the next is begun. */
  readonly segmentBytesMax?: number;
}

/** Hours of an outage at a thousand events a second. */
const BYTES_MAX = 1_073_741_824;
/** A file is read as a whole: about a batch's worth. */
const SEGMENT_BYTES_MAX = 4_194_304;

const SEGMENT = /^(\d{12})\.events$/;
const SEGMENT_DIGITS = 12;
const REJECTS_FILE = 'rejects.ndjson';
const PROGRESS_FILE = 'progress.json';

/** How far the oldest file is done: saves sending its events again, which would be as safe. */
interface Progress {
  readonly segment: number;
  readonly offset: number;
}

interface Segment {
  readonly path: string;
  readonly number: number;
  readonly bytes: number;
}

/** A file's events, and how many of them are confirmed. */
interface Open extends Segment {
  readonly events: readonly ReadEvent[];
  confirmed: number;
}

/**
 * Keeps events in a folder, in files of one line each: `000000000001.events` and so on, each deleted when all of it is
 * confirmed. What was refused is added to `rejects.ndjson`.
 */
export class DiskSpool implements Spool {
  readonly isLasting = true;
  readonly #folder: string;
  readonly #bytesMax: number;
  readonly #lock: FolderLock;
  readonly #writer: SegmentWriter;
  readonly #durability: Durability;
  /** The files that nothing is written to, oldest first. */
  readonly #sealed: Segment[] = [];
  readonly #progress: Progress;
  #lastSegment: number;
  #open: Open | undefined;
  /** In files that nothing is written to. */
  #sealedBytes = 0;
  #rejectBytes: number;

  /** Takes the folder, creating it if need be. Throws a ZerosumSpoolLocked when another process has it. */
  constructor(folder: string, options: DiskSpoolOptions = {}) {
    const { durability = 'disk', bytesMax = BYTES_MAX, segmentBytesMax = SEGMENT_BYTES_MAX } = options;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#folder = folder;
    this.#bytesMax = bytesMax;
    this.#durability = durability;
    this.#lock = new FolderLock(folder);
    this.#progress = readProgress(join(folder, PROGRESS_FILE));
    this.#lastSegment = this.#progress.segment;
    for (const name of segmentsIn(folder)) this.#seal(join(folder, name));
    this.#rejectBytes = sizeOf(this.#rejectsPath);
    this.#writer = new SegmentWriter({
      ...{ folder, durability, segmentBytesMax },
      newPath: () => this.#newPath(),
      onSealed: (path) => this.#seal(path),
    });
  }

  get pendingBytes(): number {
    return this.#sealedBytes + this.#writer.bytes + this.#rejectBytes;
  }

  async append(json: string): Promise<void> {
    const line = lineOf(json);
    if (this.pendingBytes + line.length > this.#bytesMax) this.#refuse();
    await this.#writer.append(line);
  }

  async next(limits: BatchLimits): Promise<readonly SpooledEvent[]> {
    while (this.#open === undefined || this.#open.confirmed === this.#open.events.length) {
      if (this.#open !== undefined) await this.#delete(this.#open);
      const [oldest] = this.#sealed;
      if (oldest === undefined) return [];
      this.#open = await this.#read(oldest);
      this.#sealed.shift();
    }
    const { events, confirmed } = this.#open;
    const rest = events.slice(confirmed, confirmed + limits.events);
    const count = fitting(
      rest.map(({ bytes }) => bytes),
      limits,
    );
    return rest.slice(0, count);
  }

  async confirm(count: number): Promise<void> {
    const open = this.#open;
    const offset = open?.events[open.confirmed + count - 1]?.endOffset;
    if (open === undefined || offset === undefined) return;
    open.confirmed += count;
    if (open.confirmed === open.events.length) return this.#delete(open);
    const draft = join(this.#folder, `${PROGRESS_FILE}.draft`);
    await writeFile(draft, JSON.stringify({ segment: open.number, offset }), { mode: 0o600 });
    await rename(draft, join(this.#folder, PROGRESS_FILE));
  }

  async mark(): Promise<number> {
    await this.#writer.seal();
    return this.#lastSegment;
  }

  hasReached(mark: number): boolean {
    const oldest = this.#open ?? this.#sealed[0];
    return oldest === undefined || oldest.number > mark;
  }

  async reject(rejections: readonly Rejection[]): Promise<void> {
    const lines = rejections.map((rejection) => `${JSON.stringify(rejection)}\n`);
    await appendFile(this.#rejectsPath, lines.join(''), { mode: 0o600, flush: this.#durability === 'disk' });
    this.#rejectBytes = sizeOf(this.#rejectsPath);
  }

  async close(): Promise<void> {
    await this.#writer.seal();
    this.#lock.release();
  }

  get #rejectsPath(): string {
    return join(this.#folder, REJECTS_FILE);
  }

  #newPath(): string {
    this.#lastSegment += 1;
    return join(this.#folder, `${String(this.#lastSegment).padStart(SEGMENT_DIGITS, '0')}.events`);
  }

  #seal(path: string): void {
    const segment = { path, number: numberOf(path), bytes: sizeOf(path) };
    this.#sealed.push(segment);
    this.#sealedBytes += segment.bytes;
    this.#lastSegment = Math.max(this.#lastSegment, segment.number);
  }

  async #read(segment: Segment): Promise<Open> {
    const offset = this.#progress.segment === segment.number ? this.#progress.offset : 0;
    return { ...segment, events: eventsOf(await readFile(segment.path), offset), confirmed: 0 };
  }

  async #delete({ path, bytes }: Open): Promise<void> {
    await rm(path, { force: true });
    this.#open = undefined;
    this.#sealedBytes -= bytes;
  }

  #refuse(): never {
    this.#rejectBytes = sizeOf(this.#rejectsPath);
    const rejects = this.#rejectBytes === 0 ? '' : `, ${this.#rejectBytes} of them ${REJECTS_FILE}: move that away`;
    throw new ZerosumBufferFull(
      `The spool ${this.#folder} holds ${this.pendingBytes} of ${this.#bytesMax} bytes${rejects}. ` +
        'Record again when the service takes events again, or give the spool more with bytesMax.',
    );
  }
}

/** Oldest first: their names are of one length. */
function segmentsIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => SEGMENT.test(name))
    .sort();
}

function numberOf(path: string): number {
  return Number(SEGMENT.exec(basename(path))?.[1]);
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** Nothing done when it can't be read: sending again what was confirmed is safe. */
function readProgress(path: string): Progress {
  try {
    const { segment, offset } = JSON.parse(readFileSync(path, 'utf8'));
    if (Number.isSafeInteger(segment) && Number.isSafeInteger(offset)) return { segment, offset };
  } catch (error) {
    if (!(error instanceof SyntaxError) && (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return { segment: 0, offset: 0 };
}
