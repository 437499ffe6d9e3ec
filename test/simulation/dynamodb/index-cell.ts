import type { Item } from './attribute-value.ts';
import type { Placed } from './shelf.ts';

export interface IndexDefinition {
  readonly name: string;
  readonly partition: string;
  readonly sort: string;
}

/** An item's place in an index: there or not, as the index has heard by now. */
export class IndexCell implements Placed {
  readonly partition: string;
  readonly sort: string;
  readonly order: string;
  /** All that a KEYS_ONLY index holds of an item. */
  readonly keys: Item;
  /** What the index has heard and will hear, each from its moment on, in the order it happened. */
  readonly #states: { readonly isPresent: boolean; readonly fromMs: number }[] = [];

  constructor(keys: Item, place: { readonly partition: string; readonly sort: string; readonly order: string }) {
    this.keys = keys;
    this.partition = place.partition;
    this.sort = place.sort;
    this.order = place.order;
  }

  /** Of one item's changes none overtakes another. */
  change(isPresent: boolean, fromMs: number): void {
    this.#states.push({ isPresent, fromMs: Math.max(fromMs, this.#states.at(-1)?.fromMs ?? 0) });
  }

  isPresent(nowMs: number): boolean {
    while ((this.#states[1]?.fromMs ?? Number.POSITIVE_INFINITY) <= nowMs) this.#states.shift();
    const [state] = this.#states;
    return state !== undefined && state.fromMs <= nowMs && state.isPresent;
  }

  /** Gone, and nothing more to be heard of it. */
  isSpent(nowMs: number): boolean {
    return !this.isPresent(nowMs) && this.#states.length <= 1 && this.#states[0]?.isPresent !== true;
  }
}

/** An item's place in an index, or undefined where it lacks one of the index's keys: such an index is sparse. */
export function indexPlaceOf(item: Item | undefined, index: IndexDefinition) {
  const [partition, sort] = [item?.[index.partition]?.S, item?.[index.sort]?.S];
  if (partition === undefined || sort === undefined) return undefined;
  return { partition, sort, order: indexOrderOf(sort, item?.['pk']?.S ?? '', item?.['sk']?.S ?? '') };
}

/** A character no key of ours has: it orders by the sort key first, then by the item's own key. */
export function indexOrderOf(sort: string, pk: string, sk: string): string {
  return `${sort}\0${pk}\0${sk}`;
}
