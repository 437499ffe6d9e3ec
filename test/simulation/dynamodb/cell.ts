import type { Item } from './attribute-value.ts';
import type { Placed } from './shelf.ts';

/** A moment in the life of a table: of two changes in one millisecond, the one with the larger number is later. */
export interface Moment {
  readonly change: number;
  readonly atMs: number;
}

interface Version extends Moment {
  /** Undefined while there is none. */
  readonly item: Item | undefined;
}

/** A place in a table, and what has been in it for as long as a read may still see it. */
export class Cell implements Placed {
  readonly partition: string;
  readonly sort: string;
  /** Oldest first; before the first there was nothing. */
  readonly #versions: Version[] = [];

  constructor(partition: string, sort: string) {
    this.partition = partition;
    this.sort = sort;
  }

  get order(): string {
    return this.sort;
  }

  get current(): Item | undefined {
    return this.#versions.at(-1)?.item;
  }

  /** Nothing is here, and no read will see that there was. */
  get isSpent(): boolean {
    return this.#versions.length === 0 || (this.#versions.length === 1 && this.current === undefined);
  }

  replace(item: Item | undefined, moment: Moment): void {
    this.#versions.push({ item, ...moment });
  }

  /** Forgets what was replaced before a moment. */
  forget(before: Moment): void {
    while (this.#versions.length > 1 && isWithin(this.#versions[1] as Version, before)) this.#versions.shift();
  }

  /** What was here at a moment and at each one since, oldest first. */
  since(moment: Moment): readonly (Item | undefined)[] {
    let first = this.#versions.length - 1;
    while (first >= 0 && !isWithin(this.#versions[first] as Version, moment)) first -= 1;
    const items = this.#versions.slice(Math.max(first, 0)).map(({ item }) => item);
    return first < 0 ? [undefined, ...items] : items;
  }

  hasChangedSince(moment: Moment): boolean {
    const last = this.#versions.at(-1);
    return last !== undefined && !isWithin(last, moment);
  }
}

/** Whether something was so by a moment. */
function isWithin(version: Version, { change, atMs }: Moment): boolean {
  return version.change <= change && version.atMs <= atMs;
}
