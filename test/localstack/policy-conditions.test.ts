import { describe, expect, test } from 'vitest';
import type { Context } from '../../localstack/embedded/authority/access.ts';
import { readCondition } from '../../localstack/embedded/authority/conditions.ts';
import type { Json } from '../../localstack/embedded/template/json.ts';

const KEY = 'dynamodb:ReturnValues';
const KEYS = 'dynamodb:LeadingKeys';
const VARIABLE = `\${aws:username}`;

function holds(condition: Json, values: Record<string, string[]>): boolean {
  const context: Context = (key) => values[key];
  return readCondition(condition, 'a test')(context);
}

describe('a condition', () => {
  // What the request says, and whether the condition holds then.
  test.each<[string, Json, Record<string, string[]>, boolean]>([
    ['that is not there', {}, {}, true],
    ['StringEquals', { StringEquals: { [KEY]: 'NONE' } }, { [KEY]: ['NONE'] }, true],
    ['StringEquals another value', { StringEquals: { [KEY]: 'NONE' } }, { [KEY]: ['none'] }, false],
    ['StringEquals one of several', { StringEquals: { [KEY]: ['A', 'B'] } }, { [KEY]: ['B'] }, true],
    ['StringEquals no wildcard', { StringEquals: { [KEY]: 'N*' } }, { [KEY]: ['NONE'] }, false],
    ['StringEquals an absent key', { StringEquals: { [KEY]: 'NONE' } }, {}, false],
    ['StringEqualsIfExists an absent key', { StringEqualsIfExists: { [KEY]: 'NONE' } }, {}, true],
    ['StringEqualsIfExists another value', { StringEqualsIfExists: { [KEY]: 'NONE' } }, { [KEY]: ['ALL_OLD'] }, false],
    ['StringNotEquals another value', { StringNotEquals: { [KEY]: 'NONE' } }, { [KEY]: ['ALL_OLD'] }, true],
    ['StringNotEquals that value', { StringNotEquals: { [KEY]: ['X', 'NONE'] } }, { [KEY]: ['NONE'] }, false],
    ['StringNotEquals an absent key', { StringNotEquals: { [KEY]: 'NONE' } }, {}, true],
    ['StringLike a prefix', { StringLike: { [KEY]: 'ALL_*' } }, { [KEY]: ['ALL_OLD'] }, true],
    ['StringLike one character', { StringLike: { [KEY]: 'ALL_?LD' } }, { [KEY]: ['ALL_OLD'] }, true],
    ['StringLike another prefix', { StringLike: { [KEY]: 'ALL_*' } }, { [KEY]: ['UPDATED_OLD'] }, false],
    ['StringLike with no regular expression', { StringLike: { [KEY]: 'A.L*' } }, { [KEY]: ['ALL_OLD'] }, false],
    ['StringNotLike', { StringNotLike: { [KEY]: 'ALL_*' } }, { [KEY]: ['ALL_OLD'] }, false],
    ['Bool', { Bool: { 'aws:SecureTransport': 'false' } }, { 'aws:SecureTransport': ['true'] }, false],
    ['Null true of an absent key', { Null: { 's3:if-none-match': 'true' } }, {}, true],
    ['Null true of an empty key', { Null: { 's3:if-none-match': 'true' } }, { 's3:if-none-match': [] }, true],
    ['Null true of a present key', { Null: { 's3:if-none-match': 'true' } }, { 's3:if-none-match': ['*'] }, false],
    ['Null false of an absent key', { Null: { [KEYS]: false } }, {}, false],
    [
      'ForAllValues all of which match',
      { 'ForAllValues:StringLike': { [KEYS]: 'H#*' } },
      { [KEYS]: ['H#a', 'H#b'] },
      true,
    ],
    [
      'ForAllValues one of which does not',
      { 'ForAllValues:StringLike': { [KEYS]: 'H#*' } },
      { [KEYS]: ['H#a', 'C#a'] },
      false,
    ],
    ['ForAllValues of no values', { 'ForAllValues:StringLike': { [KEYS]: 'H#*' } }, {}, true],
    [
      'ForAnyValue one of which matches',
      { 'ForAnyValue:StringLike': { [KEYS]: 'H#*' } },
      { [KEYS]: ['C#a', 'H#a'] },
      true,
    ],
    ['ForAnyValue of no values', { 'ForAnyValue:StringLike': { [KEYS]: 'H#*' } }, {}, false],
    ['ForAnyValue none of which equals', { 'ForAnyValue:StringNotEquals': { [KEYS]: 'H#a' } }, {}, false],
    [
      'of two operators, one of which fails',
      { StringEquals: { [KEY]: 'NONE' }, 'ForAllValues:StringLike': { [KEYS]: 'H#*' } },
      { [KEY]: ['NONE'], [KEYS]: ['C#a'] },
      false,
    ],
    [
      'of two keys of one operator, one of which fails',
      { StringEquals: { [KEY]: 'NONE', 'dynamodb:EnclosingOperation': 'TransactWriteItems' } },
      { [KEY]: ['NONE'] },
      false,
    ],
  ])('%s', (_name, condition, values, expected) => {
    expect(holds(condition, values)).toBe(expected);
  });

  test.each<[string, Json]>([
    ['the condition operator NumericEquals', { NumericEquals: { [KEY]: '1' } }],
    ['the condition operator ForSomeValues:StringLike', { 'ForSomeValues:StringLike': { [KEYS]: 'a' } }],
    ['the condition operator NullIfExists', { NullIfExists: { [KEY]: 'true' } }],
    ['the condition key dynamodb:FullTableScan', { Bool: { 'dynamodb:FullTableScan': 'true' } }],
    [`the policy variable in ${VARIABLE}`, { StringEquals: { [KEY]: VARIABLE } }],
    ['StringLike of dynamodb:LeadingKeys, which has several values', { StringLike: { [KEYS]: 'H#*' } }],
    ['Null of dynamodb:ReturnValues with maybe', { Null: { [KEY]: 'maybe' } }],
    ['the value 1', { StringEquals: { [KEY]: 1 } }],
  ])('is refused for %s', (what, condition) => {
    expect(() => readCondition(condition, 'ThePolicy')).toThrow(`ThePolicy uses ${what}, which the embedded stack`);
  });
});
