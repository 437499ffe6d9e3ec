import { order, typeOf, type Value } from '../attribute-value.ts';
import { invalid } from '../refusals.ts';
import type { Condition, Operand } from './syntax.ts';
import type { ExpressionKind } from './token-reader.ts';

type Values = Readonly<Record<string, Value>> | undefined;

/** The types of DynamoDB's values that `attribute_type` may name. */
const NAMED_TYPES: ReadonlySet<string> = new Set(['S', 'SS', 'N', 'NS', 'B', 'BS', 'BOOL', 'NULL', 'L', 'M']);

/** Refuses what no item could make sensible: a value of a type that the operator or function never takes. */
export function checkOperands(kind: ExpressionKind, condition: Condition, values: Values): void {
  const check = (operand: Operand, operator: string, types: readonly string[]) => {
    const type = operand.kind === 'value' ? typeOf(values?.[operand.name] as Value) : undefined;
    if (type === undefined || types.includes(type)) return;
    throw invalid(
      `Invalid ${kind}: Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${type}`,
    );
  };
  switch (condition.kind) {
    case 'and':
    case 'or':
      checkOperands(kind, condition.left, values);
      checkOperands(kind, condition.right, values);
      return;
    case 'not':
      checkOperands(kind, condition.inner, values);
      return;
    case 'compare':
      if (condition.comparator === '=' || condition.comparator === '<>') return;
      for (const operand of [condition.left, condition.right]) check(operand, condition.comparator, ['S', 'N']);
      return;
    case 'between':
      for (const operand of [condition.low, condition.high]) check(operand, 'BETWEEN', ['S', 'N']);
      checkBounds(kind, condition.low, condition.high, values);
      return;
    case 'function': {
      const [first, second] = condition.operands as [Operand, Operand];
      if (condition.name === 'begins_with') for (const operand of [first, second]) check(operand, 'begins_with', ['S']);
      if (condition.name === 'attribute_type') checkTypeName(kind, second, values);
    }
  }
}

function checkBounds(kind: ExpressionKind, low: Operand, high: Operand, values: Values): void {
  if (low.kind !== 'value' || high.kind !== 'value') return;
  const bounds = [values?.[low.name], values?.[high.name]] as [Value, Value];
  const ordered = order(...bounds);
  if (ordered === undefined) {
    throw invalid(`Invalid ${kind}: The BETWEEN operator requires same data type for lower and upper bounds;`);
  }
  if (ordered > 0) {
    throw invalid(
      `Invalid ${kind}: The BETWEEN operator requires upper bound to be greater than or equal to lower bound;`,
    );
  }
}

function checkTypeName(kind: ExpressionKind, operand: Operand, values: Values): void {
  const type = operand.kind === 'value' ? values?.[operand.name]?.S : undefined;
  if (type !== undefined && NAMED_TYPES.has(type)) return;
  throw invalid(`Invalid ${kind}: Invalid attribute type name found; type: ${type ?? operand.kind}`);
}
