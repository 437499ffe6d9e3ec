import { StackError } from '../stack-error.ts';
import { isObject, type Json } from '../template/json.ts';
import type { Context } from './access.ts';
import { matches } from './wildcard.ts';

/** Whether a request's keys meet a `Condition` element. */
export type Condition = (context: Context) => boolean;

/**
 * The condition keys a request is given here, by whether they hold several values (Service Authorization Reference). A
 * policy that asks for another one is refused: a key nobody sets would be absent in every request.
 */
const KEYS: ReadonlyMap<string, 'one' | 'many'> = new Map([
  // Absent here, so that it denies nothing: whether AWS is called by TLS can't be seen on one machine.
  ['aws:SecureTransport', 'one'],
  ['dynamodb:Attributes', 'many'],
  ['dynamodb:EnclosingOperation', 'one'],
  ['dynamodb:LeadingKeys', 'many'],
  ['dynamodb:ReturnValues', 'one'],
  ['dynamodb:Select', 'one'],
  ['kms:ViaService', 'one'],
  ['s3:if-none-match', 'one'],
  ['s3:prefix', 'one'],
]);

interface Operator {
  readonly test: (value: string, expected: string) => boolean;
  /** It holds when no expected value matches, and so for a key that is absent too. */
  readonly isNegated?: true;
}

const equal = (value: string, expected: string) => value === expected;
const like = (value: string, expected: string) => matches(expected, value);

/** IAM User Guide, "IAM JSON policy elements: Condition operators". */
const OPERATORS: Readonly<Record<string, Operator>> = {
  StringEquals: { test: equal },
  StringNotEquals: { test: equal, isNegated: true },
  StringLike: { test: like },
  StringNotLike: { test: like, isNegated: true },
  Bool: { test: (value, expected) => value.toLowerCase() === expected.toLowerCase() },
};

/** Reads a `Condition` element. Throws a `StackError` for an operator, key or value whose meaning is not known here. */
export function readCondition(condition: Json | undefined, place: string): Condition {
  if (condition === undefined) return () => true;
  if (!isObject(condition)) throw unknown(place, 'a Condition that is no object');
  const tests = Object.entries(condition).flatMap(([operator, keys]) => {
    if (!isObject(keys)) throw unknown(place, `the operator ${operator} without keys`);
    return Object.entries(keys).map(([key, values]) => readTest(operator, key, textsOf(values, place), place));
  });
  return (context) => tests.every((test) => test(context));
}

function readTest(text: string, key: string, expected: readonly string[], place: string): Condition {
  const kind = KEYS.get(key);
  if (kind === undefined) throw unknown(place, `the condition key ${key}`);
  if (text === 'Null') return isNull(key, expected, place);
  const [, set, name = '', ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(.*?)(IfExists)?$/.exec(text) ?? [];
  const operator = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  if (operator === undefined) throw unknown(place, `the condition operator ${text}`);
  if (kind === 'many' && set === undefined) throw unknown(place, `${text} of ${key}, which has several values`);
  const { test, isNegated = false } = operator;
  const holds = (value: string) => expected.some((one) => test(value, one)) !== isNegated;
  return (context) => {
    const values = context(key) ?? [];
    if (values.length === 0)
      return set === 'ForAllValues' || ifExists !== undefined || (isNegated && set === undefined);
    return set === 'ForAnyValue' ? values.some(holds) : values.every(holds);
  };
}

/** `Null: true` holds where the key is absent or empty, `Null: false` where it is not. */
function isNull(key: string, [wanted, ...others]: readonly string[], place: string): Condition {
  if (others.length > 0 || (wanted !== 'true' && wanted !== 'false'))
    throw unknown(place, `Null of ${key} with ${wanted}`);
  return (context) => ((context(key) ?? []).length === 0) === (wanted === 'true');
}

function textsOf(values: Json, place: string): string[] {
  return [values].flat().map((value) => {
    if (typeof value !== 'string' && typeof value !== 'boolean')
      throw unknown(place, `the value ${JSON.stringify(value)}`);
    const text = String(value);
    if (text.includes('${')) throw unknown(place, `the policy variable in ${text}`);
    return text;
  });
}

function unknown(place: string, what: string): StackError {
  return new StackError(
    `${place} uses ${what}, which the embedded stack cannot check: teach localstack/embedded/authority, or unset ZEROSUM_ENFORCE_IAM.`,
  );
}
