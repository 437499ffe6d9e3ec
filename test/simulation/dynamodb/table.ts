import type { Item } from './attribute-value.ts';
import { Cell, type Moment } from './cell.ts';
import { IndexCell, type IndexDefinition, indexPlaceOf } from './index-cell.ts';
import { Shelf } from './shelf.ts';

/** Every table of the system has the text keys `pk` and `sk`, and at most one index of texts that holds keys alone. */
export interface TableDefinition {
  readonly name: string;
  readonly index?: IndexDefinition | undefined;
}

export interface Place {
  readonly partition: string;
  readonly sort: string;
}

/** The items of a table, as they are and as reads may still see them. */
export class Table {
  readonly definition: TableDefinition;
  readonly cells = new Shelf<Cell>();
  readonly indexCells = new Shelf<IndexCell>();
  /** Cells whose item was removed, oldest first, to be cleared away once nobody can see it. */
  #emptied: Cell[] = [];

  constructor(definition: TableDefinition) {
    this.definition = definition;
  }

  get name(): string {
    return this.definition.name;
  }

  current(place: Place): Item | undefined {
    return this.cells.find(place.partition, place.sort)?.current;
  }

  /**
   * @param item what is there from now on; undefined for nothing
   * @param forgetBefore no read under way, and none to come, looks further back
   * @param indexedAtMs when the index hears of one more change
   */
  replace(place: Place, item: Item | undefined, now: Moment, forgetBefore: Moment, indexedAtMs: () => number): void {
    let cell = this.cells.find(place.partition, place.sort);
    if (cell === undefined) {
      cell = new Cell(place.partition, place.sort);
      this.cells.add(cell);
    }
    const before = cell.current;
    cell.replace(item, now);
    cell.forget(forgetBefore);
    if (item === undefined) this.#emptied.push(cell);
    this.#clearAway(forgetBefore);
    this.#reindex(before, item, indexedAtMs);
  }

  /** Every item, in the order of its keys. */
  *items(): Iterable<Item> {
    for (const { current } of this.cells.inKeyOrder()) if (current !== undefined) yield current;
  }

  #reindex(before: Item | undefined, after: Item | undefined, indexedAtMs: () => number): void {
    const { index } = this.definition;
    if (index === undefined) return;
    const [from, to] = [indexPlaceOf(before, index), indexPlaceOf(after, index)];
    if (from?.partition === to?.partition && from?.order === to?.order) return;
    if (from !== undefined) this.indexCells.find(from.partition, from.order)?.change(false, indexedAtMs());
    if (to === undefined) return;
    let cell = this.indexCells.find(to.partition, to.order);
    if (cell === undefined) {
      const names = ['pk', 'sk', index.partition, index.sort];
      const keys = Object.fromEntries(names.map((name) => [name, after?.[name]])) as Item;
      cell = new IndexCell(keys, to);
      this.indexCells.add(cell);
    }
    cell.change(true, indexedAtMs());
  }

  #clearAway(forgetBefore: Moment): void {
    for (let cell = this.#emptied[0]; cell !== undefined; cell = this.#emptied[0]) {
      cell.forget(forgetBefore);
      if (cell.current === undefined && (!cell.isSpent || cell.hasChangedSince(forgetBefore))) return;
      this.#emptied.shift();
      if (cell.current === undefined) this.cells.remove(cell);
    }
  }
}
