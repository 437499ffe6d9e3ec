import { compareText } from './attribute-value.ts';

/** What has a place in a table or an index. */
export interface Placed {
  readonly partition: string;
  /** The value of the sort key. */
  readonly sort: string;
  /** Orders what is in a partition: the sort key, and in an index what else tells two items apart. */
  readonly order: string;
}

interface Partition<Entry> {
  readonly key: string;
  readonly hash: number;
  /** In order. */
  readonly entries: Entry[];
  readonly byOrder: Map<string, Entry>;
}

/** The hashes' range: a partition's place in a scan. */
export const HASHES = 2 ** 32;

/** Entries by partition, each partition in order, the partitions by the hash of their key as a scan meets them. */
export class Shelf<Entry extends Placed> {
  readonly #byKey = new Map<string, Partition<Entry>>();
  readonly #inScanOrder: Partition<Entry>[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  find(partition: string, order: string): Entry | undefined {
    return this.#byKey.get(partition)?.byOrder.get(order);
  }

  /** In order; not to be kept over a change. */
  entriesOf(partition: string): readonly Entry[] {
    return this.#byKey.get(partition)?.entries ?? [];
  }

  add(entry: Entry): void {
    const partition = this.#byKey.get(entry.partition) ?? this.#open(entry.partition);
    partition.entries.splice(firstNotBefore(partition.entries, entry.order), 0, entry);
    partition.byOrder.set(entry.order, entry);
    this.#size += 1;
  }

  remove(entry: Entry): void {
    const partition = this.#byKey.get(entry.partition);
    if (partition?.byOrder.get(entry.order) !== entry) return;
    partition.byOrder.delete(entry.order);
    this.#size -= 1;
    partition.entries.splice(firstNotBefore(partition.entries, entry.order), 1);
    if (partition.entries.length > 0) return;
    this.#byKey.delete(partition.key);
    this.#inScanOrder.splice(this.#placeOf(partition), 1);
  }

  /** Everything, by partition key and then in order: for checks, not for reads. */
  *inKeyOrder(): Iterable<Entry> {
    for (const key of [...this.#byKey.keys()].sort(compareText)) yield* this.entriesOf(key);
  }

  /** As a scan meets it: the partitions whose hashes lie from one on and before another, from a place on that the scan has reached. */
  *scan(
    fromHash: number,
    beforeHash: number,
    after?: { readonly partition: string; readonly order: string },
  ): Iterable<Entry> {
    const start =
      after === undefined ? { hash: fromHash, key: '' } : { hash: hashOf(after.partition), key: after.partition };
    for (let at = this.#placeOf(start); at < this.#inScanOrder.length; at += 1) {
      const { hash, key, entries } = this.#inScanOrder[at] as Partition<Entry>;
      if (hash >= beforeHash) return;
      const from = key === after?.partition ? firstAfter(entries, after.order) : 0;
      for (let index = from; index < entries.length; index += 1) yield entries[index] as Entry;
    }
  }

  #open(key: string): Partition<Entry> {
    const partition = { key, hash: hashOf(key), entries: [], byOrder: new Map() };
    this.#byKey.set(key, partition);
    this.#inScanOrder.splice(this.#placeOf(partition), 0, partition);
    return partition;
  }

  /** Where in the order of scans a partition is, or would be. */
  #placeOf({ hash, key }: { readonly hash: number; readonly key: string }): number {
    let [low, high] = [0, this.#inScanOrder.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#inScanOrder[middle] as Partition<Entry>;
      if (other.hash < hash || (other.hash === hash && compareText(other.key, key) < 0)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The index of the first entry that is not before a place. */
export function firstNotBefore(entries: readonly Placed[], order: string): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareText((entries[middle] as Placed).order, order) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The index of the first entry after a place, whether or not anything is there. */
export function firstAfter(entries: readonly Placed[], order: string): number {
  const at = firstNotBefore(entries, order);
  return entries[at]?.order === order ? at + 1 : at;
}

/** Fowler, Noll and Vo's 32 bits (FNV-1a), mixed once more, over the text's units: DynamoDB's own function is its secret. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
