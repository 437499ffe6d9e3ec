import {
  BatchGetCommand,
  type DynamoDBDocumentClient,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  type ScanCommandInput,
} from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../clock.ts';
import { backOff } from '../retry.ts';
import { BATCH_GET_MAX } from './dynamo.ts';
import { DamagedItemError } from './item.ts';
import type { Key } from './keys.ts';

export type Item = Record<string, unknown>;

/** An item that can be read, or what is wrong with it: a damaged one is a finding, and no reason to stop. */
export type Readable<Value> =
  | { readonly status: 'read'; readonly value: Value }
  | { readonly status: 'damaged'; readonly message: string };

/** Where to go on reading; plain JSON. */
export type Cursor = Readonly<Record<string, unknown>>;

export interface Stretch {
  readonly items: readonly Item[];
  /** Undefined when there is no more. */
  readonly cursor: Cursor | undefined;
}

/** How long a throttled read may take: far less than a function's life. */
const PATIENCE_MS = 10_000;

/** The throttled reads gave out: the run goes on from its last step. */
export class ThrottledError extends Error {}

/** The value, or the item's damage instead of an error. */
export function readable<Value>(read: () => Value): Readable<Value> {
  try {
    return { status: 'read', value: read() };
  } catch (error) {
    if (!(error instanceof DamagedItemError)) throw error;
    return { status: 'damaged', message: error.message };
  }
}

export function nameOf({ pk, sk }: { pk?: unknown; sk?: unknown }): string {
  return `${String(pk)} / ${String(sk)}`;
}

/**
 * The items under any number of keys, or the named attributes of them, by the name of the key, strongly consistent; what
 * throttling leaves out is asked for again.
 */
export async function itemsByKey(
  client: DynamoDBDocumentClient,
  table: string,
  keys: readonly Key[],
  clock: Clock,
  projection?: string,
): Promise<Map<string, Item>> {
  const items = new Map<string, Item>();
  const pending = [...new Map(keys.map((key) => [nameOf(key), key])).values()];
  const deadlineMs = clock.nowMs() + PATIENCE_MS;
  for (let attempt = 0; pending.length > 0; ) {
    const Keys = pending.splice(0, BATCH_GET_MAX);
    const request = { Keys, ConsistentRead: true, ProjectionExpression: projection };
    const get = new BatchGetCommand({ RequestItems: { [table]: request } });
    const { Responses = {}, UnprocessedKeys = {} } = await client.send(get);
    for (const item of Responses[table] ?? []) items.set(nameOf(item), item);
    const left = (UnprocessedKeys[table]?.Keys ?? []) as unknown as Key[];
    pending.push(...left);
    if (left.length === 0) continue;
    attempt += 1;
    if (!(await backOff(clock, attempt, deadlineMs))) throw new ThrottledError(`${table} throttles every read.`);
  }
  return items;
}

/** The next stretch of a whole table, strongly consistent. */
export async function scanStretch(client: DynamoDBDocumentClient, scan: ScanCommandInput): Promise<Stretch> {
  const { Items = [], LastEvaluatedKey } = await client.send(new ScanCommand({ ConsistentRead: true, ...scan }));
  return { items: Items, cursor: LastEvaluatedKey };
}

/** The next stretch of one partition, strongly consistent. */
export async function queryStretch(client: DynamoDBDocumentClient, query: QueryCommandInput): Promise<Stretch> {
  const { Items = [], LastEvaluatedKey } = await client.send(new QueryCommand({ ConsistentRead: true, ...query }));
  return { items: Items, cursor: LastEvaluatedKey };
}

/** Partitions read side by side: enough to hide the latency of one. */
const PARTITIONS_AT_ONCE = 16;

/** Where a walk over many partitions is: the next one to begin, and those begun and not ended. */
interface PartitionsCursor extends Cursor {
  readonly next: number;
  readonly open: readonly { readonly partition: number; readonly key: Cursor }[];
}

/**
 * The next stretch of a known list of partitions, as a scan would give it: a tenant's part of a table is read for the cost of
 * that part. `itemsPerRead` bounds each partition's read.
 */
export async function partitionsStretch(
  client: DynamoDBDocumentClient,
  query: Pick<QueryCommandInput, 'TableName' | 'ProjectionExpression' | 'ExpressionAttributeNames'>,
  partitions: readonly string[],
  itemsPerRead: number,
  cursor: Cursor | undefined,
): Promise<Stretch> {
  const { next, open } = (cursor ?? { next: 0, open: [] }) as PartitionsCursor;
  const until = Math.min(partitions.length, next + PARTITIONS_AT_ONCE);
  const begun = open.length > 0 ? open : Array.from({ length: until - next }, (_, at) => ({ partition: next + at }));
  const reads = await Promise.all(
    begun.map((one) =>
      queryStretch(client, {
        ...query,
        KeyConditionExpression: 'pk = :partition',
        ExpressionAttributeValues: { ':partition': partitions[one.partition] },
        ExclusiveStartKey: 'key' in one ? one.key : undefined,
        Limit: itemsPerRead,
      }),
    ),
  );
  const stillOpen = begun.flatMap(({ partition }, at) => {
    const key = reads[at]?.cursor;
    return key === undefined ? [] : [{ partition, key }];
  });
  const reached = open.length > 0 ? next : until;
  const isDone = stillOpen.length === 0 && reached >= partitions.length;
  return {
    items: reads.flatMap(({ items }) => items),
    cursor: isDone ? undefined : ({ next: reached, open: stillOpen } satisfies PartitionsCursor),
  };
}
