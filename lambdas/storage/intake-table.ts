import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { AcceptedEvent } from '../domain/accepted-event.ts';
import type { EventId, TenantId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { PayloadHash } from '../domain/usage-event.ts';
import { BATCH_GET_MAX, plain } from './dynamo.ts';
import { putNewTogether, type TogetherOutcome } from './intake-transaction.ts';
import { DamagedItemError, readItem, stored } from './item.ts';
import { intakeKey, type Key, TIME_INDEX, timePartition } from './keys.ts';

/** An accepted event as an intake keeps it. The promise of a 202 rests on this record alone. */
export interface AcceptedRecord<Event> {
  readonly event: Event;
  readonly payloadHash: PayloadHash;
}

/** One read of the time index: who was accepted in a shard of an hour, and where to read on. */
export interface IntakeSlice {
  readonly accepted: readonly AcceptedEvent[];
  /** Index items no event can be read from: named, and no reason to keep the others waiting. */
  readonly damaged: readonly DamagedItemError[];
  readonly cursor: Record<string, unknown> | undefined;
}

type Item = Record<string, unknown>;

/** Names in one read of the time index: what a sweep looks at in a moment, from each of sixty-four shards. */
const NAMES_PER_READ = 1_000;

const indexSchema = z.object({ pk: z.string(), sk: stored.eventId, time_sk: z.string() });

/** What the intakes of both kinds have in common: items written once each under their event's key, and never changed. */
export class IntakeTable {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** Writes the item unless its key is taken; then changes nothing and returns the item that holds the key. */
  async putNew(item: Key & Item, timeoutMs: number): Promise<Item | undefined> {
    const put = new PutCommand({
      TableName: this.#table,
      Item: item,
      ConditionExpression: 'attribute_not_exists(pk)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    try {
      await this.#client.send(put, { abortSignal: AbortSignal.timeout(timeoutMs) });
      return undefined;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const known = error.Item ? plain(error.Item) : await this.#get({ pk: item.pk, sk: item.sk });
      // Refused for an item that is gone again: nothing was written, so nothing may be promised.
      if (known === undefined) throw error;
      return known;
    }
  }

  /**
   * Writes at most a hundred items with different keys in one transaction, unless one of their keys is taken; then changes
   * nothing and gives the items that hold the keys.
   */
  async putNewTogether(items: readonly (Key & Item)[], timeoutMs: number): Promise<TogetherOutcome<Item>> {
    const outcome = await putNewTogether(this.#client, this.#table, items, timeoutMs);
    if (outcome.status !== 'cancelled') return outcome;
    const known = new Map<number, Item>();
    for (const [index, sent] of outcome.known) {
      const { pk, sk } = items[index] ?? {};
      const item = sent ?? (pk === undefined || sk === undefined ? undefined : await this.#get({ pk, sk }));
      if (item !== undefined) known.set(index, item);
    }
    return { status: 'cancelled', known };
  }

  find(tenant: TenantId, eventId: EventId): Promise<Item | undefined> {
    return this.#get(intakeKey(tenant, eventId));
  }

  /** The items of those of a tenant's events that have one, strongly consistent. */
  async findMany(tenant: TenantId, eventIds: readonly EventId[]): Promise<Item[]> {
    const keys = eventIds.map((eventId) => intakeKey(tenant, eventId));
    const found: Item[] = [];
    for (let start = 0; start < keys.length; start += BATCH_GET_MAX) {
      const Keys = keys.slice(start, start + BATCH_GET_MAX);
      const get = new BatchGetCommand({ RequestItems: { [this.#table]: { Keys, ConsistentRead: true } } });
      const { Responses = {}, UnprocessedKeys = {} } = await this.#client.send(get);
      found.push(...(Responses[this.#table] ?? []));
      // What a throttled table left out is asked for by itself: an absent item must mean that there is none.
      for (const { pk, sk } of (UnprocessedKeys[this.#table]?.Keys ?? []) as Key[]) {
        const item = await this.#get({ pk, sk });
        if (item !== undefined) found.push(item);
      }
    }
    return found;
  }

  /** What was accepted in one shard of one hour (`YYYY-MM-DDTHH`) before a moment; the index may lag a little behind. */
  async acceptedIn(
    hour: string,
    shard: number,
    between: { from: Instant; until: Instant },
    cursor: IntakeSlice['cursor'],
  ): Promise<IntakeSlice> {
    const query = new QueryCommand({
      TableName: this.#table,
      IndexName: TIME_INDEX,
      KeyConditionExpression: 'time_pk = :partition AND time_sk BETWEEN :from AND :until',
      ExpressionAttributeValues: {
        ':partition': timePartition(hour, shard),
        ':from': between.from,
        ':until': between.until,
      },
      ExclusiveStartKey: cursor,
      Limit: NAMES_PER_READ,
    });
    const { Items = [], LastEvaluatedKey } = await this.#client.send(query);
    return { ...readIndex(Items), cursor: LastEvaluatedKey };
  }

  async #get(key: Key): Promise<Item | undefined> {
    const get = new GetCommand({ TableName: this.#table, Key: { ...key }, ConsistentRead: true });
    return (await this.#client.send(get)).Item;
  }
}

/** The event, if it is the one its item's key names; else the item was not written by us. */
export function atItsKey<Event extends AcceptedEvent>(event: Event, item: Item): Event {
  const { pk, sk } = intakeKey(event.tenant, event.eventId);
  if (item['pk'] === pk && item['sk'] === sk) return event;
  throw new DamagedItemError(`The item ${String(item['pk'])} / ${String(item['sk'])} holds another event's record.`);
}

function readIndex(items: readonly Item[]): Pick<IntakeSlice, 'accepted' | 'damaged'> {
  const accepted: AcceptedEvent[] = [];
  const damaged: DamagedItemError[] = [];
  for (const item of items) {
    try {
      accepted.push(acceptedOf(item));
    } catch (error) {
      if (!(error instanceof DamagedItemError)) throw error;
      damaged.push(error);
    }
  }
  return { accepted, damaged };
}

function acceptedOf(item: Item): AcceptedEvent {
  const { pk, sk: eventId, time_sk: timeKey } = readItem(indexSchema, item);
  const [receivedAt, tenant] = timeKey.split('#');
  const checked = readItem(z.object({ tenant: stored.tenant, receivedAt: stored.instant }), { pk, tenant, receivedAt });
  return { ...checked, eventId };
}
