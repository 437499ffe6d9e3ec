import type { Item, Value } from '../attribute-value.ts';
import { addDecimals } from '../decimal.ts';
import { invalid } from '../refusals.ts';
import type { Names, Path, Source, Update } from './syntax.ts';
import { nameOf, type Scope, valueAt, valueNamed } from './values.ts';

/** Every path that an update touches, in the order of its clauses. */
export function touchedBy(update: Update): readonly Path[] {
  return [...update.set.map(({ path }) => path), ...update.remove, ...update.add.map(({ path }) => path)];
}

/** The item after the update; every source is what it was before it. Throws a ValidationException for what can't be done. */
export function updated(item: Item, update: Update, scope: Scope): Item {
  const changes: [Path, Value][] = [
    ...update.set.map(({ path, source }): [Path, Value] => [path, sourceOf(source, scope)]),
    ...update.add.map(({ path, value }): [Path, Value] => [path, added(path, valueNamed(value, scope), scope)]),
  ];
  const after = { ...item };
  for (const [path, value] of changes) write(after, path, value, scope.names);
  for (const path of update.remove) write(after, path, undefined, scope.names);
  return after;
}

/** Two paths of one update may neither be the same nor one inside the other. */
export function checkOverlaps(paths: readonly Path[], names: Names): void {
  const texts = paths.map((path) => `${path.map((step) => placeOf(step, names)).join('/')}/`);
  for (const [index, text] of texts.entries()) {
    for (const other of texts.slice(index + 1)) {
      if (!text.startsWith(other) && !other.startsWith(text)) continue;
      throw invalid(
        'Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths;',
      );
    }
  }
}

function placeOf(step: string | number, names: Names): string {
  return typeof step === 'number' ? `[${step}]` : nameOf(step, names);
}

function sourceOf(source: Source, scope: Scope): Value {
  switch (source.kind) {
    case 'value':
      return valueNamed(source.name, scope);
    case 'path': {
      const value = valueAt(scope.item, source.path, scope.names);
      if (value !== undefined) return value;
      throw invalid('The provided expression refers to an attribute that does not exist in the item');
    }
    case 'if_not_exists':
      return valueAt(scope.item, source.path, scope.names) ?? sourceOf(source.otherwise, scope);
    case 'list_append': {
      const [first, second] = [sourceOf(source.first, scope), sourceOf(source.second, scope)];
      if (first.L === undefined || second.L === undefined) throw wrongType();
      return { L: [...first.L, ...second.L] };
    }
    default: {
      const [left, right] = [sourceOf(source.left, scope), sourceOf(source.right, scope)];
      if (left.N === undefined || right.N === undefined) throw wrongType();
      return { N: addDecimals(left.N, right.N, source.kind === '+' ? 1n : -1n) };
    }
  }
}

/** ADD counts from nought where nothing is. */
function added(path: Path, value: Value, scope: Scope): Value {
  const before = valueAt(scope.item, path, scope.names);
  if (before === undefined) return value;
  if (before.N === undefined || value.N === undefined) throw wrongType();
  return { N: addDecimals(before.N, value.N) };
}

function wrongType(): Error {
  return invalid('An operand in the update expression has an incorrect data type');
}

/** Puts a value in a place of an item that is our own to change, or takes away what is there; what lies on the way is copied. */
function write(item: Item, path: Path, value: Value | undefined, names: Names): void {
  const name = nameOf(path[0] as string, names);
  const after = path.length === 1 ? value : within(item[name], path, 1, value, names);
  if (after === undefined) delete item[name];
  else item[name] = after;
}

function within(parent: Value | undefined, path: Path, at: number, value: Value | undefined, names: Names): Value {
  const step = path[at] as string | number;
  if (typeof step === 'number') throw new TypeError('An update inside a list is not simulated.');
  if (parent?.M === undefined) {
    throw invalid('The document path provided in the update expression is invalid for update');
  }
  const map = { ...parent.M };
  const name = nameOf(step, names);
  const after = at + 1 === path.length ? value : within(map[name], path, at + 1, value, names);
  if (after === undefined) delete map[name];
  else map[name] = after;
  return { M: map };
}
