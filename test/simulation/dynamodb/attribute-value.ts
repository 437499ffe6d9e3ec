import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { canonical, compareDecimals } from './decimal.ts';

export type Value = AttributeValue;

/** An item, or a key, as DynamoDB holds it; never changed, only replaced. */
export type Item = Record<string, Value>;

/** The types simulated here; the product stores no binary and no set. */
const TYPES = ['S', 'N', 'BOOL', 'NULL', 'M', 'L'] as const;

export type ValueType = (typeof TYPES)[number];

export function typeOf(value: Value): ValueType {
  for (const type of TYPES) if (value[type] !== undefined) return type;
  throw new TypeError(`An attribute of type ${Object.keys(value)[0]} is not simulated.`);
}

/** Deep equality as `=` has it: numbers by what they are worth, maps in any order. */
export function equal(one: Value, other: Value): boolean {
  if (one === other) return true;
  if (one.S !== undefined) return one.S === other.S;
  if (one.N !== undefined) return other.N !== undefined && compareDecimals(one.N, other.N) === 0;
  if (one.BOOL !== undefined) return one.BOOL === other.BOOL;
  if (one.NULL !== undefined) return other.NULL !== undefined;
  if (one.M !== undefined) return other.M !== undefined && equalItems(one.M, other.M);
  const [ours, theirs] = [one.L ?? [], other.L];
  if (theirs === undefined || ours.length !== theirs.length) return false;
  return ours.every((element, index) => equal(element, theirs[index] as Value));
}

export function equalItems(one: Item, other: Item): boolean {
  const names = Object.keys(one);
  if (names.length !== Object.keys(other).length) return false;
  return names.every((name) => {
    const theirs = other[name];
    return theirs !== undefined && equal(one[name] as Value, theirs);
  });
}

/** The order of two values of one ordered type; undefined where there is none, and then no comparison holds. */
export function order(one: Value, other: Value): number | undefined {
  if (one.S !== undefined && other.S !== undefined) return compareText(one.S, other.S);
  if (one.N !== undefined && other.N !== undefined) return compareDecimals(one.N, other.N);
  return undefined;
}

const BEYOND_SIMPLE_UNITS = /[\ud800-\uffff]/;

/** DynamoDB orders by the bytes of UTF-8, JavaScript by the units of UTF-16: they differ beyond U+D7FF. */
export function compareText(one: string, other: string): number {
  if (one === other) return 0;
  if (BEYOND_SIMPLE_UNITS.test(one) && BEYOND_SIMPLE_UNITS.test(other)) {
    return Buffer.compare(Buffer.from(one), Buffer.from(other));
  }
  return one < other ? -1 : 1;
}

/** The value with every number as DynamoDB writes it; the same object where nothing differs. */
export function normal(value: Value): Value {
  if (value.N !== undefined) {
    const text = canonical(value.N);
    return text === value.N ? value : { N: text };
  }
  if (value.M !== undefined) {
    const map = normalItem(value.M);
    return map === value.M ? value : { M: map };
  }
  if (value.L !== undefined) {
    const list = value.L.map(normal);
    return list.every((element, index) => element === value.L[index]) ? value : { L: list };
  }
  typeOf(value);
  return value;
}

export function normalItem(item: Item): Item {
  let changed: Item | undefined;
  for (const name in item) {
    const value = item[name] as Value;
    const after = normal(value);
    if (after === value) continue;
    changed ??= { ...item };
    changed[name] = after;
  }
  return changed ?? item;
}
