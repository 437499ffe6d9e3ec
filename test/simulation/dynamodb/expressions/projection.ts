import type { Item, Value } from '../attribute-value.ts';
import type { Names, Path } from './syntax.ts';
import { nameOf, valueAt } from './values.ts';

/** What an item has at the paths, in its own shape. */
export function projected(item: Item, paths: readonly Path[], names: Names): Item {
  const part: Item = {};
  for (const path of paths) {
    const value = valueAt(item, path, names);
    if (value !== undefined) place(part, path, value, names);
  }
  return part;
}

function place(part: Item, path: Path, value: Value, names: Names): void {
  let into = part;
  for (const step of path.slice(0, -1)) {
    const name = keyOf(step, names);
    const map = into[name]?.M ?? {};
    into[name] = { M: map };
    into = map;
  }
  into[keyOf(path.at(-1) as string, names)] = value;
}

function keyOf(step: string | number, names: Names): string {
  if (typeof step === 'number') throw new TypeError('A projection out of a list is not simulated.');
  return nameOf(step, names);
}
