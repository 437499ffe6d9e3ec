import {
  BatchGetCommand,
  type DynamoDBDocumentClient,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type EventId, parseEventId, parseTenantId, type TenantId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { EntryKind } from '../domain/journal.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { PayloadHash } from '../domain/usage-event.ts';
import { DamagedItemError, readItem, stored } from './item.ts';
import {
  type Key,
  markerKey,
  NO_TENANT,
  REFUSAL_INDEX,
  REFUSAL_INDEX_PARTITION_KEY,
  REFUSAL_INDEX_SORT_KEY,
  refusalIndexKey,
  refusalKey,
  unreadableMessageKey,
} from './keys.ts';
import { markerOf } from './ledger.ts';
import { sweepAttemptKey, sweepAttemptsPartition } from './operations-keys.ts';
import { refusalOf, type UnreadableMessage, unreadableOf } from './refusal-item.ts';
import { attemptOf, type SweepAttempt } from './sweep-progress.ts';

/** A place in the index of refusals: an event's first failure, or an unreadable message's. */
export interface RefusalPlace {
  readonly tenant: TenantId | typeof NO_TENANT;
  readonly firstAt: Instant;
  /** The event's id, or the message's. */
  readonly id: string;
}

/** A place among the attempts of a sweep. */
export interface AttemptPlace {
  readonly tenant: TenantId;
  readonly eventId: EventId;
}

/** What was read from one place on, and where to read on; undefined at the end. */
export interface Slice<Item, Place> {
  readonly items: readonly Item[];
  readonly next: Place | undefined;
}

type Item = Record<string, unknown>;

/** DynamoDB hands back what it was too busy for; after so many turns it is an outage. */
const BATCH_GET_TURNS_MAX = 5;

const indexSchema = z.object({
  sk: z.string(),
  [REFUSAL_INDEX_PARTITION_KEY]: z.string(),
  [REFUSAL_INDEX_SORT_KEY]: z.string(),
});

/** What could not be posted, read for an administrator: the index of refusals and what the sweeps gave up. */
export class DeadLetters {
  readonly #client: DynamoDBDocumentClient;
  readonly #tables: { readonly ledger: string; readonly operations: string };

  constructor(client: DynamoDBDocumentClient, tables: { ledger: string; operations: string }) {
    this.#client = client;
    this.#tables = tables;
  }

  /** Up to `limit` places of the index, which may lag a little: one tenant's by time, or everybody's in no order. */
  async refusals(
    tenant: TenantId | undefined,
    after: RefusalPlace | undefined,
    limit: number,
  ): Promise<Slice<RefusalPlace, RefusalPlace>> {
    const index = {
      ...{ TableName: this.#tables.ledger, IndexName: REFUSAL_INDEX, Limit: limit },
      ExclusiveStartKey: after && { ...itemKey(after), ...refusalIndexKey(after.tenant, after.firstAt, after.id) },
    };
    const command =
      tenant === undefined
        ? new ScanCommand(index)
        : new QueryCommand({
            ...index,
            KeyConditionExpression: `${REFUSAL_INDEX_PARTITION_KEY} = :tenant`,
            ExpressionAttributeValues: { ':tenant': tenant },
          });
    const { Items = [], LastEvaluatedKey } = await this.#client.send(command);
    const [next] = LastEvaluatedKey === undefined ? [] : placeOf(LastEvaluatedKey);
    if (LastEvaluatedKey !== undefined && next === undefined) {
      throw new DamagedItemError(`The index of refusals can't be read past ${JSON.stringify(LastEvaluatedKey)}.`);
    }
    return { items: Items.flatMap(placeOf), next };
  }

  /** The refusals at these at most a hundred places that stand, once each, with the payload posted under each id, if any. */
  async read(
    named: readonly RefusalPlace[],
  ): Promise<{ readonly place: RefusalPlace; readonly item: Item; readonly postedHash: PayloadHash | undefined }[]> {
    // The index may still name a place that a refusal has left, and DynamoDB refuses a key named twice.
    const places = [...new Map(named.map((place) => [textOf(itemKey(place)), place])).values()];
    const events = places.flatMap(eventOf);
    const refusals = await this.#getAll(places.map(itemKey));
    const markers = await this.#getAll(events.map(({ tenant, eventId }) => markerKey(tenant, eventId)));
    return places.flatMap((place) => {
      const item = refusals.get(textOf(itemKey(place)));
      if (item === undefined) return [];
      const [event] = eventOf(place);
      const marker = event && markers.get(textOf(markerKey(event.tenant, event.eventId)));
      return [{ place, item, postedHash: marker && markerOf(marker).payloadHash }];
    });
  }

  /** What the sweep of one intake has given up, looking at no more than `limit` of its attempts. */
  async givenUp(
    kind: EntryKind,
    tenant: TenantId | undefined,
    after: AttemptPlace | undefined,
    limit: number,
  ): Promise<Slice<SweepAttempt, AttemptPlace>> {
    const ofTenant = tenant === undefined ? '' : ' AND begins_with(sk, :tenant)';
    const query: QueryCommandInput = {
      ...{ TableName: this.#tables.operations, ConsistentRead: true, Limit: limit },
      KeyConditionExpression: `pk = :attempts${ofTenant}`,
      FilterExpression: 'gave_up = :yes',
      ExpressionAttributeValues: {
        ...{ ':attempts': sweepAttemptsPartition(kind), ':yes': true },
        ...(tenant !== undefined && { ':tenant': `${tenant}#` }),
      },
      ExclusiveStartKey: after && { ...sweepAttemptKey(kind, after.tenant, after.eventId) },
    };
    const { Items = [], LastEvaluatedKey } = await this.#client.send(new QueryCommand(query));
    return { items: Items.map(attemptOf), next: LastEvaluatedKey && attemptPlaceOf(LastEvaluatedKey) };
  }

  /** Every one of these items that exists, read strongly. */
  async #getAll(keys: readonly Key[]): Promise<Map<string, Item>> {
    const found = new Map<string, Item>();
    let pending: Item[] = keys.map((key) => ({ ...key }));
    for (let turn = 0; pending.length > 0; turn += 1) {
      if (turn === BATCH_GET_TURNS_MAX) throw new Error('The ledger is too busy to be read now.');
      const request = { [this.#tables.ledger]: { Keys: pending, ConsistentRead: true } };
      const { Responses = {}, UnprocessedKeys = {} } = await this.#client.send(
        new BatchGetCommand({ RequestItems: request }),
      );
      for (const item of Responses[this.#tables.ledger] ?? []) found.set(`${item['pk']}/${item['sk']}`, item);
      pending = UnprocessedKeys[this.#tables.ledger]?.Keys ?? [];
    }
    return found;
  }
}

/** The refusal, or the unreadable message, in the item at this place; throws a DamagedItemError when it is neither. */
export function deadLetterOf(place: RefusalPlace, item: Item): Refusal | UnreadableMessage {
  const [event] = eventOf(place);
  return event === undefined ? unreadableOf(place.id, item) : refusalOf(event.tenant, event.eventId, item);
}

function itemKey(place: RefusalPlace): Key {
  const [event] = eventOf(place);
  return event === undefined ? unreadableMessageKey(place.id) : refusalKey(event.tenant, event.eventId);
}

/** The event at a place, or none where a message stands from which none could be read. */
function eventOf({ tenant, id }: RefusalPlace): { tenant: TenantId; eventId: EventId }[] {
  if (tenant === NO_TENANT) return [];
  const eventId = parseEventId(id);
  if (eventId === undefined) throw new DamagedItemError(`The index of refusals names ${id}, which is no event's id.`);
  return [{ tenant, eventId }];
}

/** None for an index item that names neither an event nor a message: nobody of ours wrote it. */
function placeOf(item: Item): RefusalPlace[] {
  const parsed = indexSchema.safeParse(item).data;
  const [tenantText = '', first = ''] = [parsed?.refusal_pk, parsed?.refusal_sk.split('#')[0]];
  const firstAt = stored.instant.safeParse(first).data;
  const tenant = tenantText === NO_TENANT ? NO_TENANT : parseTenantId(tenantText);
  if (parsed === undefined || tenant === undefined || firstAt === undefined) return [];
  if (tenant !== NO_TENANT && parseEventId(parsed.sk) === undefined) return [];
  return [{ tenant, firstAt, id: parsed.sk }];
}

function attemptPlaceOf(key: Item): AttemptPlace {
  const text = readItem(z.object({ sk: z.string() }), key).sk;
  const tenant = parseTenantId(text.split('#', 1)[0] ?? '');
  const eventId = parseEventId(text.slice(text.indexOf('#') + 1));
  if (tenant !== undefined && eventId !== undefined) return { tenant, eventId };
  throw new DamagedItemError(`The attempt ${text} names no event.`);
}

function textOf({ pk, sk }: Key): string {
  return `${pk}/${sk}`;
}
