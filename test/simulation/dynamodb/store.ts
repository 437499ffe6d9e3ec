import type { Random } from '../random.ts';
import { equalItems, type Item } from './attribute-value.ts';
import type { Moment } from './cell.ts';
import type { Nastiness } from './nastiness.ts';
import { noSuchTable } from './refusals.ts';
import { type Place, Table, type TableDefinition } from './table.ts';

/** A change of one item, as its table's stream tells it. */
export interface Change {
  readonly table: string;
  readonly keys: Item;
  /** Undefined for an item that was not there before. */
  readonly oldImage: Item | undefined;
  /** Undefined for an item that is there no more. */
  readonly newImage: Item | undefined;
  /** Grows with every change of the whole service, and is as long for each. */
  readonly sequenceNumber: string;
  readonly atMs: number;
  readonly caller: string;
}

/** A write that was done, whether or not it changed anything. */
export interface Write {
  readonly caller: string;
  readonly table: string;
  /** The call it was part of: `PutItem`, `TransactWriteItems`. */
  readonly command: string;
  /** What it did to the item: `Put`, `Update`, `Delete`. */
  readonly action: string;
  readonly key: Item;
}

/** What a read has looked at, before anything was filtered or projected away: that is what it costs. */
export interface Read {
  readonly table: string;
  /** The index, where one was read instead of its table. */
  readonly index: string | undefined;
  /** Together, of one item or of a page. */
  readonly bytes: number;
  readonly isConsistent: boolean;
}

/** Where the sequence numbers of a stream begin: they have 21 digits. */
const FIRST_SEQUENCE_NUMBER = 10n ** 20n;

/** All tables, with one order of changes over them, and what looks at them. */
export class Store {
  readonly changeListeners: ((change: Change) => void)[] = [];
  readonly writeListeners: ((write: Write) => void)[] = [];
  readonly readListeners: ((read: Read) => void)[] = [];
  readonly #tables = new Map<string, Table>();
  readonly #nowMs: () => number;
  readonly #random: Random;
  readonly #nastiness: Nastiness;
  /** Since when each read under way looks, the oldest first. */
  readonly #reads = new Set<Moment>();
  #changes = 0;

  constructor(nowMs: () => number, random: Random, nastiness: Nastiness) {
    this.#nowMs = nowMs;
    this.#random = random;
    this.#nastiness = nastiness;
  }

  get now(): Moment {
    return { change: this.#changes, atMs: this.#nowMs() };
  }

  define(definition: TableDefinition): Table {
    const table = new Table(definition);
    this.#tables.set(definition.name, table);
    return table;
  }

  has(name: string): boolean {
    return this.#tables.has(name);
  }

  table(name: string | undefined): Table {
    const table = this.#tables.get(name ?? '');
    if (table === undefined) throw noSuchTable();
    return table;
  }

  /** What was in the tables from now on is kept until `end` is called with what this returned. */
  begin(): Moment {
    const moment = this.now;
    this.#reads.add(moment);
    return moment;
  }

  end(read: Moment): void {
    this.#reads.delete(read);
  }

  noteRead(read: Read): void {
    for (const listener of this.readListeners) listener(read);
  }

  write(table: Table, place: Place, after: Item | undefined, by: Pick<Write, 'caller' | 'command' | 'action'>): void {
    const keys = { pk: { S: place.partition }, sk: { S: place.sort } };
    const before = table.current(place);
    for (const listener of this.writeListeners) listener({ ...by, table: table.name, key: keys });
    if (before === after || (before !== undefined && after !== undefined && equalItems(before, after))) return;
    this.#changes += 1;
    table.replace(place, after, this.now, this.#forgetBefore(), () => this.#indexedAtMs());
    const sequenceNumber = String(FIRST_SEQUENCE_NUMBER + BigInt(this.#changes));
    const change = { table: table.name, keys, oldImage: before, newImage: after, sequenceNumber, atMs: this.#nowMs() };
    for (const listener of this.changeListeners) listener({ ...change, caller: by.caller });
  }

  #forgetBefore(): Moment {
    const [oldest = { ...this.now, change: Number.POSITIVE_INFINITY }] = this.#reads;
    return { change: oldest.change, atMs: oldest.atMs - this.#nastiness.staleMsMax };
  }

  #indexedAtMs(): number {
    const { lateIndex, lateIndexMsMax } = this.#nastiness;
    const isLate = lateIndex > 0 && this.#random.chance(lateIndex);
    return this.#nowMs() + (isLate ? this.#random.integer(0, lateIndexMsMax) : 0);
  }
}
