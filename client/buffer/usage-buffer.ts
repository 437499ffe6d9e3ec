import { BATCH_BODY_MAX_BYTES, BATCH_EVENTS_MAX, BODY_MAX_BYTES } from '../../lambdas/http/limits.ts';
import { ZerosumInvalidError } from '../errors.ts';
import { waitMs } from '../retry-policy.ts';
import { type ClientClock, newKey, systemClock } from '../runtime.ts';
import { keyedEvent, type UsageEvent } from '../usage-event.ts';
import { type BatchSender, deliver } from './delivery.ts';
import { MemorySpool } from './memory-spool.ts';
import { bytesOf, type Rejection, type Spool } from './spool.ts';

export interface BufferMetrics {
  /** Events since the buffer was made. */
  readonly recorded: number;
  /** Accepted by the service: certain to settle. */
  readonly accepted: number;
  readonly rejected: number;
  /** Tries that failed and were followed by another. */
  readonly retries: number;
  /** What is kept now, of earlier runs too. */
  readonly pendingBytes: number;
}

export interface BufferOptions {
  /** Where events are kept until the service has them: a `DiskSpool`. Without one, in memory. */
  readonly spool?: Spool;
  /** Sends as soon as so many events were recorded: at most 1,000, which is the default. */
  readonly flushEvents?: number;
  /** Sends what was recorded at the latest so long after. */
  readonly flushEveryMs?: number;
  /** Told of each event that will never be taken, once it is in the spool's rejects file. */
  readonly onRejected?: (rejection: Rejection) => void;
  /** Told of each try that failed; the events are kept and tried again. */
  readonly onTrouble?: (error: Error) => void;
  /** Told after each batch and each failed try. */
  readonly onMetrics?: (metrics: BufferMetrics) => void;
  readonly clock?: ClientClock;
  readonly newKey?: () => string;
}

const FLUSH_EVERY_MS = 1_000;
const FLUSH_TIMEOUT_MS = 60_000;
const CLOSE_TIMEOUT_MS = 10_000;

/**
 * Takes usage events at once and sends them in batches, until each is accepted or refused for good. An event that was
 * recorded on disk is sent after any crash, with the same key, so that it is charged once. One event after the other, in
 * the order in which they were recorded.
 */
export class UsageBuffer {
  readonly #sender: BatchSender;
  readonly #options: BufferOptions;
  readonly #spool: Spool;
  readonly #clock: ClientClock;
  readonly #stop = new AbortController();
  #counts = { recorded: 0, accepted: 0, rejected: 0, retries: 0 };
  /** Recorded since sending was last asked for. */
  #fresh = { events: 0, bytes: 0 };
  #isTimed = false;
  /** Everything up to this mark of the spool is to be sent now. */
  #target = 0;
  #run: Promise<void> | undefined;
  #waiting: readonly { readonly mark: number; readonly resolve: () => void }[] = [];
  #lastTrouble: Error | undefined;
  #isClosed = false;

  /** What the spool holds from an earlier run is sent at once. */
  constructor(sender: BatchSender, options: BufferOptions = {}) {
    const { spool = new MemorySpool(), clock = systemClock, flushEvents = BATCH_EVENTS_MAX } = options;
    if (!(flushEvents >= 1 && flushEvents <= BATCH_EVENTS_MAX)) {
      throw new ZerosumInvalidError(
        `flushEvents must be from 1 to ${BATCH_EVENTS_MAX}, the most that one batch holds.`,
      );
    }
    this.#sender = sender;
    this.#options = options;
    this.#spool = spool;
    this.#clock = clock;
    this.#sendSoon();
  }

  /**
   * Keeps an event and gives its key. Resolves when it is as durable as the spool makes it; from then on it is sent until
   * it is accepted or refused. An event without a key gets one, and without a date the present moment, since it may be sent
   * much later; one with a key of its own is sent as it is, so that recording it again is the same event. Throws a
   * ZerosumBufferFull when there is no room, and whatever the disk says: record it again then, with the same key.
   */
  async record(event: UsageEvent): Promise<string> {
    if (this.#isClosed) throw new ZerosumInvalidError('The buffer is closed: record before close().');
    const isUnkeyed = event.idempotency_key === undefined && event.event_date === undefined;
    const date = isUnkeyed ? { event_date: new Date(this.#clock.nowMs()).toISOString() } : {};
    const keyed = keyedEvent({ ...event, ...date }, this.#options.newKey ?? newKey);
    const json = JSON.stringify(keyed);
    if (bytesOf(json) > BODY_MAX_BYTES) {
      throw new ZerosumInvalidError(
        `The event is larger than ${BODY_MAX_BYTES} bytes, which the service does not take.`,
      );
    }
    await this.#spool.append(json);
    this.#counts.recorded += 1;
    this.#fresh.events += 1;
    this.#fresh.bytes += bytesOf(json);
    const { flushEvents = BATCH_EVENTS_MAX } = this.#options;
    if (this.#fresh.events >= flushEvents || this.#fresh.bytes >= BATCH_BODY_MAX_BYTES) this.#sendSoon();
    else this.#sendLater();
    return keyed.idempotency_key;
  }

  get metrics(): BufferMetrics {
    return { ...this.#counts, pendingBytes: this.#spool.pendingBytes };
  }

  /**
   * Sends everything recorded so far and resolves when all of it was accepted or refused. Rejects with what the last try
   * met when that takes longer than `timeoutMs`; the events are kept and tried again all the same.
   */
  async flush({ timeoutMs = FLUSH_TIMEOUT_MS }: { readonly timeoutMs?: number } = {}): Promise<void> {
    if (!(await this.#sentWithin(timeoutMs))) throw this.#notSent(timeoutMs);
  }

  /**
   * Sends what it can within `timeoutMs`, then stops and lets go of the spool. What was not sent stays on disk for the next
   * time; without a disk it is lost, and what the last try met is thrown.
   */
  async close({ timeoutMs = CLOSE_TIMEOUT_MS }: { readonly timeoutMs?: number } = {}): Promise<void> {
    this.#isClosed = true;
    const isSent = await this.#sentWithin(timeoutMs);
    this.#stop.abort();
    await this.#run;
    await this.#spool.close();
    if (!isSent && !this.#spool.isLasting) throw this.#notSent(timeoutMs);
  }

  #notSent(timeoutMs: number): Error {
    return this.#lastTrouble ?? new ZerosumInvalidError(`Not all was sent within ${timeoutMs} ms: allow more.`);
  }

  async #sentWithin(timeoutMs: number): Promise<boolean> {
    const mark = await this.#send();
    if (this.#spool.hasReached(mark)) return true;
    const timer = new AbortController();
    const sent = new Promise<true>((resolve) => {
      this.#waiting = [...this.#waiting, { mark, resolve: () => resolve(true) }];
    });
    const late = this.#clock.sleep(timeoutMs, timer.signal).then(() => false);
    // Its end comes as a rejection, which nobody waits for any more.
    late.catch(() => undefined);
    const isSent = await Promise.race([sent, late]);
    timer.abort();
    return isSent;
  }

  /** Sends everything recorded so far, beginning now; gives its mark. */
  async #send(): Promise<number> {
    this.#fresh = { events: 0, bytes: 0 };
    const mark = await this.#spool.mark();
    this.#target = Math.max(this.#target, mark);
    if (!this.#stop.signal.aborted && !this.#spool.hasReached(mark)) this.#run ??= this.#sendUpToTarget();
    return mark;
  }

  #sendSoon(): void {
    this.#send().catch((error: Error) => this.#trouble(error));
  }

  #sendLater(): void {
    if (this.#isTimed) return;
    this.#isTimed = true;
    const { flushEveryMs = FLUSH_EVERY_MS } = this.#options;
    this.#clock.sleep(flushEveryMs, this.#stop.signal).then(
      () => {
        this.#isTimed = false;
        this.#sendSoon();
      },
      // Stopped: close() has sent it, or left it to the next time.
      () => undefined,
    );
  }

  async #sendUpToTarget(): Promise<void> {
    const { signal } = this.#stop;
    let failures = 0;
    while (!signal.aborted && !this.#spool.hasReached(this.#target)) {
      try {
        await this.#sendBatch();
        failures = 0;
      } catch (error) {
        if (signal.aborted) break;
        failures += 1;
        this.#trouble(error as Error);
        await this.#clock.sleep(waitMs(failures, undefined, this.#clock), signal).catch(() => undefined);
      }
    }
    this.#run = undefined;
  }

  async #sendBatch(): Promise<void> {
    const { flushEvents: events = BATCH_EVENTS_MAX, onRejected, onMetrics } = this.#options;
    const batch = await this.#spool.next({ events, bytes: BATCH_BODY_MAX_BYTES });
    const { accepted, rejections } = await deliver(batch, {
      sender: this.#sender,
      clock: this.#clock,
      signal: this.#stop.signal,
      onTrouble: (error) => this.#trouble(error),
    });
    if (rejections.length > 0) await this.#spool.reject(rejections);
    this.#counts.accepted += accepted;
    this.#counts.rejected += rejections.length;
    for (const rejection of rejections) tell(onRejected, rejection);
    this.#lastTrouble = undefined;
    try {
      await this.#spool.confirm(batch.length);
    } finally {
      this.#waiting = this.#waiting.filter(({ mark, resolve }) => {
        if (!this.#spool.hasReached(mark)) return true;
        resolve();
        return false;
      });
      tell(onMetrics, this.metrics);
    }
  }

  #trouble(error: Error): void {
    this.#lastTrouble = error;
    this.#counts.retries += 1;
    tell(this.#options.onTrouble, error);
    tell(this.#options.onMetrics, this.metrics);
  }
}

/** What a callback throws is its program's fault and ends up there as uncaught: events are sent all the same. */
function tell<Told>(callback: ((told: Told) => void) | undefined, told: Told): void {
  try {
    callback?.(told);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
