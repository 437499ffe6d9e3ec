import { compareText, type Value } from '../attribute-value.ts';
import { invalid } from '../refusals.ts';
import type { Expressions } from './expressions.ts';
import type { Condition, Operand } from './syntax.ts';
import { nameOf } from './values.ts';

/** One partition, and what its sort keys lie between. */
export interface KeyRange {
  readonly partition: string;
  readonly isBelow: (sort: string) => boolean;
  readonly isAbove: (sort: string) => boolean;
}

type SortRange = Omit<KeyRange, 'partition'>;

interface KeyNames {
  readonly partition: string;
  readonly sort: string;
}

/** "Key condition expressions for the Query operation", Developer Guide: the partition key's value, and at most one thing of the sort key. */
export function keyRange(text: string, expressions: Expressions, keys: KeyNames): KeyRange {
  const terms = termsOf(expressions.condition('KeyConditionExpression', text));
  const named = terms.map((term) => ({ term, name: attributeOf(term, expressions) }));
  const ofPartition = named.filter(({ name }) => name === keys.partition).map(({ term }) => term);
  const ofSort = named.filter(({ name }) => name === keys.sort).map(({ term }) => term);
  if (ofPartition.length + ofSort.length < terms.length || ofPartition.length === 0) {
    throw invalid(`Query condition missed key schema element: ${keys.partition}`);
  }
  if (ofPartition.length > 1 || ofSort.length > 1) {
    throw refusal('KeyConditionExpressions must only contain one condition per key');
  }
  const [partition, sort] = [ofPartition[0] as Condition, ofSort[0]];
  if (partition.kind !== 'compare' || partition.comparator !== '=') throw invalid('Query key condition not supported');
  return {
    partition: textOf(partition.right, expressions),
    ...(sort === undefined ? everything : rangeOf(sort, (operand) => textOf(operand, expressions))),
  };
}

const everything: SortRange = { isBelow: () => false, isAbove: () => false };

function termsOf(condition: Condition): readonly Condition[] {
  if (condition.kind !== 'and') return [condition];
  return [...termsOf(condition.left), ...termsOf(condition.right)];
}

/** The attribute that a term is about, which stands first in it. */
function attributeOf(term: Condition, { meanings: { names } }: Expressions): string {
  const operand = firstOperand(term);
  if (operand?.kind !== 'path') throw refusal('Invalid operator used in KeyConditionExpression');
  if (operand.path.length > 1) throw refusal('KeyConditionExpressions cannot have conditions on nested attributes');
  return nameOf(operand.path[0] as string, names);
}

function firstOperand(term: Condition): Operand | undefined {
  if (term.kind === 'compare') return term.left;
  if (term.kind === 'between') return term.operand;
  return term.kind === 'function' && term.name === 'begins_with' ? term.operands[0] : undefined;
}

function rangeOf(term: Condition, text: (operand: Operand) => string): SortRange {
  if (term.kind === 'between') {
    const [low, high] = [text(term.low), text(term.high)];
    return { isBelow: (sort) => compareText(sort, low) < 0, isAbove: (sort) => compareText(sort, high) > 0 };
  }
  if (term.kind === 'function') {
    const prefix = text(term.operands[1] as Operand);
    return {
      isBelow: (sort) => compareText(sort, prefix) < 0,
      isAbove: (sort) => compareText(sort, prefix) > 0 && !sort.startsWith(prefix),
    };
  }
  if (term.kind !== 'compare') throw refusal('Invalid operator used in KeyConditionExpression');
  const bound = text(term.right);
  switch (term.comparator) {
    case '=':
      return { isBelow: (sort) => compareText(sort, bound) < 0, isAbove: (sort) => compareText(sort, bound) > 0 };
    case '<':
      return { ...everything, isAbove: (sort) => compareText(sort, bound) >= 0 };
    case '<=':
      return { ...everything, isAbove: (sort) => compareText(sort, bound) > 0 };
    case '>':
      return { ...everything, isBelow: (sort) => compareText(sort, bound) <= 0 };
    case '>=':
      return { ...everything, isBelow: (sort) => compareText(sort, bound) < 0 };
    case '<>':
      throw refusal('Unsupported operator on KeyCondition: operator: <>');
  }
}

/** Every key of these tables is a text, and none is empty. */
function textOf(operand: Operand, { meanings: { values } }: Expressions): string {
  if (operand.kind !== 'value') throw refusal('Invalid operator used in KeyConditionExpression');
  const value = values?.[operand.name] as Value;
  if (value.S === undefined) {
    throw invalid('One or more parameter values were invalid: Condition parameter type does not match schema type');
  }
  if (value.S === '') {
    throw invalid(
      'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value.',
    );
  }
  return value.S;
}

function refusal(message: string): Error {
  return invalid(`Invalid KeyConditionExpression: ${message}`);
}
