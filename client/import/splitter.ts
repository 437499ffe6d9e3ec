import { createHash, type Hash } from 'node:crypto';
import type { Boundary } from './boundaries.ts';

/** One record of a file as its bytes, without what ends it. */
export interface Piece {
  readonly bytes: Buffer;
  /** Longer than a record may be: `bytes` are only how it begins. */
  readonly isTooLong: boolean;
  /** Where it begins, from 1. */
  readonly line: number;
  /** The offset behind it, from the beginning of the file. */
  readonly endByte: number;
}

const NEWLINE = 0x0a;

/** How much of a record that is too long is shown: enough to find it by. */
const SHOWN_BYTES = 200;

/**
 * Cuts a stream of bytes into records, however the stream is cut into chunks, and keeps at most one record in memory. It
 * knows the hash of all bytes up to the end of the last piece it gave.
 */
export class Splitter {
  readonly #boundary: Boundary;
  readonly #maxBytes: number;
  readonly #hash: Hash = createHash('sha256');
  #kept: Buffer[] = [];
  #keptBytes = 0;
  #isTooLong = false;
  #line = 1;
  #newlines = 0;
  #endByte = 0;

  constructor(boundary: Boundary, maxBytes: number) {
    this.#boundary = boundary;
    this.#maxBytes = maxBytes;
  }

  /** Passes over bytes that are no part of any record, like a byte order mark. */
  skip(part: Buffer): void {
    this.#pass(part);
  }

  /** The records that end in this chunk. */
  *push(chunk: Buffer): Generator<Piece> {
    let from = 0;
    while (from < chunk.length) {
      // No further than a record may be: where it is given up then depends on the bytes alone, not on their chunks.
      const room = this.#isTooLong ? chunk.length : from + this.#maxBytes - this.#keptBytes + 1;
      const view = chunk.subarray(0, room);
      const end = this.#boundary.find(view, from);
      const next = end === -1 ? view.length : end + 1;
      this.#keep(chunk.subarray(from, end === -1 ? next : end));
      this.#pass(chunk.subarray(from, next));
      if (end !== -1) yield this.#piece();
      from = next;
    }
  }

  /** What stands behind the last end of a record, if anything does. */
  end(): Piece | undefined {
    return this.#keptBytes > 0 ? this.#piece() : undefined;
  }

  /** The line reached. */
  get line(): number {
    return this.#line;
  }

  /** The offset reached. */
  get endByte(): number {
    return this.#endByte;
  }

  /** SHA-256 of the file up to the end of the last piece; lower-case hex. */
  prefixHash(): string {
    return this.#hash.copy().digest('hex');
  }

  #keep(part: Buffer): void {
    this.#keptBytes += part.length;
    if (this.#isTooLong) return;
    if (this.#keptBytes <= this.#maxBytes) {
      // A copy: the chunk's memory may be used again while a record waits for its end.
      if (part.length > 0) this.#kept.push(Buffer.from(part));
      return;
    }
    const begin = Buffer.concat([...this.#kept, part.subarray(0, SHOWN_BYTES)]).subarray(0, SHOWN_BYTES);
    this.#kept = [begin];
    this.#isTooLong = true;
    this.#boundary.giveUp();
  }

  #pass(part: Buffer): void {
    this.#hash.update(part);
    this.#endByte += part.length;
    for (let at = part.indexOf(NEWLINE); at !== -1; at = part.indexOf(NEWLINE, at + 1)) this.#newlines += 1;
  }

  #piece(): Piece {
    const [only = Buffer.alloc(0)] = this.#kept;
    const bytes = this.#kept.length > 1 ? Buffer.concat(this.#kept) : only;
    const piece = { bytes, isTooLong: this.#isTooLong, line: this.#line, endByte: this.#endByte };
    this.#line += this.#newlines;
    this.#newlines = 0;
    this.#kept = [];
    this.#keptBytes = 0;
    this.#isTooLong = false;
    return piece;
  }
}
