import { sha256Hex } from '../../lambdas/domain/digest.ts';
import { quotas } from './quotas.ts';

/** A key and how much is written to it, in units a second. */
export interface Load {
  readonly key: string;
  readonly units: number;
}

/** DynamoDB splits a partition that stays too hot; how soon it does not promise: some minutes, by what users see. */
const SPLIT_AFTER_MINUTES = 10;

/** DynamoDB Developer Guide: within so long a table takes up to double what it has taken before. */
const DOUBLING_MINUTES = 30;

/** As many hex digits as a JavaScript number holds exactly. */
const HASH_DIGITS = 12;

interface Placed extends Load {
  readonly at: number;
}

/** What a partition is asked for. */
interface Filled {
  readonly loads: readonly Placed[];
  readonly units: number;
}

/** A partition takes the keys whose hash lies from here to the next. */
interface Partition {
  from: number;
  hotMinutes: number;
}

/**
 * An on-demand table as its documents describe it, minute by minute: it begins with 4,000 write units a second, takes double its
 * peak of before each half hour, up to its quota; its partitions take 1,000 each, and one that stays hot is split where its load
 * halves, as long as more than one key lies in it. Partitions never merge. The hash stands in for DynamoDB's own, which nobody knows.
 */
export class OnDemandTable {
  #partitions: Partition[] = evenPartitions(quotas.newTableWrites.value / quotas.partitionWrites.value);
  #allowed: number = quotas.newTableWrites.value;
  #peak = 0;
  #minute = 0;
  #lastFilled: { readonly loads: readonly Load[]; readonly filled: readonly Filled[] } | undefined;
  /** Of an hour's loads, in the order of their hashes: each minute has the same. */
  #known: { readonly loads: readonly Load[]; readonly placed: readonly Placed[] } | undefined;

  get partitions(): number {
    return this.#partitions.length;
  }

  /** Lets a minute pass under these loads; gives the share of them that was not taken. */
  minute(loads: readonly Load[]): number {
    const filled = this.#filled(loads);
    const total = filled.reduce((sum, { units }) => sum + units, 0);
    const admitted = Math.min(1, this.#allowed / total);
    const taken = filled.reduce((sum, { units }) => sum + Math.min(quotas.partitionWrites.value, units * admitted), 0);
    this.#grow(taken);
    this.#split(filled, admitted);
    return Math.max(0, 1 - taken / total);
  }

  /** What each partition is asked for; the same as a minute ago, unless something was split or other keys have come. */
  #filled(loads: readonly Load[]): readonly Filled[] {
    if (this.#lastFilled?.loads === loads && this.#lastFilled.filled.length === this.#partitions.length) {
      return this.#lastFilled.filled;
    }
    const own: Placed[][] = this.#partitions.map(() => []);
    let index = 0;
    for (const load of this.#placed(loads)) {
      while ((this.#partitions[index + 1]?.from ?? 1) <= load.at) index += 1;
      own[index]?.push(load);
    }
    const filled = own.map((each) => ({ loads: each, units: each.reduce((sum, { units }) => sum + units, 0) }));
    this.#lastFilled = { loads, filled };
    return filled;
  }

  #grow(taken: number): void {
    this.#minute += 1;
    this.#peak = Math.max(this.#peak, taken);
    if (this.#minute % DOUBLING_MINUTES !== 0) return;
    this.#allowed = Math.min(quotas.tableWrites.value, Math.max(this.#allowed, 2 * this.#peak));
  }

  #split(filled: readonly Filled[], admitted: number): void {
    const next: Partition[] = [];
    for (const [index, partition] of this.#partitions.entries()) {
      const { loads, units } = filled[index] as Filled;
      partition.hotMinutes = units * admitted >= quotas.partitionWrites.value ? partition.hotMinutes + 1 : 0;
      next.push(partition);
      if (partition.hotMinutes < SPLIT_AFTER_MINUTES || loads.length < 2) continue;
      next.push({ from: halfOf(loads, units), hotMinutes: 0 });
      partition.hotMinutes = 0;
    }
    this.#partitions = next;
  }

  #placed(loads: readonly Load[]): readonly Placed[] {
    if (this.#known?.loads !== loads) {
      const placed = loads.map((load) => ({ ...load, at: hashOf(load.key) }));
      this.#known = { loads, placed: placed.sort((one, other) => one.at - other.at) };
    }
    return this.#known.placed;
  }
}

/** From 0 up to 1. */
function hashOf(key: string): number {
  return Number.parseInt(sha256Hex(key).slice(0, HASH_DIGITS), 16) / 16 ** HASH_DIGITS;
}

function evenPartitions(count: number): Partition[] {
  return Array.from({ length: count }, (_, index) => ({ from: index / count, hotMinutes: 0 }));
}

/** Where the first half of the load ends; the first key never moves. */
function halfOf(loads: readonly Placed[], wanted: number): number {
  let sum = 0;
  for (const [index, { units, at }] of loads.entries()) {
    if (index > 0 && sum >= wanted / 2) return at;
    sum += units;
  }
  return loads.at(-1)?.at ?? 0;
}
