import type { Item, Value } from '../attribute-value.ts';
import type { Names, Path } from './syntax.ts';

/** An item, and what the placeholders of the expressions on it stand for. */
export interface Scope {
  readonly item: Item | undefined;
  readonly names: Names;
  readonly values: Readonly<Record<string, Value>> | undefined;
}

export function nameOf(element: string, names: Names): string {
  return element.startsWith('#') ? (names?.[element] as string) : element;
}

/** What stands at a path; undefined where nothing does. */
export function valueAt(item: Item | undefined, path: Path, names: Names): Value | undefined {
  let value = item?.[nameOf(path[0] as string, names)];
  for (let at = 1; at < path.length && value !== undefined; at += 1) {
    const step = path[at] as string | number;
    value = typeof step === 'number' ? value.L?.[step] : value.M?.[nameOf(step, names)];
  }
  return value;
}

export function valueNamed(name: string, scope: Scope): Value {
  return scope.values?.[name] as Value;
}
