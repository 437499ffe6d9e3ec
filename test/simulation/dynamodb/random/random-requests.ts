import fc from 'fast-check';
import { TIME_INDEX, TIME_INDEX_PARTITION_KEY, TIME_INDEX_SORT_KEY } from '../../../../lambdas/storage/keys.ts';
import type { Item } from '../attribute-value.ts';
import { PARTITIONS, SORTS, someItem, someKey } from './random-values.ts';
import { PlaceholderWriter, someCondition, someUpdate, type Written } from './written-expressions.ts';

export const TABLE = 'compared';

const REQUESTS_MAX = 12;

/** One call; what pages is followed to its end. */
export interface Request {
  readonly command:
    | 'PutItem'
    | 'UpdateItem'
    | 'DeleteItem'
    | 'GetItem'
    | 'BatchGetItem'
    | 'TransactWriteItems'
    | 'Query'
    | 'Scan';
  readonly input: Readonly<Record<string, unknown>>;
}

type Expressions = Readonly<Record<string, Written | undefined>>;

/** A few requests have a placeholder too many or too few. */
const someMistake = fc.oneof(
  { weight: 80, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.constantFrom('unused value' as const, 'unused name' as const, 'undefined' as const) },
);

type Mistake = typeof someMistake extends fc.Arbitrary<infer One> ? One : never;

function withExpressions(fields: object, expressions: Expressions, mistake: Mistake): Record<string, unknown> {
  const writer = new PlaceholderWriter();
  const texts: Record<string, string> = {};
  for (const [field, expression] of Object.entries(expressions)) {
    if (expression !== undefined) texts[field] = expression(writer);
  }
  if (mistake === 'unused value') writer.value({ S: 'unused' });
  if (mistake === 'unused name') writer.name('unused');
  if (mistake === 'undefined') delete writer.values[':v0'];
  return {
    ...fields,
    ...texts,
    ...(Object.keys(writer.names).length > 0 && { ExpressionAttributeNames: writer.names }),
    ...(Object.keys(writer.values).length > 0 && { ExpressionAttributeValues: writer.values }),
  };
}

function maybe<Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> {
  return fc.option(arbitrary, { nil: undefined, freq: 2 });
}

const someOldWish = fc.constantFrom(undefined, 'ALL_OLD');

const TableName = TABLE;

const somePut = fc
  .tuple(someItem, maybe(someCondition), someOldWish, someMistake)
  .map(([Item, condition, ReturnValuesOnConditionCheckFailure, mistake]) =>
    withExpressions(
      { TableName, Item, ReturnValuesOnConditionCheckFailure },
      { ConditionExpression: condition },
      mistake,
    ),
  );

const someItemUpdate = fc
  .tuple(someKey, maybe(someCondition), fc.option(someUpdate, { nil: undefined, freq: 20 }), someOldWish, someMistake)
  .map(([Key, condition, update, ReturnValuesOnConditionCheckFailure, mistake]) =>
    withExpressions(
      { TableName, Key, ReturnValuesOnConditionCheckFailure },
      { UpdateExpression: update, ConditionExpression: condition },
      mistake,
    ),
  );

const someDelete = fc
  .tuple(someKey, maybe(someCondition), someOldWish, someMistake)
  .map(([Key, condition, ReturnValuesOnConditionCheckFailure, mistake]) =>
    withExpressions(
      { TableName, Key, ReturnValuesOnConditionCheckFailure },
      { ConditionExpression: condition },
      mistake,
    ),
  );

const someCheck = fc
  .tuple(someKey, someCondition, someOldWish)
  .map(([Key, ConditionExpression, ReturnValuesOnConditionCheckFailure]) =>
    withExpressions({ TableName, Key, ReturnValuesOnConditionCheckFailure }, { ConditionExpression }, undefined),
  );

const someProjection: fc.Arbitrary<Written> = fc
  .array(fc.tuple(fc.constantFrom('pk', 'sk', 'n', 't', 'm', 'm.x', 'l', 'absent'), fc.boolean()), {
    minLength: 1,
    maxLength: 3,
  })
  .map((paths) => (writer) => {
    const texts = paths.map(([path, isPlaceholder]) =>
      isPlaceholder ? path.replace(/^[a-z]+/, (first) => writer.name(first)) : path,
    );
    return texts.join(', ');
  });

const someGet = fc
  .tuple(someKey, maybe(someProjection), fc.boolean())
  .map(([Key, ProjectionExpression, ConsistentRead]) =>
    withExpressions({ TableName, Key, ConsistentRead }, { ProjectionExpression }, undefined),
  );

const someBatchGet = fc
  .tuple(fc.array(someKey, { minLength: 1, maxLength: 5 }), maybe(someProjection))
  .map(([Keys, ProjectionExpression]) => ({
    RequestItems: { [TableName]: withExpressions({ Keys, ConsistentRead: true }, { ProjectionExpression }, undefined) },
  }));

const someAction = fc.oneof(
  somePut.map((Put) => ({ Put })),
  someItemUpdate.filter(({ UpdateExpression }) => UpdateExpression !== undefined).map((Update) => ({ Update })),
  someDelete.map((Delete) => ({ Delete })),
  someCheck.map((ConditionCheck) => ({ ConditionCheck })),
);

/** Seldom with two actions on one item; some with a token that another transaction of the same story may have. */
const someTransaction = fc
  .tuple(
    fc.oneof(
      {
        weight: 20,
        arbitrary: fc.uniqueArray(someAction, { minLength: 1, maxLength: 4, selector: keyTextOf }),
      },
      { weight: 1, arbitrary: fc.array(someAction, { minLength: 2, maxLength: 4 }) },
    ),
    fc.constantFrom(undefined, undefined, 'x', 'y'),
  )
  .map(([TransactItems, ClientRequestToken]) => ({ TransactItems, ClientRequestToken }));

function keyTextOf(action: object): string {
  const [{ Key, Item }] = Object.values(action) as [{ readonly Key?: Item; readonly Item?: Item }];
  return `${Key?.['pk']?.S ?? Item?.['pk']?.S} ${Key?.['sk']?.S ?? Item?.['sk']?.S}`;
}

function someSortTerm(sort: string): fc.Arbitrary<Written | undefined> {
  const text = fc.constantFrom(...SORTS, 'h', 'i', 'j').map((S) => ({ S }));
  return fc.oneof(
    { weight: 20, arbitrary: fc.constant(undefined) },
    {
      weight: 40,
      arbitrary: fc.tuple(fc.constantFrom('=', '<', '<=', '>', '>='), text).map(
        ([comparator, value]): Written =>
          (writer) =>
            `${sort} ${comparator} ${writer.value(value)}`,
      ),
    },
    {
      weight: 50,
      arbitrary: text.map(
        (value): Written =>
          (writer) =>
            `begins_with(${sort}, ${writer.value(value)})`,
      ),
    },
    {
      weight: 20,
      arbitrary: fc.tuple(text, text).map(
        ([low, high]): Written =>
          (writer) =>
            `${sort} BETWEEN ${writer.value(low)} AND ${writer.value(high)}`,
      ),
    },
    {
      weight: 1,
      arbitrary: text.map(
        (value): Written =>
          (writer) =>
            `${sort} <> ${writer.value(value)}`,
      ),
    },
  );
}

function someQueryOf(partition: string, sort: string, partitions: readonly string[], fields: object) {
  return fc
    .tuple(
      fc.constantFrom(...partitions),
      someSortTerm(sort),
      fc.constantFrom(undefined, undefined, 1, 2, 3),
      fc.constantFrom(undefined, false),
      maybe(someCondition),
      maybe(someProjection),
      someMistake,
    )
    .map(([S, sortTerm, Limit, ScanIndexForward, filter, projection, mistake]) => {
      const key: Written = (writer) => {
        const first = `${partition} = ${writer.value({ S })}`;
        return sortTerm === undefined ? first : `${first} AND ${sortTerm(writer)}`;
      };
      const expressions = { KeyConditionExpression: key, FilterExpression: filter, ProjectionExpression: projection };
      return withExpressions({ TableName, Limit, ScanIndexForward, ...fields }, expressions, mistake);
    });
}

const someTableQuery = someQueryOf('pk', 'sk', PARTITIONS, { ConsistentRead: true });

/** What a KEYS_ONLY index does not hold is not asked of it. */
const someIndexQuery = someQueryOf(TIME_INDEX_PARTITION_KEY, TIME_INDEX_SORT_KEY, ['h', 'i'], {
  IndexName: TIME_INDEX,
}).map(({ ProjectionExpression: _projection, FilterExpression: _filter, ...query }) => withoutUnused(query));

const someScan = fc
  .tuple(
    fc.constantFrom(undefined, 1, 2, 3),
    maybe(someCondition),
    maybe(someProjection),
    fc.constantFrom(undefined, undefined, 3),
    fc.constantFrom(undefined, undefined, TIME_INDEX),
    someMistake,
  )
  .map(([Limit, filter, projection, TotalSegments, IndexName, mistake]) =>
    withExpressions(
      { TableName, Limit, TotalSegments, IndexName },
      IndexName ? {} : { FilterExpression: filter, ProjectionExpression: projection },
      IndexName ? undefined : mistake,
    ),
  );

function withoutUnused({ ExpressionAttributeNames: _names, ...query }: Record<string, unknown>) {
  const text = String(query['KeyConditionExpression']);
  const values = Object.entries(query['ExpressionAttributeValues'] as object).filter(([name]) => text.includes(name));
  return { ...query, ExpressionAttributeValues: Object.fromEntries(values) };
}

export const someRequest: fc.Arbitrary<Request> = fc.oneof(
  { weight: 4, arbitrary: request('PutItem', withReturn(somePut, [undefined, 'NONE', 'ALL_OLD', 'ALL_NEW'])) },
  {
    weight: 5,
    arbitrary: request(
      'UpdateItem',
      withReturn(someItemUpdate, [undefined, 'ALL_OLD', 'ALL_NEW', 'UPDATED_OLD', 'UPDATED_NEW']),
    ),
  },
  { weight: 1, arbitrary: request('DeleteItem', withReturn(someDelete, [undefined, 'ALL_OLD'])) },
  { weight: 1, arbitrary: request('GetItem', someGet) },
  { weight: 1, arbitrary: request('BatchGetItem', someBatchGet) },
  { weight: 5, arbitrary: request('TransactWriteItems', someTransaction) },
  { weight: 3, arbitrary: request('Query', someTableQuery) },
  { weight: 1, arbitrary: request('Query', someIndexQuery) },
  { weight: 1, arbitrary: request('Scan', someScan) },
);

/** Something in the table, and then anything, now and then the same once more. */
export const someStory: fc.Arbitrary<Request[]> = fc
  .tuple(
    fc.array(
      request(
        'PutItem',
        someItem.map((Item) => ({ TableName, Item })),
      ),
      { maxLength: 5 },
    ),
    fc.array(fc.tuple(someRequest, fc.integer({ min: 1, max: 5 })), { minLength: 1, maxLength: REQUESTS_MAX }),
  )
  .map(([first, then]) => [...first, ...then.flatMap(([one, chance]) => (chance === 5 ? [one, one] : [one]))]);

function request(command: Request['command'], input: fc.Arbitrary<object>): fc.Arbitrary<Request> {
  return input.map((one) => ({ command, input: JSON.parse(JSON.stringify(one)) as Request['input'] }));
}

function withReturn(input: fc.Arbitrary<object>, values: readonly (string | undefined)[]): fc.Arbitrary<object> {
  return fc.tuple(input, fc.constantFrom(...values)).map(([one, ReturnValues]) => ({ ...one, ReturnValues }));
}
