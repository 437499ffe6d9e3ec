import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { SealedSecret } from '../secrets/seal.ts';
import { queryItems } from './dynamo.ts';
import { readItem } from './item.ts';
import { type Key, WEBHOOK_KEYS_PARTITION } from './keys.ts';

/** What lies sealed in one webhook key's record. */
export interface Sealed {
  readonly keyId: string;
  readonly current: SealedSecret;
  readonly previous?: SealedSecret | undefined;
}

const sealedSchema = z.object({
  sk: z.string(),
  sealed: z.string(),
  previous: z.object({ sealed: z.string() }).optional(),
});

/** The seals of every webhook key, for whoever puts others in their place. */
export class SealedSecrets {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** Throws a DamagedItemError at a record that is no webhook key's. */
  async *all(): AsyncGenerator<Sealed> {
    const query = {
      TableName: this.#table,
      KeyConditionExpression: 'pk = :keys',
      ExpressionAttributeValues: { ':keys': WEBHOOK_KEYS_PARTITION },
      ConsistentRead: true,
    };
    for await (const item of queryItems(this.#client, query)) {
      const { sk: keyId, sealed: current, previous } = readItem(sealedSchema, item);
      yield { keyId, current, previous: previous?.sealed };
    }
  }

  /** Puts other seals in the place of these and leaves everything else; false: they are not these any more. */
  async replace(before: Sealed, after: Pick<Sealed, 'current' | 'previous'>): Promise<boolean> {
    const hasPrevious = before.previous !== undefined;
    const key: Key = { pk: WEBHOOK_KEYS_PARTITION, sk: before.keyId };
    const update = new UpdateCommand({
      TableName: this.#table,
      Key: { ...key },
      UpdateExpression: `SET sealed = :current${hasPrevious ? ', previous.sealed = :previous' : ''}`,
      ConditionExpression: `sealed = :before AND ${hasPrevious ? 'previous.sealed = :old' : 'attribute_not_exists(previous)'}`,
      ExpressionAttributeValues: {
        ...{ ':before': before.current, ':current': after.current },
        ...(hasPrevious && { ':old': before.previous, ':previous': after.previous }),
      },
    });
    try {
      await this.#client.send(update);
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }
}
