import {
  CONDITION_FUNCTIONS,
  type Comparator,
  type Condition,
  type ConditionFunction,
  type Operand,
  type Parsed,
} from './syntax.ts';
import { type ExpressionKind, TokenReader } from './token-reader.ts';

const COMPARATORS: ReadonlySet<string> = new Set<Comparator>(['=', '<>', '<', '<=', '>', '>=']);

/** What has parentheses around it already: DynamoDB refuses a second pair. */
const grouped = new WeakSet<Condition>();

/** "Condition and filter expressions, operators, and functions", Developer Guide; AND binds closer than OR, NOT than AND. */
export function parseCondition(kind: ExpressionKind, text: string): Parsed<Condition> {
  const reader = new TokenReader(kind, text);
  const meaning = disjunction(reader);
  reader.expectEnd();
  return { meaning, names: reader.names, values: reader.values };
}

function disjunction(reader: TokenReader): Condition {
  let left = conjunction(reader);
  while (reader.takeKeyword('OR')) left = { kind: 'or', left, right: conjunction(reader) };
  return left;
}

function conjunction(reader: TokenReader): Condition {
  let left = negation(reader);
  while (reader.takeKeyword('AND')) left = { kind: 'and', left, right: negation(reader) };
  return left;
}

function negation(reader: TokenReader): Condition {
  return reader.takeKeyword('NOT') ? { kind: 'not', inner: negation(reader) } : primary(reader);
}

function primary(reader: TokenReader): Condition {
  if (reader.takeSymbol('(')) {
    const inner = disjunction(reader);
    if (grouped.has(inner)) throw reader.refusal('The expression has redundant parentheses;');
    reader.expectSymbol(')');
    grouped.add(inner);
    return inner;
  }
  for (const name of Object.keys(CONDITION_FUNCTIONS) as ConditionFunction[]) {
    if (reader.takeCall(name)) return { kind: 'function', name, operands: callOperands(reader, name) };
  }
  const left = operand(reader);
  if (reader.takeKeyword('BETWEEN')) {
    const low = operand(reader);
    if (!reader.takeKeyword('AND')) throw reader.syntaxError();
    return { kind: 'between', operand: left, low, high: operand(reader) };
  }
  if (reader.takeKeyword('IN')) {
    reader.expectSymbol('(');
    return { kind: 'in', operand: left, among: operands(reader) };
  }
  const comparator = reader.next();
  if (!COMPARATORS.has(comparator.text)) throw reader.syntaxError(comparator);
  return { kind: 'compare', comparator: comparator.text as Comparator, left, right: operand(reader) };
}

function callOperands(reader: TokenReader, name: ConditionFunction): readonly Operand[] {
  const given = operands(reader);
  if (given.length !== CONDITION_FUNCTIONS[name]) {
    throw reader.refusal(`Incorrect number of operands for operator or function; operator or function: ${name}`);
  }
  if (name !== 'begins_with' && name !== 'contains' && given[0]?.kind !== 'path') {
    throw reader.refusal(`Operator or function requires a document path; operator or function: ${name}`);
  }
  return given;
}

/** Operands up to the closing parenthesis. */
function operands(reader: TokenReader): readonly Operand[] {
  const found = [operand(reader)];
  while (reader.takeSymbol(',')) found.push(operand(reader));
  reader.expectSymbol(')');
  return found;
}

function operand(reader: TokenReader): Operand {
  if (reader.takeCall('size')) {
    const of = operand(reader);
    reader.expectSymbol(')');
    return { kind: 'size', of };
  }
  if (reader.peek().kind === 'value') return { kind: 'value', name: reader.value() };
  return { kind: 'path', path: reader.path() };
}
