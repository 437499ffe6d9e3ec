import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type Discrepancy, discrepancyId } from '../domain/discrepancy.ts';
import type { TenantId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { readable } from './bulk-read.ts';
import { discrepancyAttributes, discrepancyOf } from './discrepancy-item.ts';
import { queryItems } from './dynamo.ts';
import { readItem, stored } from './item.ts';
import { FINDINGS_PARTITION, findingKey } from './operations-keys.ts';

const historySchema = z.object({
  first_seen: stored.instant,
  last_seen: stored.instant,
  first_seen_by: z.string(),
  last_seen_by: z.string(),
  cleared_at: stored.instant.optional(),
});

/** Everything any run ever found, once each: since when, until when, and whether it has gone. */
export class Findings {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** Notes that somebody, a run by its id, has seen it; one that had gone and is back keeps the day it was first seen. */
  async seen(found: Discrepancy, by: string, at: Instant): Promise<void> {
    const key = findingKey(discrepancyId(found));
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: key, ConsistentRead: true }),
    );
    const history = Item && readable(() => readItem(historySchema, Item));
    // One that can't be read is none: it must not keep a run from saying what it has found.
    const before = history?.status === 'read' ? history.value : undefined;
    await this.#put({
      ...{ ...key, ...discrepancyAttributes(found) },
      ...{ first_seen: before?.first_seen ?? at, first_seen_by: before?.first_seen_by ?? by },
      ...{ last_seen: at, last_seen_by: by },
    });
  }

  /** Notes that a run which would have seen them did not: whatever nobody has seen since it began has gone. */
  async clearUnseen(since: Instant, tenant: TenantId | undefined, at: Instant): Promise<void> {
    const query = {
      TableName: this.#table,
      KeyConditionExpression: 'pk = :findings',
      ExpressionAttributeValues: { ':findings': FINDINGS_PARTITION },
      ConsistentRead: true,
    };
    for await (const item of queryItems(this.#client, query)) {
      const read = readable(() => ({ history: readItem(historySchema, item), found: discrepancyOf(item) }));
      if (read.status === 'damaged') continue;
      const { history, found } = read.value;
      if (history.cleared_at !== undefined || history.last_seen >= since) continue;
      if (tenant !== undefined && found.tenant !== tenant) continue;
      await this.#put({ ...item, cleared_at: at });
    }
  }

  async #put(item: Record<string, unknown>): Promise<void> {
    await this.#client.send(new PutCommand({ TableName: this.#table, Item: item }));
  }
}
