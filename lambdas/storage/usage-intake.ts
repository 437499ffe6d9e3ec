import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { EventId, TenantId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { type PayloadHash, payloadHash, type UsageEvent } from '../domain/usage-event.ts';
import { plain } from './dynamo.ts';
import { readItem, stored } from './item.ts';
import { intakeKey, TIME_INDEX, timeIndexKey, timePartition } from './keys.ts';
import { usageAttributes, usageAttributesOf, usageEventOf } from './usage-record.ts';

/** An accepted event as the intake keeps it. The promise of a 202 rests on this record alone. */
export interface IntakeRecord {
  readonly event: UsageEvent;
  readonly payloadHash: PayloadHash;
}

/** One read of the time index: who was accepted in a shard of an hour, and where to read on. */
export interface IntakeSlice {
  readonly accepted: readonly { tenant: TenantId; eventId: EventId; receivedAt: Instant }[];
  readonly cursor: Record<string, unknown> | undefined;
}

const recordSchema = z.object({
  ...usageAttributes,
  quantity: stored.quantity,
  price_version: stored.count,
  payload_hash: stored.payloadHash,
});

const indexSchema = z.object({ pk: z.string(), sk: stored.eventId, time_sk: z.string() });

/** What callers handed in, written once each and never changed: the independent record the ledger is checked against. */
export class UsageIntake {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** Writes the event unless its id is known; then changes nothing and returns the record that holds the id. */
  async accept(event: UsageEvent, timeoutMs: number): Promise<IntakeRecord | undefined> {
    const { tenant, eventId, receivedAt, quantity, priceVersion } = event;
    const item = {
      ...intakeKey(tenant, eventId),
      ...timeIndexKey(tenant, eventId, receivedAt),
      ...usageAttributesOf(event),
      ...{ quantity, price_version: priceVersion, payload_hash: payloadHash(event) },
    };
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
      const known = error.Item ? recordOf(plain(error.Item)) : await this.find(tenant, eventId);
      // Refused for a record that is gone again: nothing was written, so nothing may be promised.
      if (known === undefined) throw error;
      return known;
    }
  }

  async find(tenant: TenantId, eventId: EventId): Promise<IntakeRecord | undefined> {
    const key = intakeKey(tenant, eventId);
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: key, ConsistentRead: true }),
    );
    return Item && recordOf(Item);
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
    });
    const { Items = [], LastEvaluatedKey } = await this.#client.send(query);
    return { accepted: Items.map(acceptedOf), cursor: LastEvaluatedKey };
  }
}

function recordOf(item: Record<string, unknown>): IntakeRecord {
  const record = readItem(recordSchema, item);
  const { quantity, price_version: priceVersion } = record;
  return { event: usageEventOf(record, { quantity, priceVersion }), payloadHash: record.payload_hash };
}

function acceptedOf(item: Record<string, unknown>): IntakeSlice['accepted'][number] {
  const { pk, sk: eventId, time_sk: timeKey } = readItem(indexSchema, item);
  const [receivedAt, tenant] = timeKey.split('#');
  const checked = readItem(z.object({ tenant: stored.tenant, receivedAt: stored.instant }), { pk, tenant, receivedAt });
  return { ...checked, eventId };
}
