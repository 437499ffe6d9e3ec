import { StackError } from '../stack-error.ts';
import { isObject, type Json, type JsonObject } from '../template/json.ts';

/** Which records a function is invoked for: those that match any of its patterns; all, if it declares none. */
export interface EventFilter {
  matches(record: object): boolean;
}

/** Whether the value at a field, undefined where there is none, is as a pattern says. */
type Test = (value: Json | undefined) => boolean;

/**
 * Reads `FilterCriteria` (Lambda Developer Guide, "Control which events Lambda sends to your function", filter rule
 * syntax). Throws a `StackError` for a rule other than exact values, `prefix`, `suffix`, `equals-ignore-case`, `exists`,
 * `anything-but` and `$or`, or for a pattern that is no JSON.
 */
export function parseFilter(patterns: readonly string[], owner: string): EventFilter {
  const tests = patterns.map((pattern) => objectTest(parseObject(pattern, owner), owner));
  return { matches: (record) => tests.length === 0 || tests.some((test) => test(record as JsonObject)) };
}

function parseObject(pattern: string, owner: string): JsonObject {
  try {
    const parsed = JSON.parse(pattern) as Json;
    if (isObject(parsed)) return parsed;
  } catch {
    // Said below.
  }
  throw refused(owner, pattern);
}

/** Every field named must be as its rule says. */
function objectTest(pattern: JsonObject, owner: string): Test {
  const tests = Object.entries(pattern).map(([name, rule]): Test => {
    if (name === '$or') return anyOf(rule, owner);
    const test = isObject(rule) ? objectTest(rule, owner) : fieldTest(rule, owner);
    return (value) => test(fieldOf(value, name));
  });
  return (value) => {
    if (Array.isArray(value)) return value.some((item) => tests.every((test) => test(item)));
    return tests.every((test) => test(value));
  };
}

function anyOf(rule: Json, owner: string): Test {
  if (!Array.isArray(rule) || !rule.every(isObject)) throw refused(owner, rule);
  const tests = rule.map((pattern: JsonObject) => objectTest(pattern, owner));
  return (value) => tests.some((test) => test(value));
}

/** A field's rule is a list, of which one entry must hold. */
function fieldTest(rule: Json, owner: string): Test {
  if (!Array.isArray(rule) || rule.length === 0) throw refused(owner, rule);
  const tests = rule.map((entry: Json) => entryTest(entry, owner));
  return (value) => tests.some((test) => test(value));
}

function entryTest(entry: Json, owner: string): Test {
  if (!isObject(entry)) {
    if (Array.isArray(entry)) throw refused(owner, entry);
    return leaf((value) => value === entry);
  }
  const [[operator = '', operand] = [], ...others] = Object.entries(entry);
  const make = Object.hasOwn(operators, operator) ? operators[operator] : undefined;
  const test = others.length === 0 && operand !== undefined ? make?.(operand) : undefined;
  if (test === undefined) throw refused(owner, entry);
  return test;
}

/** By name, from operand to test; undefined for an operand it does not take. */
const operators: Readonly<Record<string, (operand: Json) => Test | undefined>> = {
  prefix: (operand) => textTest(operand, (value, start) => value.startsWith(start)),
  suffix: (operand) => textTest(operand, (value, end) => value.endsWith(end)),
  'equals-ignore-case': (operand) => textTest(operand, (value, text) => value.toLowerCase() === text.toLowerCase()),
  exists: (operand) => {
    if (typeof operand !== 'boolean') return undefined;
    const isThere = leaf(() => true);
    return (value) => isThere(value) === operand;
  },
  'anything-but': (operand) => {
    if (isObject(operand)) {
      const [[operator = '', inner] = [], ...others] = Object.entries(operand);
      const isNegatable = others.length === 0 && (operator === 'prefix' || operator === 'suffix');
      const test = isNegatable && inner !== undefined ? operators[operator]?.(inner) : undefined;
      return test && leaf((value) => !test(value));
    }
    const excluded: readonly Json[] = Array.isArray(operand) ? operand : [operand];
    const isValue = (item: Json): boolean => typeof item === 'string' || typeof item === 'number';
    return excluded.length > 0 && excluded.every(isValue) ? leaf((value) => !excluded.includes(value)) : undefined;
  },
};

function textTest(operand: Json, holds: (value: string, operand: string) => boolean): Test | undefined {
  if (typeof operand !== 'string') return undefined;
  return leaf((value) => typeof value === 'string' && holds(value, operand));
}

/** Rules look at the ends of a document, of which a list has several. */
function leaf(holds: (value: Json) => boolean): Test {
  return (value) => {
    if (value === undefined || isObject(value)) return false;
    return Array.isArray(value) ? value.some((item) => leaf(holds)(item)) : holds(value);
  };
}

function fieldOf(value: Json | undefined, name: string): Json | undefined {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function refused(owner: string, what: Json): StackError {
  const text = typeof what === 'string' ? what : JSON.stringify(what);
  return new StackError(`The filter of ${owner} says ${text}, which the embedded stack does not understand: mend it.`);
}
