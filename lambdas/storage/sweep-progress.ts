import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { EventId, TenantId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { EntryKind } from '../domain/journal.ts';
import { putIf, queryItems } from './dynamo.ts';
import { readItem, stored } from './item.ts';
import { sweepAttemptKey, sweepAttemptsPartition, sweepWatermarkKey } from './operations-keys.ts';

/** How often an event was sent again, and when it may be next. */
export interface SweepAttempt {
  readonly tenant: TenantId;
  readonly eventId: EventId;
  readonly attempts: number;
  readonly firstAt: Instant;
  /** When it may be next; once given up, when that was. */
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

/** What the sweep of one intake remembers from run to run: how far it came, and what it has sent again. */
export class SweepProgress {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #kind: EntryKind;

  constructor(client: DynamoDBDocumentClient, table: string, kind: EntryKind) {
    this.#client = client;
    this.#table = table;
    this.#kind = kind;
  }

  /** Everything accepted before it has settled or has an attempt on record. */
  async watermark(): Promise<Instant | undefined> {
    const item = await this.#get(sweepWatermarkKey(this.#kind));
    return item && readItem(watermarkSchema, item).reached;
  }

  /** Moves the watermark forward; an overlapping run that came further keeps its own. */
  async advance(reached: Instant): Promise<void> {
    await putIf(this.#client, {
      TableName: this.#table,
      Item: { ...sweepWatermarkKey(this.#kind), reached },
      ConditionExpression: 'attribute_not_exists(pk) OR reached < :reached',
      ExpressionAttributeValues: { ':reached': reached },
    });
  }

  async attempt(tenant: TenantId, eventId: EventId): Promise<SweepAttempt | undefined> {
    const item = await this.#get(sweepAttemptKey(this.#kind, tenant, eventId));
    return item && attemptOf(item);
  }

  async *attempts(): AsyncGenerator<SweepAttempt> {
    const query = {
      TableName: this.#table,
      KeyConditionExpression: 'pk = :attempts',
      ExpressionAttributeValues: { ':attempts': sweepAttemptsPartition(this.#kind) },
      ConsistentRead: true,
    };
    for await (const item of queryItems(this.#client, query)) yield attemptOf(item);
  }

  /**
   * Puts an attempt on record if the one before is still as it was read; false: another run or a redrive has come in
   * between, and the event is in its hands.
   */
  record(attempt: SweepAttempt, before: SweepAttempt | undefined): Promise<boolean> {
    if (before === undefined) {
      return putIf(this.#client, {
        TableName: this.#table,
        Item: this.#itemOf(attempt),
        ConditionExpression: 'attribute_not_exists(pk)',
      });
    }
    return putIf(this.#client, {
      TableName: this.#table,
      Item: this.#itemOf(attempt),
      ConditionExpression: 'attempts = :attempts AND first_at = :first',
      ExpressionAttributeValues: { ':attempts': before.attempts, ':first': before.firstAt },
    });
  }

  /** Begins anew with this attempt, whatever was on record. */
  async restart(attempt: SweepAttempt): Promise<void> {
    await this.#client.send(new PutCommand({ TableName: this.#table, Item: this.#itemOf(attempt) }));
  }

  async forget({ tenant, eventId }: Pick<SweepAttempt, 'tenant' | 'eventId'>): Promise<void> {
    const key = sweepAttemptKey(this.#kind, tenant, eventId);
    await this.#client.send(new DeleteCommand({ TableName: this.#table, Key: { ...key } }));
  }

  #itemOf({ tenant, eventId, attempts, firstAt, nextAt, gaveUp }: SweepAttempt): Record<string, unknown> {
    const attributes = { tenant, event_id: eventId, attempts, first_at: firstAt, next_at: nextAt, gave_up: gaveUp };
    return { ...sweepAttemptKey(this.#kind, tenant, eventId), ...attributes };
  }

  async #get(key: object): Promise<Record<string, unknown> | undefined> {
    const get = new GetCommand({ TableName: this.#table, Key: { ...key }, ConsistentRead: true });
    return (await this.#client.send(get)).Item;
  }
}

export function attemptOf(item: Record<string, unknown>): SweepAttempt {
  const { tenant, event_id: eventId, attempts, first_at: firstAt, ...rest } = readItem(attemptSchema, item);
  return { tenant, eventId, attempts, firstAt, nextAt: rest.next_at, gaveUp: rest.gave_up };
}
