import { setTimeout as sleep } from 'node:timers/promises';
import type { AwsJson } from '../engines/aws-json.ts';
import type { FunctionPool } from '../functions/pool.ts';
import { type RetryRules, runBatch } from './batch-run.ts';
import type { Checkpoint } from './checkpoint.ts';
import { type Discarded, discardedBatch } from './discarded-batch.ts';
import type { EventFilter } from './event-filter.ts';
import { StreamReader } from './stream-reader.ts';
import { changesNothing, type StreamRecord, type StreamSource, streamRecord } from './stream-record.ts';
import type { Trigger } from './trigger.ts';

/**
 * Between reads: none while there is more than a read brings, so that a backlog goes fast; this after a read that brought
 * all there was, for reading each record by itself would cost the engine more than writing it; and ever longer when
 * nothing comes, so that idling costs nothing.
 */
const FIRST_WAIT_MS = 100;
const MOST_WAIT_MS = 1_000;

/** After a failed call: the engine is being restarted, which takes about this long. */
const RETRY_AFTER_MS = 200;

/** What Lambda hands a function at most: 6 MB. */
const MOST_BATCH_BYTES = 6 * 1_048_576;

/** How long stopping waits for a batch under way; what is not settled then is delivered again. */
const STOP_TIMEOUT_MS = 2_000;

export interface StreamPollerOptions {
  readonly streams: AwsJson;
  /** `engineArn` is the stream's name in the engine. */
  readonly stream: StreamSource & { readonly engineArn: string };
  readonly checkpoint: Checkpoint;
  readonly pool: FunctionPool;
  readonly functionArn: string;
  readonly batchSize: number;
  readonly windowMs: number;
  readonly filter: EventFilter;
  readonly rules: RetryRules;
  /** Sends to the on-failure queue, if the mapping names one. */
  readonly onFailure: ((message: object) => Promise<void>) | undefined;
}

/** Records of one shard, and where the shard stands behind them. */
interface Gathered {
  readonly records: readonly StreamRecord[];
  readonly after: string | undefined;
  /** There may be more right now. */
  readonly isFull: boolean;
  readonly ended: boolean;
}

/** What a step brought; `more` when the next one should follow at once. */
type Progress = 'none' | 'some' | 'more';

/**
 * A stream as an event source. It has one batch under way at a time, whatever the parallelization factor: order holds
 * for each item, as it does with any factor.
 */
export class StreamPoller implements Trigger {
  readonly #options: StreamPollerOptions;
  readonly #reader: StreamReader;
  readonly #stopping = new AbortController();
  #loop: Promise<void> = Promise.resolve();

  constructor(options: StreamPollerOptions) {
    this.#options = options;
    this.#reader = new StreamReader(options.streams, options.stream.engineArn, options.checkpoint);
  }

  /** Leaves out what the stream holds already: for a new mapping that starts at LATEST. */
  async skipToEnd(): Promise<void> {
    for (const shardId of await this.#reader.shardIds()) {
      let after: string | undefined;
      for (;;) {
        const { records, ended } = await this.#reader.read(shardId, after, Number.POSITIVE_INFINITY);
        after = records.at(-1)?.dynamodb.SequenceNumber ?? after;
        if (ended || records.length === 0) break;
      }
      await this.#options.checkpoint.keep(shardId, position(after, false));
    }
  }

  start(): void {
    this.#loop = this.#poll();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.race([this.#loop, sleep(STOP_TIMEOUT_MS, undefined, { ref: false })]);
  }

  async #poll(): Promise<void> {
    let waitMs = FIRST_WAIT_MS;
    while (!this.#stopping.signal.aborted) {
      try {
        const steps: Progress[] = [];
        for (const shardId of await this.#reader.shardIds()) steps.push(await this.#advance(shardId));
        if (steps.includes('more')) continue;
        const isIdle = !steps.includes('some');
        if (isIdle) await this.#options.checkpoint.flush();
        waitMs = isIdle ? Math.min(MOST_WAIT_MS, waitMs * 2) : FIRST_WAIT_MS;
        await this.#wait(waitMs);
      } catch {
        this.#reader.forget();
        await this.#wait(RETRY_AFTER_MS);
      }
    }
  }

  /** Reads and delivers one batch. */
  async #advance(shardId: string): Promise<Progress> {
    const { checkpoint, pool, rules } = this.#options;
    const before = checkpoint.of(shardId);
    const { records, after, isFull, ended } = await this.#gather(shardId, before.after);
    const owner = {
      settled: ({ dynamodb }: StreamRecord) => checkpoint.keep(shardId, { after: dynamodb.SequenceNumber }),
      discarded: (what: Discarded) => this.#discard(shardId, what),
    };
    for (const batch of bounded(records)) {
      await runBatch(batch, { pool, rules, owner, signal: this.#stopping.signal });
      if (this.#stopping.signal.aborted) return 'some';
    }
    // What the filter left out behind the last record delivered is settled too.
    if (ended || checkpoint.of(shardId).after !== after) await checkpoint.pass(shardId, position(after, ended));
    if (isFull || ended) return 'more';
    return after === before.after ? 'none' : 'some';
  }

  /** Collects up to a batch; waits for more as long as the window says once there is a first record. */
  async #gather(shardId: string, from: string | undefined): Promise<Gathered> {
    const { batchSize, windowMs, filter, stream } = this.#options;
    const records: StreamRecord[] = [];
    let after = from;
    let deadlineMs: number | undefined;
    for (;;) {
      const limit = batchSize - records.length;
      const page = await this.#reader.read(shardId, after, limit);
      after = page.records.at(-1)?.dynamodb.SequenceNumber ?? after;
      const wanted = page.records.filter((record) => !changesNothing(record));
      records.push(...wanted.map((record) => streamRecord(record, stream)).filter((record) => filter.matches(record)));
      const nowMs = performance.now();
      if (records.length > 0) deadlineMs ??= nowMs + windowMs;
      const isLate = deadlineMs === undefined || nowMs >= deadlineMs;
      if (isLate || page.ended || records.length >= batchSize || this.#stopping.signal.aborted) {
        return { records, after, isFull: page.records.length >= limit, ended: page.ended };
      }
      if (page.records.length === 0) await this.#wait(FIRST_WAIT_MS);
    }
  }

  async #discard(shardId: string, what: Discarded): Promise<void> {
    const { onFailure, functionArn } = this.#options;
    if (onFailure === undefined) return;
    const message = discardedBatch(what, { shardId, functionArn, now: new Date() });
    // The queue engine may be restarting; going back to the checkpoint instead would deliver the records again.
    while (!this.#stopping.signal.aborted) {
      try {
        return await onFailure(message);
      } catch {
        await this.#wait(RETRY_AFTER_MS);
      }
    }
    throw new Error('Stopped before the discarded batch was told of.');
  }

  async #wait(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }
}

function position(after: string | undefined, ended: boolean) {
  return { ...(after !== undefined && { after }), ...(ended && { ended: true as const }) };
}

/** Cuts a batch where it would outgrow what a function can be handed. */
function bounded(records: readonly StreamRecord[]): StreamRecord[][] {
  const batches: StreamRecord[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const record of records) {
    const size = Buffer.byteLength(JSON.stringify(record)) + 1;
    bytes += size;
    if (bytes > MOST_BATCH_BYTES) {
      batches.push([]);
      bytes = size;
    }
    batches.at(-1)?.push(record);
  }
  return batches;
}
