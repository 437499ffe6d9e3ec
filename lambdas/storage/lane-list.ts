import { type DynamoDBDocumentClient, QueryCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { TenantId } from '../domain/ids.ts';
import type { LaneKey } from '../domain/page.ts';
import { laneOfHeadKey } from './key-parts.ts';
import { HEAD_PREFIX, headPartition, type Key } from './keys.ts';

/** Every lane that has a head. */
export class LaneList {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** A tenant's lanes, or everybody's, behind the one whose head has the key `after`, in the table's own order. */
  async *all(tenant: TenantId | undefined, after: Key | undefined): AsyncGenerator<LaneKey> {
    let cursor: Record<string, unknown> | undefined = after && { ...after };
    do {
      const { Items = [], LastEvaluatedKey } = await this.#slice(tenant, cursor);
      for (const { pk, sk } of Items) {
        const lane = laneOfHeadKey({ pk: String(pk), sk: String(sk) });
        if (lane !== undefined) yield lane;
      }
      cursor = LastEvaluatedKey;
    } while (cursor !== undefined);
  }

  #slice(tenant: TenantId | undefined, cursor: Record<string, unknown> | undefined) {
    const common = { TableName: this.#table, ProjectionExpression: 'pk, sk', ExclusiveStartKey: cursor };
    if (tenant === undefined) {
      const FilterExpression = 'begins_with(pk, :heads)';
      const ExpressionAttributeValues = { ':heads': HEAD_PREFIX };
      return this.#client.send(
        new ScanCommand({ ...common, FilterExpression, ExpressionAttributeValues, ConsistentRead: true }),
      );
    }
    const KeyConditionExpression = 'pk = :tenant';
    const ExpressionAttributeValues = { ':tenant': headPartition(tenant) };
    return this.#client.send(
      new QueryCommand({ ...common, KeyConditionExpression, ExpressionAttributeValues, ConsistentRead: true }),
    );
  }
}
