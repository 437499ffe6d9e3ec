import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Instant } from '../domain/instant.ts';
import { putIf, queryItems } from './dynamo.ts';
import { type GuardedPlace, placeOf } from './guarded-change.ts';
import { readItem, stored } from './item.ts';
import type { Key } from './keys.ts';
import { GUARD_FINDINGS_PARTITION, guardFindingKey } from './operations-keys.ts';
import type { ItemChange } from './stream-record.ts';

/** An edit or removal of what must never change. What was in the item is not kept, only where it lies. */
export interface GuardFinding {
  readonly table: string;
  readonly key: Key;
  readonly event: ItemChange['event'];
  /** Attributes that differ; of a removed item, all. At most a hundred names. */
  readonly changed: readonly string[];
  readonly at: Instant;
  /** What the key stands for; undefined when the system has no such key. */
  readonly place: GuardedPlace | undefined;
}

/** No item of ours has so many attributes or so long names: what a forger makes up must not outgrow a finding. */
const CHANGED_NAMES_MAX = 100;
const CHANGED_NAME_MAX_CHARS = 100;

const findingSchema = z.object({
  table: z.string(),
  item_pk: z.string(),
  item_sk: z.string(),
  event: z.enum(['MODIFY', 'REMOVE']),
  changed: z.array(z.string()),
  at: stored.instant,
});

/** The guard's findings in the Operations table: added once each, never changed. */
export class GuardFindings {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** How many there are. */
  async count(): Promise<number> {
    let count = 0;
    let cursor: Record<string, unknown> | undefined;
    do {
      const query = new QueryCommand({
        TableName: this.#table,
        KeyConditionExpression: 'pk = :findings',
        ExpressionAttributeValues: { ':findings': GUARD_FINDINGS_PARTITION },
        Select: 'COUNT',
        ExclusiveStartKey: cursor,
      });
      const { Count = 0, LastEvaluatedKey } = await this.#client.send(query);
      count += Count;
      cursor = LastEvaluatedKey;
    } while (cursor !== undefined);
    return count;
  }

  /** Records a change under the stream's own id and time, so that another delivery of the record adds nothing. */
  async add(change: ItemChange): Promise<void> {
    const { streamEventId, table, key, event, changed, at } = change;
    await putIf(this.#client, {
      TableName: this.#table,
      Item: {
        ...guardFindingKey(at, streamEventId),
        ...{ table, item_pk: key.pk, item_sk: key.sk, event, at },
        changed: changed.slice(0, CHANGED_NAMES_MAX).map(shortened),
        ...placeAttributes(placeOf(key)),
      },
      ConditionExpression: 'attribute_not_exists(pk)',
    });
  }

  /** The findings of changes made at a moment or later, or all, in order of time. */
  async *guardFindings(since?: Instant): AsyncGenerator<GuardFinding> {
    const query = {
      TableName: this.#table,
      KeyConditionExpression: `pk = :findings${since === undefined ? '' : ' AND sk >= :since'}`,
      ExpressionAttributeValues: { ':findings': GUARD_FINDINGS_PARTITION, ...(since && { ':since': since }) },
      ConsistentRead: true,
    };
    for await (const item of queryItems(this.#client, query)) {
      const { item_pk: pk, item_sk: sk, ...finding } = readItem(findingSchema, item);
      yield { ...finding, key: { pk, sk }, place: placeOf({ pk, sk }) };
    }
  }
}

/** For whoever searches the table by hand. */
function placeAttributes(place: GuardedPlace | undefined): Record<string, unknown> {
  if (place === undefined) return {};
  if ('eventId' in place) return { tenant: place.tenant, event_id: place.eventId };
  const { tenant, period, lane, seq } = place;
  return { tenant, period, lane, seq };
}

/** The cut may go through a surrogate pair, and DynamoDB keeps well-formed text only. */
function shortened(name: string): string {
  return name.slice(0, CHANGED_NAME_MAX_CHARS).toWellFormed();
}
