import { equal, order, typeOf, type Value } from '../attribute-value.ts';
import { textBytes } from '../size.ts';
import type { Comparator, Condition, Operand } from './syntax.ts';
import { type Scope, valueAt, valueNamed } from './values.ts';

/** Whether a condition holds. What is not there equals nothing, itself included. */
export function holds(condition: Condition, scope: Scope): boolean {
  switch (condition.kind) {
    case 'and':
      return holds(condition.left, scope) && holds(condition.right, scope);
    case 'or':
      return holds(condition.left, scope) || holds(condition.right, scope);
    case 'not':
      return !holds(condition.inner, scope);
    case 'compare':
      return compare(condition.comparator, operandOf(condition.left, scope), operandOf(condition.right, scope));
    case 'between': {
      const value = operandOf(condition.operand, scope);
      return (
        compare('>=', value, operandOf(condition.low, scope)) && compare('<=', value, operandOf(condition.high, scope))
      );
    }
    case 'in': {
      const value = operandOf(condition.operand, scope);
      return condition.among.some((each) => compare('=', value, operandOf(each, scope)));
    }
    case 'function':
      return functionHolds(condition, scope);
  }
}

function functionHolds({ name, operands }: Condition & { kind: 'function' }, scope: Scope): boolean {
  const value = operandOf(operands[0] as Operand, scope);
  if (name === 'attribute_exists') return value !== undefined;
  if (name === 'attribute_not_exists') return value === undefined;
  const other = operandOf(operands[1] as Operand, scope);
  if (value === undefined || other === undefined) return false;
  switch (name) {
    case 'attribute_type':
      return typeOf(value) === other.S;
    case 'begins_with':
      return value.S !== undefined && other.S !== undefined && value.S.startsWith(other.S);
    case 'contains':
      if (value.L !== undefined) return value.L.some((element) => equal(element, other));
      return value.S !== undefined && other.S !== undefined && value.S.includes(other.S);
  }
}

function compare(comparator: Comparator, left: Value | undefined, right: Value | undefined): boolean {
  if (left === undefined || right === undefined) return comparator === '<>';
  if (comparator === '=') return equal(left, right);
  if (comparator === '<>') return !equal(left, right);
  const ordered = order(left, right);
  if (ordered === undefined) return false;
  switch (comparator) {
    case '<':
      return ordered < 0;
    case '<=':
      return ordered <= 0;
    case '>':
      return ordered > 0;
    case '>=':
      return ordered >= 0;
  }
}

function operandOf(operand: Operand, scope: Scope): Value | undefined {
  if (operand.kind === 'path') return valueAt(scope.item, operand.path, scope.names);
  if (operand.kind === 'value') return valueNamed(operand.name, scope);
  const size = sizeOf(operandOf(operand.of, scope));
  return size === undefined ? undefined : { N: String(size) };
}

/** A text's bytes, a list's or map's elements; a number, a truth or nothing has no size. */
function sizeOf(value: Value | undefined): number | undefined {
  if (value?.S !== undefined) return textBytes(value.S);
  if (value?.L !== undefined) return value.L.length;
  return value?.M && Object.keys(value.M).length;
}
