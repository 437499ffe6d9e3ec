import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { EventId, TenantId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { queryItems } from './dynamo.ts';
import { readItem, stored } from './item.ts';
import { SWEEP_ATTEMPTS_PARTITION, sweepAttemptKey, sweepWatermarkKey } from './keys.ts';

/** How often an event was sent again, and when it may be next. */
export interface SweepAttempt {
  readonly tenant: TenantId;
  readonly eventId: EventId;
  readonly attempts: number;
  readonly firstAt: Instant;
  readonly nextAt: Instant;
  /** True once the sweep has stopped trying: from then on it takes a person. */
  readonly gaveUp: boolean;
}

const watermarkSchema = z.object({ reached: stored.instant });

const attemptSchema = z.object({
  tenant: stored.tenant,
  event_id: stored.eventId,
  attempts: stored.count,
  first_at: stored.instant,
  next_at: stored.instant,
  gave_up: z.boolean(),
});

/** What the sweep remembers from run to run: how far it came, and what it has sent again. */
export class SweepProgress {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** Everything accepted before it has settled or has an attempt on record. */
  async watermark(): Promise<Instant | undefined> {
    const get = new GetCommand({ TableName: this.#table, Key: sweepWatermarkKey, ConsistentRead: true });
    const { Item } = await this.#client.send(get);
    return Item && readItem(watermarkSchema, Item).reached;
  }

  /** Moves the watermark forward; an overlapping run that came further keeps its own. */
  async advance(reached: Instant): Promise<void> {
    const put = new PutCommand({
      TableName: this.#table,
      Item: { ...sweepWatermarkKey, reached },
      ConditionExpression: 'attribute_not_exists(pk) OR reached < :reached',
      ExpressionAttributeValues: { ':reached': reached },
    });
    try {
      await this.#client.send(put);
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }

  async *attempts(): AsyncGenerator<SweepAttempt> {
    const query = {
      TableName: this.#table,
      KeyConditionExpression: 'pk = :attempts',
      ExpressionAttributeValues: { ':attempts': SWEEP_ATTEMPTS_PARTITION },
      ConsistentRead: true,
    };
    for await (const item of queryItems(this.#client, query)) yield attemptOf(item);
  }

  async record({ tenant, eventId, attempts, firstAt, nextAt, gaveUp }: SweepAttempt): Promise<void> {
    const item = { tenant, event_id: eventId, attempts, first_at: firstAt, next_at: nextAt, gave_up: gaveUp };
    await this.#client.send(
      new PutCommand({ TableName: this.#table, Item: { ...sweepAttemptKey(tenant, eventId), ...item } }),
    );
  }

  async forget({ tenant, eventId }: SweepAttempt): Promise<void> {
    await this.#client.send(new DeleteCommand({ TableName: this.#table, Key: sweepAttemptKey(tenant, eventId) }));
  }
}

function attemptOf(item: Record<string, unknown>): SweepAttempt {
  const { tenant, event_id: eventId, attempts, first_at: firstAt, ...rest } = readItem(attemptSchema, item);
  return { tenant, eventId, attempts, firstAt, nextAt: rest.next_at, gaveUp: rest.gave_up };
}
