import { describe, expect, test } from 'vitest';
import { parseFilter } from '../../localstack/embedded/triggers/event-filter.ts';

const record = {
  eventName: 'MODIFY',
  dynamodb: {
    Keys: { pk: { S: 'J#alpha#2026-01#3' }, sk: { S: '' } },
    NewImage: { n: { N: '7' }, gone: { NULL: true }, tags: { SS: ['red', 'blue'] } },
    SizeBytes: 12,
  },
  nothing: null,
};

const matches = (...patterns: object[]) =>
  parseFilter(
    patterns.map((pattern) => JSON.stringify(pattern)),
    'Mapping',
  ).matches(record);
const pk = (rule: unknown) => ({ dynamodb: { Keys: { pk: { S: [rule] } } } });

describe('an event filter', () => {
  test.each([
    ['no pattern at all', true, []],
    ['an exact value', true, [{ eventName: ['MODIFY'] }]],
    ['one of several values', true, [{ eventName: ['REMOVE', 'MODIFY'] }]],
    ['another value', false, [{ eventName: ['INSERT'] }]],
    ['a number', true, [{ dynamodb: { SizeBytes: [12] } }]],
    ['a number where there is text', false, [{ dynamodb: { NewImage: { n: { N: [7] } } } }]],
    ['a truth value', true, [{ dynamodb: { NewImage: { gone: { NULL: [true] } } } }]],
    ['null', true, [{ nothing: [null] }]],
    ['null where there is no field', false, [{ nowhere: [null] }]],
    ['empty text', true, [{ dynamodb: { Keys: { sk: { S: [''] } } } }]],
    ['a member of a list', true, [{ dynamodb: { NewImage: { tags: { SS: ['blue'] } } } }]],
    ['a prefix', true, [pk({ prefix: 'J#' })]],
    ['another prefix', false, [pk({ prefix: 'E#' })]],
    ['a suffix', true, [pk({ suffix: '#3' })]],
    ['other case', true, [pk({ 'equals-ignore-case': 'j#ALPHA#2026-01#3' })]],
    ['anything but others', true, [pk({ 'anything-but': ['J#', 'E#'] })]],
    ['anything but this', false, [{ eventName: [{ 'anything-but': 'MODIFY' }] }]],
    ['anything but a prefix', false, [pk({ 'anything-but': { prefix: 'J#' } })]],
    ['anything but, where there is no field', false, [{ nowhere: [{ 'anything-but': 'x' }] }]],
    ['a field that exists', true, [pk({ exists: true })]],
    ['a field that does not', true, [{ dynamodb: { OldImage: { v: { S: [{ exists: false }] } } } }]],
    ['a field that should not exist', false, [pk({ exists: false })]],
    ['an inner node, which is no field', false, [{ dynamodb: [{ exists: true }] }]],
    ['every field', false, [{ eventName: ['MODIFY'], dynamodb: { SizeBytes: [1] } }]],
    ['any pattern', true, [{ eventName: ['INSERT'] }, { eventName: ['MODIFY'] }]],
    ['$or', true, [{ $or: [{ eventName: ['INSERT'] }, { dynamodb: { SizeBytes: [12] } }] }]],
    ['$or of what does not hold', false, [{ $or: [{ eventName: ['INSERT'] }, { nothing: [1] }] }]],
    ['what only a prototype has', false, [{ constructor: { name: [{ exists: true }] } }]],
  ])('%s: %s', (_name, expected, patterns) => {
    expect(matches(...patterns)).toBe(expected);
  });

  test.each([
    ['no JSON', '{'],
    ['a list', '[]'],
    ['a value that is no list', '{"eventName":"MODIFY"}'],
    ['an empty list', '{"eventName":[]}'],
    ['an unknown operator', '{"a":[{"numeric":["=",1]}]}'],
    ['two operators at once', '{"a":[{"prefix":"x","suffix":"y"}]}'],
    ['a prefix that is no text', '{"a":[{"prefix":1}]}'],
    ['exists without a truth value', '{"a":[{"exists":"yes"}]}'],
    ['anything-but of nothing', '{"a":[{"anything-but":[]}]}'],
    ['anything-but of another operator', '{"a":[{"anything-but":{"wildcard":"x"}}]}'],
    ['$or without a list', '{"$or":{"a":[1]}}'],
    ['an operator’s name that only a prototype has', '{"a":[{"constructor":"x"}]}'],
  ])('%s is refused', (_name, pattern) => {
    expect(() => parseFilter([pattern], 'Mapping')).toThrow(/^The filter of Mapping says/);
  });
});
