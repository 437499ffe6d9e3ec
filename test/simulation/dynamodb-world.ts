import type { Item } from './dynamodb/attribute-value.ts';
import { EXACT_DYNAMODB, type Nastiness } from './dynamodb/nastiness.ts';
import { SimulatedDynamodb } from './dynamodb/simulated-dynamodb.ts';
import type { Change, Write } from './dynamodb/store.ts';
import { Random } from './random.ts';

export const TABLE = 'things';

/** A simulated table with an index, on a clock that a test moves. */
export class DynamodbWorld {
  nowMs = 1_000_000;
  readonly changes: Change[] = [];
  readonly writes: Write[] = [];
  readonly #dynamodb: SimulatedDynamodb;

  constructor(nastiness: Partial<Nastiness> = {}, seed = 'seed') {
    this.#dynamodb = new SimulatedDynamodb({
      tables: [{ name: TABLE, index: { name: 'by_time', partition: 'time_pk', sort: 'time_sk' } }],
      nowMs: () => this.nowMs,
      random: new Random(seed),
      nastiness: { ...EXACT_DYNAMODB, ...nastiness },
    });
    this.#dynamodb.onChange((change) => this.changes.push(change));
    this.#dynamodb.onWrite((write) => this.writes.push(write));
  }

  /** A call that has arrived, and is done when what this gives back is called. */
  arrive(command: string, input: object): () => object {
    return this.#dynamodb.arrive({ command: `${command}Command`, input, caller: 'test' });
  }

  /** One call, answered at once. */
  call(command: string, input: object): object {
    return this.arrive(command, input)();
  }

  put(sk: string, attributes: Item = {}): void {
    this.call('PutItem', { TableName: TABLE, Item: { ...keyOf(sk), ...attributes } });
  }

  transact(TransactItems: readonly object[], ClientRequestToken?: string): object {
    return this.call('TransactWriteItems', transaction(TransactItems, ClientRequestToken));
  }

  get(sk: string, ConsistentRead = true): Item | undefined {
    const { Item } = this.call('GetItem', { TableName: TABLE, Key: keyOf(sk), ConsistentRead }) as { Item?: Item };
    return Item;
  }

  items(): Item[] {
    return [...this.#dynamodb.items(TABLE)];
  }

  /** What a query of all, under way while something happens, sees; by sort key, the number `n` of each. */
  queryDuring(happens: () => void): Record<string, string | undefined> {
    const input = { KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': { S: 'p' } } };
    const finish = this.arrive('Query', { TableName: TABLE, ConsistentRead: true, ...input });
    happens();
    const { Items = [] } = finish() as { readonly Items?: Item[] };
    return Object.fromEntries(Items.map((item) => [item['sk']?.S, item['n']?.N]));
  }

  /** The sort keys of what the index has. */
  indexed(): (string | undefined)[] {
    const { Items = [] } = this.call('Scan', { TableName: TABLE, IndexName: 'by_time' }) as { readonly Items?: Item[] };
    return Items.map((item) => item['sk']?.S).sort();
  }
}

export function keyOf(sk: string): Item {
  return { pk: { S: 'p' }, sk: { S: sk } };
}

export function number(n: number): Item {
  return { n: { N: String(n) } };
}

/** The same for every item: it is in the index. */
export const TIMED: Item = { time_pk: { S: 'h' }, time_sk: { S: 'm' } };

export function put(sk: string, n = 0): object {
  return { Put: { TableName: TABLE, Item: { ...keyOf(sk), ...number(n) } } };
}

export function putNew(sk: string): object {
  return {
    Put: {
      TableName: TABLE,
      Item: keyOf(sk),
      ConditionExpression: 'attribute_not_exists(pk)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  };
}

export function check(sk: string): object {
  return { ConditionCheck: { TableName: TABLE, Key: keyOf(sk), ConditionExpression: 'attribute_not_exists(pk)' } };
}

export function count(sk: string): object {
  const ExpressionAttributeValues = { ':one': { N: '1' } };
  return { Update: { TableName: TABLE, Key: keyOf(sk), UpdateExpression: 'ADD n :one', ExpressionAttributeValues } };
}

export function transaction(TransactItems: readonly object[], ClientRequestToken?: string): object {
  return { TransactItems, ...(ClientRequestToken !== undefined && { ClientRequestToken }) };
}

/** The name of what is thrown, and of a cancelled transaction the reasons. */
export function refusalOf(act: () => unknown): string {
  try {
    act();
    return 'none';
  } catch (error) {
    const { name, CancellationReasons: reasons } = error as Error & { CancellationReasons?: { Code?: string }[] };
    return reasons === undefined ? name : reasons.map(({ Code }) => Code).join(' ');
  }
}
