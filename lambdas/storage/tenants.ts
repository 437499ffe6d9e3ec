import { type DynamoDBDocumentClient, GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { TenantId } from '../domain/ids.ts';
import { readItem, stored } from './item.ts';
import { TENANTS_PARTITION, tenantKey } from './keys.ts';
import { storedRevision } from './revision.ts';

/** A customer of ours. */
export interface Tenant {
  readonly name: string;
  /** How often it was written: 1 as it was created. */
  readonly revision: number;
}

export interface ListedTenant extends Tenant {
  readonly id: TenantId;
}

const tenantSchema = z.object({ name: z.string(), revision: storedRevision });
const listedSchema = tenantSchema.extend({ sk: stored.tenant });

/** The tenants as they stand now, read each time. */
export class Tenants {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async find(id: TenantId): Promise<Tenant | undefined> {
    const get = new GetCommand({ TableName: this.#table, Key: { ...tenantKey(id) }, ConsistentRead: true });
    const { Item } = await this.#client.send(get);
    return Item && readItem(tenantSchema, Item);
  }

  /** The next tenants by id, behind `after`: as many as asked for, or as there are, or as one answer of DynamoDB holds. */
  async page(after: TenantId | undefined, limit: number): Promise<{ tenants: ListedTenant[]; hasMore: boolean }> {
    const query = new QueryCommand({
      TableName: this.#table,
      KeyConditionExpression: 'pk = :tenants',
      ExpressionAttributeValues: { ':tenants': TENANTS_PARTITION },
      ExclusiveStartKey: after && { ...tenantKey(after) },
      ConsistentRead: true,
      Limit: limit,
    });
    const { Items = [], LastEvaluatedKey } = await this.#client.send(query);
    const tenants = Items.map((item) => {
      const { sk: id, ...tenant } = readItem(listedSchema, item);
      return { id, ...tenant };
    });
    return { tenants, hasMore: LastEvaluatedKey !== undefined };
  }
}
