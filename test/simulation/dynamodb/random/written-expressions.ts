import fc from 'fast-check';
import type { Item, Value } from '../attribute-value.ts';
import { someList, someNumber, someText, someValue } from './random-values.ts';

/** An expression as its parts, to be written down among the placeholders of a request. */
export type Written = (placeholders: PlaceholderWriter) => string;

/** Gathers what an expression's placeholders stand for. */
export class PlaceholderWriter {
  readonly names: Record<string, string> = {};
  readonly values: Item = {};

  name(name: string): string {
    const placeholder = `#${name}`;
    this.names[placeholder] = name;
    return placeholder;
  }

  value(value: Value): string {
    const placeholder = `:v${Object.keys(this.values).length}`;
    this.values[placeholder] = value;
    return placeholder;
  }
}

/** A few are reserved words, which DynamoDB takes only as placeholders. */
export const somePath: fc.Arbitrary<Written> = fc
  .tuple(
    fc.oneof(
      { weight: 120, arbitrary: fc.constantFrom('n', 't', 'l', 'm', 'm.x', 'm.y', 'pk', 'absent') },
      { weight: 12, arbitrary: fc.constantFrom('l[0]', 'm.x.y') },
      { weight: 1, arbitrary: fc.constantFrom('status', 'Total') },
    ),
    fc.boolean(),
  )
  .map(([path, isPlaceholder]) => (writer) => {
    if (!isPlaceholder) return path;
    return path.replace(/^[a-z]+/i, (first) => writer.name(first));
  });

/** A place to write to: whole attributes and what is in maps, for an update inside a list is not simulated. */
export const someTarget: fc.Arbitrary<string> = fc.oneof(
  { weight: 40, arbitrary: fc.constantFrom('n', 't', 'l', 'm', 'm.x', 'time_pk', 'time_sk') },
  { weight: 1, arbitrary: fc.constantFrom('pk', 'absent.x', 'm.x.y') },
);

export function written(value: fc.Arbitrary<Value>): fc.Arbitrary<Written> {
  return value.map((one) => (writer) => writer.value(one));
}

const someSize: fc.Arbitrary<Written> = somePath.map((path) => (writer) => `size(${path(writer)})`);

const someOperand: fc.Arbitrary<Written> = fc.oneof(
  { weight: 4, arbitrary: somePath },
  { weight: 4, arbitrary: written(fc.oneof(someNumber, someText)) },
  { weight: 1, arbitrary: written(someValue) },
  { weight: 1, arbitrary: someSize },
);

const someOrdered: fc.Arbitrary<Written> = written(fc.oneof(someNumber, someText));

const someEquation: fc.Arbitrary<Written> = fc.tuple(someOperand, fc.constantFrom('=', '<>'), someOperand).map(
  ([left, comparator, right]) =>
    (writer) =>
      `${left(writer)} ${comparator} ${right(writer)}`,
);

/** Mostly of what has an order. */
const someComparison: fc.Arbitrary<Written> = fc
  .tuple(
    fc.oneof({ weight: 4, arbitrary: somePath }, { weight: 1, arbitrary: someSize }),
    fc.constantFrom('=', '<>', '<', '<=', '>', '>='),
    fc.oneof({ weight: 12, arbitrary: someOrdered }, { weight: 1, arbitrary: someOperand }),
  )
  .map(
    ([left, comparator, right]) =>
      (writer) =>
        `${left(writer)} ${comparator} ${right(writer)}`,
  );

/** Mostly with bounds that DynamoDB takes. */
const someBetween: fc.Arbitrary<Written> = fc
  .tuple(
    somePath,
    fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom<[Value, Value]>([{ N: '-1' }, { N: '2' }], [{ S: 'a' }, { S: 'b' }]) },
      { weight: 1, arbitrary: fc.tuple(someNumber, someNumber) },
      { weight: 1, arbitrary: fc.tuple(someValue, someValue) },
    ),
  )
  .map(
    ([path, [low, high]]) =>
      (writer) =>
        `${path(writer)} BETWEEN ${writer.value(low)} AND ${writer.value(high)}`,
  );

const someIn: fc.Arbitrary<Written> = fc.tuple(somePath, fc.array(someOperand, { minLength: 1, maxLength: 3 })).map(
  ([path, among]) =>
    (writer) =>
      `${path(writer)} IN (${among.map((each) => each(writer)).join(', ')})`,
);

const someFunction: fc.Arbitrary<Written> = fc.oneof(
  fc.tuple(fc.constantFrom('attribute_exists', 'attribute_not_exists'), somePath).map(
    ([name, path]): Written =>
      (writer) =>
        `${name}(${path(writer)})`,
  ),
  fc.tuple(somePath, fc.constantFrom('S', 'N', 'BOOL', 'NULL', 'L', 'M', 'B', 'X')).map(
    ([path, S]): Written =>
      (writer) =>
        `attribute_type(${path(writer)}, ${writer.value({ S })})`,
  ),
  fc.tuple(fc.constantFrom('begins_with', 'contains'), somePath, someOperand).map(
    ([name, path, operand]): Written =>
      (writer) =>
        `${name}(${path(writer)}, ${operand(writer)})`,
  ),
);

const someTerm: fc.Arbitrary<Written> = fc.oneof(
  { weight: 1, arbitrary: someEquation },
  { weight: 3, arbitrary: someComparison },
  { weight: 1, arbitrary: someBetween },
  { weight: 1, arbitrary: someIn },
  { weight: 3, arbitrary: someFunction },
);

/** Up to three terms, with one pair of needless parentheses now and then. */
export const someCondition: fc.Arbitrary<Written> = fc.oneof(
  { weight: 20, arbitrary: someTerm },
  {
    weight: 5,
    arbitrary: someTerm.map(
      (term): Written =>
        (writer) =>
          `NOT ${term(writer)}`,
    ),
  },
  {
    weight: 5,
    arbitrary: someTerm.map(
      (term): Written =>
        (writer) =>
          `(${term(writer)})`,
    ),
  },
  {
    weight: 15,
    arbitrary: fc.tuple(someTerm, fc.constantFrom('AND', 'OR', 'and'), someTerm).map(
      ([left, joint, right]): Written =>
        (writer) =>
          `${left(writer)} ${joint} ${right(writer)}`,
    ),
  },
  {
    weight: 10,
    arbitrary: fc
      .tuple(someTerm, fc.constantFrom('AND', 'OR'), someTerm, fc.constantFrom('AND', 'OR'), someTerm, fc.boolean())
      .map(
        ([first, one, second, other, third, isGrouped]): Written =>
          (writer) => {
            const [a, b, c] = [first(writer), second(writer), third(writer)];
            return isGrouped ? `${a} ${one} (${b} ${other} ${c})` : `NOT ${a} ${one} ${b} ${other} ${c}`;
          },
      ),
  },
  {
    weight: 1,
    arbitrary: someTerm.map(
      (term): Written =>
        (writer) =>
          `((${term(writer)}))`,
    ),
  },
);

const someSource: fc.Arbitrary<Written> = fc.oneof(
  { weight: 4, arbitrary: written(someValue) },
  { weight: 1, arbitrary: somePath },
  {
    weight: 2,
    arbitrary: fc.tuple(somePath, written(someValue)).map(
      ([path, value]): Written =>
        (writer) =>
          `if_not_exists(${path(writer)}, ${value(writer)})`,
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(somePath, written(fc.oneof(someList, someValue))).map(
      ([path, value]): Written =>
        (writer) =>
          `list_append(${path(writer)}, ${value(writer)})`,
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(somePath, fc.constantFrom('+', '-'), written(someNumber)).map(
      ([path, sign, value]): Written =>
        (writer) =>
          `${path(writer)} ${sign} ${value(writer)}`,
    ),
  },
);

/** Clauses in any order, each of one or two parts; seldom do two of them touch one place. */
export const someUpdate: fc.Arbitrary<Written> = fc
  .tuple(
    fc.uniqueArray(someTarget, { minLength: 3, maxLength: 3, selector: (target) => target[0] + (target[5] ?? '') }),
    fc.tuple(someSource, someSource),
    written(fc.oneof({ weight: 12, arbitrary: someNumber }, { weight: 1, arbitrary: someText })),
    fc.oneof({ weight: 40, arbitrary: fc.nat({ max: 6 }) }, { weight: 1, arbitrary: fc.constant(7) }),
  )
  .map(
    ([targets, sources, addend, form]): Written =>
      (writer) => {
        const [first = '', second = '', third = ''] = targets;
        const set = (target: string, at: 0 | 1) => `${target} = ${sources[at](writer)}`;
        switch (form) {
          case 0:
            return `SET ${set(first, 0)}`;
          case 1:
            return `SET ${set(first, 0)}, ${set(second, 1)}`;
          case 2:
            return `ADD ${first} ${addend(writer)}`;
          case 3:
            return `REMOVE ${first}, ${second}`;
          case 4:
            return `ADD ${first} ${addend(writer)} SET ${set(second, 0)}`;
          case 5:
            return `SET ${set(first, 0)} REMOVE ${second}`;
          case 6:
            return `REMOVE ${first} ADD ${second} ${addend(writer)} SET ${set(third, 1)}`;
          default:
            return `SET ${set(first, 0)}, ${set(first, 1)}`;
        }
      },
  );
