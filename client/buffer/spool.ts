import type { Body } from '../operation-types.ts';

/** An event that waits to be sent, as its JSON. */
export interface SpooledEvent {
  readonly json: string;
  /** What was read back is not what was recorded: the disk has lost or altered it. */
  readonly isDamaged?: true;
}

/** An event that the service will never take, and why. */
export interface Rejection {
  /** The HTTP status it was answered with; 0 for one that the disk has damaged. */
  readonly status: number;
  readonly reason: string;
  /** The event as it was recorded; of a damaged one, what there is instead. */
  readonly event: Body<'acceptUsage'> | string;
}

/** How much may be sent at once. */
export interface BatchLimits {
  readonly events: number;
  readonly bytes: number;
}

/** Where a buffer keeps events until the service has taken or refused them: in memory, or on disk. */
export interface Spool {
  /** Whether what is left at the end is there again next time. */
  readonly isLasting: boolean;
  /** What is kept, rejections included. */
  readonly pendingBytes: number;
  /** Keeps an event. Throws a ZerosumBufferFull when there is no room. */
  append(json: string): Promise<void>;
  /** The oldest events, the same at each call until they are confirmed; none when all are. */
  next(limits: BatchLimits): Promise<readonly SpooledEvent[]>;
  /** Forgets the oldest `count` events, also when it throws. Then they may come again when the spool is opened again. */
  confirm(count: number): Promise<void>;
  /** Names everything appended so far. Marks grow. */
  mark(): Promise<number>;
  /** Whether everything up to a mark is confirmed. */
  hasReached(mark: number): boolean;
  /** Keeps what was refused, for a person. */
  reject(rejections: readonly Rejection[]): Promise<void>;
  close(): Promise<void>;
}

/** How many of the events fit into one batch, commas and brackets included; one always does. */
export function fitting(lengths: Iterable<number>, limits: BatchLimits): number {
  let [count, bytes] = [0, 1];
  for (const length of lengths) {
    bytes += length + 1;
    if (count > 0 && (count >= limits.events || bytes > limits.bytes)) break;
    count += 1;
  }
  return count;
}

const encoder = new TextEncoder();

export function bytesOf(text: string): number {
  return encoder.encode(text).length;
}
