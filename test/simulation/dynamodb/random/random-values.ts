import fc from 'fast-check';
import { TIME_INDEX_PARTITION_KEY, TIME_INDEX_SORT_KEY } from '../../../../lambdas/storage/keys.ts';
import type { Item, Value } from '../attribute-value.ts';

/** Few, so that everything meets everything; the last two are in one order as UTF-8 and in another as UTF-16. */
export const PARTITIONS = ['p', 'q'];
export const SORTS = ['a', 'ab', 'b', '～', '😀'];

export const TEXTS = ['a', 'ab', 'b', 'é', ''];

const NUMBERS = ['0', '1', '-1', '2', '10', '0.1', '0.2', '9007199254740993', '99999999999999999999999999999999999999'];

/** As DynamoDB does not give them back; inside lists and maps DynamoDB Local leaves them as they are. */
const ODD_NUMBERS = ['-2.50', '1e2', '007', '1E-1'];

export const someKey: fc.Arbitrary<Item> = fc
  .record({ pk: fc.constantFrom(...PARTITIONS), sk: fc.constantFrom(...SORTS) })
  .map(({ pk, sk }) => ({ pk: { S: pk }, sk: { S: sk } }));

export const someText: fc.Arbitrary<Value> = fc.constantFrom(...TEXTS).map((S) => ({ S }));

export const someNumber: fc.Arbitrary<Value> = fc.constantFrom(...NUMBERS).map((N) => ({ N }));

const someTopNumber: fc.Arbitrary<Value> = fc.oneof(
  { weight: 4, arbitrary: someNumber },
  { weight: 1, arbitrary: fc.constantFrom(...ODD_NUMBERS).map((N) => ({ N })) },
);

const someScalar: fc.Arbitrary<Value> = fc.oneof(
  { weight: 4, arbitrary: someNumber },
  { weight: 3, arbitrary: someText },
  { weight: 1, arbitrary: fc.boolean().map((BOOL) => ({ BOOL })) },
  { weight: 1, arbitrary: fc.constant({ NULL: true }) },
);

export const someList: fc.Arbitrary<Value> = fc.array(someScalar, { maxLength: 2 }).map((L) => ({ L }));

const someMap: fc.Arbitrary<Value> = fc.dictionary(fc.constantFrom('x', 'y'), someScalar).map((M) => ({ M: { ...M } }));

export const someValue: fc.Arbitrary<Value> = fc.oneof(
  { weight: 6, arbitrary: someScalar },
  { weight: 1, arbitrary: someList },
  { weight: 1, arbitrary: someMap },
);

/** Attributes mostly of the type their name tells, so that expressions on them often make sense. */
const someAttributes: fc.Arbitrary<Item> = fc
  .record(
    {
      n: fc.oneof({ weight: 5, arbitrary: someTopNumber }, { weight: 1, arbitrary: someValue }),
      t: fc.oneof({ weight: 5, arbitrary: someText }, { weight: 1, arbitrary: someValue }),
      l: fc.oneof({ weight: 5, arbitrary: someList }, { weight: 1, arbitrary: someValue }),
      m: fc.oneof({ weight: 5, arbitrary: someMap }, { weight: 1, arbitrary: someValue }),
      [TIME_INDEX_PARTITION_KEY]: someIndexKey(),
      [TIME_INDEX_SORT_KEY]: someIndexKey(),
    },
    { requiredKeys: [] },
  )
  .map((attributes) => ({ ...attributes }) as Item);

export const someItem: fc.Arbitrary<Item> = fc
  .tuple(someKey, someAttributes)
  .map(([key, rest]) => ({ ...key, ...rest }));

/** Now and then one that an index refuses. */
function someIndexKey(): fc.Arbitrary<Value> {
  return fc.oneof(
    { weight: 60, arbitrary: fc.constantFrom('h', 'i', 'j').map((S) => ({ S })) },
    { weight: 1, arbitrary: fc.constantFrom<Value>({ S: '' }, { N: '1' }) },
  );
}
