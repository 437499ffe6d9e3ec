import type { Item } from './attribute-value.ts';
import type { Cell } from './cell.ts';
import type { Glance } from './glance.ts';
import { type IndexCell, indexOrderOf } from './index-cell.ts';
import type { Met } from './page.ts';
import { invalid } from './refusals.ts';
import type { Placed, Shelf } from './shelf.ts';
import type { Place, Table } from './table.ts';

/** What a Query or Scan reads: a table, or its index. */
export interface Source<Entry extends Placed = Placed> {
  readonly keys: { readonly partition: string; readonly sort: string };
  readonly shelf: Shelf<Entry>;
  meet(entry: Entry): Met;
  /** The place that an ExclusiveStartKey names. */
  placeOf(key: Item): { readonly partition: string; readonly order: string };
}

export function tableSource(table: Table, glance: Glance): Source<Cell> {
  return {
    keys: { partition: 'pk', sort: 'sk' },
    shelf: table.cells,
    meet: (cell) => ({ item: glance.see(cell), key: () => keyOf(cell) }),
    placeOf: (key) => {
      const [partition, order] = textsOf(key, ['pk', 'sk']) as [string, string];
      return { partition, order };
    },
  };
}

/** An index is never read consistently: it says what it has heard so far. */
export function indexSource(table: Table, name: string, nowMs: number): Source<IndexCell> {
  const { index } = table.definition;
  if (index?.name !== name) throw invalid(`The table does not have the specified index: ${name}`);
  return {
    keys: index,
    shelf: table.indexCells,
    meet: (cell) => ({ item: cell.isPresent(nowMs) ? cell.keys : undefined, key: () => cell.keys }),
    placeOf: (key) => {
      const texts = textsOf(key, [index.partition, index.sort, 'pk', 'sk']);
      const [partition, sort, pk, sk] = texts as [string, string, string, string];
      return { partition, order: indexOrderOf(sort, pk, sk) };
    },
  };
}

function keyOf({ partition, sort }: Place): Item {
  return { pk: { S: partition }, sk: { S: sort } };
}

function textsOf(key: Item, names: readonly string[]): string[] {
  const texts = names.map((name) => key[name]?.S);
  if (Object.keys(key).length !== names.length || texts.some((text) => !text)) {
    throw invalid('The provided starting key is invalid');
  }
  return texts as string[];
}
