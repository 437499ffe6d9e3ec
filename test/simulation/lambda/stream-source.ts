import type { DynamoDBRecord } from 'aws-lambda';
import { firstFailed } from '../../../localstack/embedded/triggers/stream-response.ts';
import type { Random } from '../random.ts';
import type { Scheduler } from '../scheduler.ts';
import type { FunctionName } from './functions.ts';
import type { SimulatedLambda } from './lambda.ts';

/** As the stack's mappings have it. */
const BATCH_MAX = 100;

/**
 * A record that fails so often is given up: far later than by the stack's mappings, since a simulated function dies more often than
 * any real one.
 */
const RETRIES_MAX = 40;

const RETRY_AFTER_MS = 200;

export interface StreamFaults {
  /** A stream shows a change up to so much later. */
  readonly lagMs: number;
  /** Of a batch that succeeded: it is delivered again (Lambda Developer Guide: "at least once"). */
  readonly repeat: number;
}

interface Props {
  readonly scheduler: Scheduler;
  readonly lambda: SimulatedLambda;
  readonly random: Random;
  readonly faults: StreamFaults;
}

/** A table's stream as a function's event source: in order within a shard, shards beside each other, each batch until it succeeds. */
export class StreamSource {
  /** Records given up: none should be. */
  discarded = 0;
  readonly #props: Props;
  readonly #target: FunctionName;
  readonly #shards = new Map<string, Shard>();

  constructor(target: FunctionName, props: Props) {
    this.#target = target;
    this.#props = props;
  }

  /** Whether everything that was put has been delivered. */
  get isDrained(): boolean {
    return [...this.#shards.values()].every(({ records, isBusy }) => records.length === 0 && !isBusy);
  }

  /** @param shardId items of one partition key are of one shard */
  put(shardId: string, record: DynamoDBRecord): void {
    let shard = this.#shards.get(shardId);
    if (shard === undefined) {
      shard = { records: [], failures: 0, limit: BATCH_MAX, isBusy: false };
      this.#shards.set(shardId, shard);
    }
    shard.records.push(record);
    this.#wake(shard, this.#lagMs());
  }

  #wake(shard: Shard, afterMs: number): void {
    if (shard.isBusy) return;
    shard.isBusy = true;
    this.#props.scheduler.after(afterMs, '', () => void this.#deliver(shard));
  }

  async #deliver(shard: Shard): Promise<void> {
    const Records = shard.records.slice(0, shard.limit);
    const outcome = await this.#props.lambda.invoke(this.#target, { Records }).outcome;
    const failed = outcome.kind === 'failed' ? 0 : this.#firstFailed(Records, outcome.payload);
    this.#settle(shard, Records.length, failed);
    shard.isBusy = false;
    if (shard.records.length > 0) this.#wake(shard, failed === undefined ? this.#lagMs() : RETRY_AFTER_MS);
  }

  #firstFailed(records: readonly DynamoDBRecord[], payload: unknown): number | undefined {
    const sequenceNumbers = records.map(({ dynamodb }) => dynamodb?.SequenceNumber ?? '');
    return firstFailed({ kind: 'result', payload }, sequenceNumbers, true);
  }

  /** @param failed the index of the first that did; what comes before it is done */
  #settle(shard: Shard, delivered: number, failed: number | undefined): void {
    const { random, faults } = this.#props;
    if (failed === undefined) {
      if (random.chance(faults.repeat)) return;
      shard.records.splice(0, delivered);
      shard.limit = BATCH_MAX;
      shard.failures = 0;
    } else if (failed > 0) {
      shard.records.splice(0, failed);
      shard.failures = 1;
    } else if (delivered > 1) {
      shard.limit = Math.ceil(delivered / 2);
    } else if (shard.failures >= RETRIES_MAX) {
      shard.records.shift();
      shard.failures = 0;
      this.discarded += 1;
    } else {
      shard.failures += 1;
    }
  }

  #lagMs(): number {
    return this.#props.random.integer(1, Math.max(1, this.#props.faults.lagMs));
  }
}

interface Shard {
  readonly records: DynamoDBRecord[];
  failures: number;
  /** How many are delivered together: fewer after a failure, to find the one to blame. */
  limit: number;
  isBusy: boolean;
}
