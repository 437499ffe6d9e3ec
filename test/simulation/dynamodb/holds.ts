import type { Action } from './action.ts';

/** Which items the calls under way are about to write or to check. */
export class Holds {
  readonly #transactions = new Set<string>();
  /** How many plain writes of an item are under way. */
  readonly #plainWrites = new Map<string, number>();

  isInTransaction(action: Action): boolean {
    return this.#transactions.has(nameOf(action));
  }

  isBeingWritten(action: Action): boolean {
    return this.#plainWrites.has(nameOf(action));
  }

  holdTransaction(actions: readonly Action[]): () => void {
    const names = actions.map(nameOf);
    for (const name of names) this.#transactions.add(name);
    return () => {
      for (const name of names) this.#transactions.delete(name);
    };
  }

  holdPlainWrite(action: Action): () => void {
    const name = nameOf(action);
    this.#plainWrites.set(name, (this.#plainWrites.get(name) ?? 0) + 1);
    return () => {
      const left = (this.#plainWrites.get(name) ?? 0) - 1;
      if (left > 0) this.#plainWrites.set(name, left);
      else this.#plainWrites.delete(name);
    };
  }
}

/** A character no key of ours has keeps the parts apart. */
export function nameOf({ table, place }: Pick<Action, 'table' | 'place'>): string {
  return `${table.name}\0${place.partition}\0${place.sort}`;
}
