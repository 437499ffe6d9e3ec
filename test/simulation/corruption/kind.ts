import { type Item, type Tables, text } from '../model/books.ts';
import type { Random } from '../random.ts';
import type { Intruder, TableName } from './intruder.ts';

/** What a corruption finds, and whereby it chooses. */
export interface Scene {
  readonly tables: Tables;
  readonly random: Random;
  readonly intruder: Intruder;
}

/** What a reconciliation must say of it: one of these types, in this place. */
export interface Expected {
  readonly types: readonly string[];
  readonly place: Readonly<Record<string, unknown>>;
}

/** A way to corrupt the books; undefined where there is nothing to corrupt so. */
export interface CorruptionKind {
  readonly name: string;
  readonly commit: (scene: Scene) => Promise<Expected | undefined>;
}

/** One of the items with such a key, by chance. */
export function someItem({ tables, random }: Scene, table: TableName, fits: (item: Item) => boolean): Item | undefined {
  const items = tables(table).filter(fits);
  return items.length === 0 ? undefined : random.pick(items);
}

export const isPage = (item: Item) => text(item, 'pk').startsWith('J#');
export const isMarker = (item: Item) => text(item, 'pk').startsWith('E#');
export const isUsedHead = (item: Item) => text(item, 'pk').startsWith('H#') && item['next_seq'] !== undefined;

/** Where a page is, as a reconciliation says it. */
export function placeOfPage(item: Item): Record<string, unknown> {
  const [, tenant, period, lane] = text(item, 'pk').split('#');
  return { tenant_id: tenant, period, lane: Number(lane), seq: Number(text(item, 'sk')) };
}

export function placeOfHead(item: Item): Record<string, unknown> {
  const [period, lane] = text(item, 'sk').split('#');
  return { tenant_id: text(item, 'pk').slice(2), period, lane: Number(lane) };
}

/** Totals that are not those of the item, and still balance. */
export function otherTotals(item: Item): Item {
  const totals = item['totals'] as Readonly<Record<string, bigint>>;
  const { receivable = 0n, revenue = 0n } = totals;
  return { totals: { ...totals, receivable: receivable + 1n, revenue: revenue - 1n } };
}

/** A kind that alters one item of such as fit. */
export function altering(
  name: string,
  table: TableName,
  fits: (item: Item) => boolean,
  alter: (item: Item) => Item,
  expected: (item: Item) => Expected,
): CorruptionKind {
  const harm: Harm = ({ intruder }, item) => intruder.put(table, { ...item, ...alter(item) });
  return { name, commit: (scene) => harmSome(scene, table, fits, harm, expected) };
}

/** A kind that removes one item of such as fit. */
export function removing(
  name: string,
  table: TableName,
  fits: (item: Item) => boolean,
  expected: (item: Item) => Expected,
): CorruptionKind {
  const harm: Harm = ({ intruder }, item) => intruder.remove(table, item);
  return { name, commit: (scene) => harmSome(scene, table, fits, harm, expected) };
}

type Harm = (scene: Scene, item: Item) => Promise<void>;

/** What must be found of it; undefined when there is no such item. */
async function harmSome(
  scene: Scene,
  table: TableName,
  fits: (item: Item) => boolean,
  harm: Harm,
  expected: (item: Item) => Expected,
): Promise<Expected | undefined> {
  const item = someItem(scene, table, fits);
  if (item === undefined) return undefined;
  await harm(scene, item);
  return expected(item);
}
