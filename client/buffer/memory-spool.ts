import { ZerosumBufferFull } from '../errors.ts';
import { type BatchLimits, bytesOf, fitting, type Rejection, type Spool, type SpooledEvent } from './spool.ts';

/** Enough for minutes of an outage at a hundred events a second, and too little to starve a service of memory. */
const BYTES_MAX = 16_777_216;

/** Keeps events in memory: what is not sent when the process ends is lost, and rejections are only told. */
export class MemorySpool implements Spool {
  readonly isLasting = false;
  readonly #bytesMax: number;
  #events: { readonly json: string; readonly bytes: number }[] = [];
  #appended = 0;
  pendingBytes = 0;

  constructor(bytesMax = BYTES_MAX) {
    this.#bytesMax = bytesMax;
  }

  async append(json: string): Promise<void> {
    const bytes = bytesOf(json);
    if (this.pendingBytes + bytes > this.#bytesMax) {
      throw new ZerosumBufferFull(
        `The buffer holds ${this.pendingBytes} of ${this.#bytesMax} bytes: record again later, and see what onTrouble says.`,
      );
    }
    this.#events.push({ json, bytes });
    this.pendingBytes += bytes;
    this.#appended += 1;
  }

  async next(limits: BatchLimits): Promise<readonly SpooledEvent[]> {
    const lengths = this.#events.slice(0, limits.events).map(({ bytes }) => bytes);
    return this.#events.slice(0, fitting(lengths, limits));
  }

  async confirm(count: number): Promise<void> {
    for (const { bytes } of this.#events.splice(0, count)) this.pendingBytes -= bytes;
  }

  async mark(): Promise<number> {
    return this.#appended;
  }

  hasReached(mark: number): boolean {
    return this.#appended - this.#events.length >= mark;
  }

  async reject(_: readonly Rejection[]): Promise<void> {}

  async close(): Promise<void> {
    this.#events = [];
    this.pendingBytes = 0;
  }
}
