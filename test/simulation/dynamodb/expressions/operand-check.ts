import { order, typeOf, type Value } from '../attribute-value.ts';
import { invalid } from '../refusals.ts';
import type { Condition, Operand, Source } from './syntax.ts';
import type { ExpressionKind } from './token-reader.ts';
import { nameOf, type Scope } from './values.ts';

type Meanings = Omit<Scope, 'item'>;

const ORDERED = ['S', 'N'];

/** The types of DynamoDB's values that `attribute_type` may name. */
const NAMED_TYPES: ReadonlySet<string> = new Set(['S', 'SS', 'N', 'NS', 'B', 'BS', 'BOOL', 'NULL', 'L', 'M']);

/** Refuses what no item could make sensible: a type that an operator or function never takes, or a thing compared with itself. */
export function checkOperands(kind: ExpressionKind, condition: Condition, meanings: Meanings): void {
  const check = (operands: readonly Operand[], operator: string, types: readonly string[]) => {
    for (const operand of operands) checkType(kind, typeIn(operand, meanings), operator, types);
  };
  switch (condition.kind) {
    case 'and':
    case 'or':
      checkOperands(kind, condition.left, meanings);
      checkOperands(kind, condition.right, meanings);
      return;
    case 'not':
      checkOperands(kind, condition.inner, meanings);
      return;
    case 'compare': {
      const { comparator, left, right } = condition;
      checkDistinct(kind, comparator, [left, right], meanings);
      if (comparator !== '=' && comparator !== '<>') check([left, right], comparator, ORDERED);
      return;
    }
    case 'between': {
      const { operand, low, high } = condition;
      checkDistinct(kind, 'BETWEEN', [operand, low, high], meanings);
      check([low, high], 'BETWEEN', ORDERED);
      checkBounds(kind, low, high, meanings);
      return;
    }
    case 'in':
      checkDistinct(kind, 'IN', [condition.operand, ...condition.among], meanings);
      return;
    case 'function': {
      const { name, operands } = condition;
      checkDistinct(kind, name, operands, meanings);
      if (name === 'begins_with') check(operands, name, ['S']);
      if (name === 'attribute_type') checkTypeName(kind, operands[1], meanings);
    }
  }
}

/** The same of what SET computes with. */
export function checkSource(source: Source, meanings: Meanings): void {
  const check = (part: Source, operator: string, type: 'N' | 'L') => {
    checkSource(part, meanings);
    if (part.kind === 'value') checkType('UpdateExpression', typeIn(part, meanings), operator, [type]);
  };
  switch (source.kind) {
    case '+':
    case '-':
      for (const part of [source.left, source.right]) check(part, source.kind, 'N');
      return;
    case 'list_append':
      for (const part of [source.first, source.second]) check(part, 'list_append', 'L');
      return;
    case 'if_not_exists':
      checkSource(source.otherwise, meanings);
  }
}

/** An operand's type as far as it is known without an item. */
function typeIn(operand: Operand, { values }: Meanings): string | undefined {
  if (operand.kind === 'value') return typeOf(values?.[operand.name] as Value);
  return operand.kind === 'size' ? 'N' : undefined;
}

function checkType(kind: ExpressionKind, type: string | undefined, operator: string, types: readonly string[]): void {
  if (type === undefined || types.includes(type)) return;
  throw invalid(
    `Invalid ${kind}: Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${type}`,
  );
}

function checkDistinct(kind: ExpressionKind, operator: string, operands: readonly Operand[], meanings: Meanings): void {
  const [first, ...others] = operands.map((operand) =>
    operand.kind === 'path' ? JSON.stringify(operand.path.map((step) => stepName(step, meanings))) : undefined,
  );
  if (first === undefined || !others.includes(first)) return;
  throw invalid(
    `Invalid ${kind}: The first operand must be distinct from the remaining operands for this operator or function; operator: ${operator}, first operand: ${first}`,
  );
}

function stepName(step: string | number, { names }: Meanings): string | number {
  return typeof step === 'number' ? step : nameOf(step, names);
}

function checkBounds(kind: ExpressionKind, low: Operand, high: Operand, { values }: Meanings): void {
  if (low.kind !== 'value' || high.kind !== 'value') return;
  const ordered = order(values?.[low.name] as Value, values?.[high.name] as Value);
  if (ordered === undefined) {
    throw invalid(`Invalid ${kind}: The BETWEEN operator requires same data type for lower and upper bounds;`);
  }
  if (ordered > 0) {
    throw invalid(
      `Invalid ${kind}: The BETWEEN operator requires upper bound to be greater than or equal to lower bound;`,
    );
  }
}

function checkTypeName(kind: ExpressionKind, operand: Operand | undefined, { values }: Meanings): void {
  const type = operand?.kind === 'value' ? values?.[operand.name]?.S : undefined;
  if (type !== undefined && NAMED_TYPES.has(type)) return;
  throw invalid(`Invalid ${kind}: Invalid attribute type name found; type: ${type ?? operand?.kind}`);
}
