import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { WebhookKeyId } from '../domain/ids.ts';
import type { IssuedKey } from '../domain/issued-key.ts';
import type { SealedSecret } from '../secrets/seal.ts';
import { readItem, stored } from './item.ts';
import { webhookKeyKey } from './keys.ts';

/** A key that signs deliveries, as the Config table keeps it. */
export type WebhookKey = IssuedKey<WebhookKeyId, SealedSecret>;

const keySchema = z.object({
  sk: z.string(),
  tenant: stored.tenant,
  sealed: z.string(),
  previous: z.object({ sealed: z.string(), valid_until: stored.instant }).optional(),
  created_at: stored.instant.optional(),
  revoked_at: stored.instant.optional(),
});

/** The webhook keys in the Config table, read each time: callers cache. */
export class WebhookKeys {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** The key as it stands now. @param keyId any text a caller sent. Throws a DamagedItemError for what is no key of ours. */
  async find(keyId: string): Promise<WebhookKey | undefined> {
    const get = new GetCommand({ TableName: this.#table, Key: { ...webhookKeyKey(keyId) }, ConsistentRead: true });
    const { Item } = await this.#client.send(get);
    return Item && webhookKeyOf(Item);
  }
}

/** What `webhookKeyOf` reads. */
export function webhookKeyItem({ keyId, tenant, current, previous, createdAt, revokedAt }: WebhookKey) {
  return {
    ...webhookKeyKey(keyId),
    ...{ tenant, sealed: current, created_at: createdAt, revoked_at: revokedAt },
    previous: previous && { sealed: previous.kept, valid_until: previous.validUntil },
  };
}

/** Throws a DamagedItemError for what is no key of ours. */
export function webhookKeyOf(item: Record<string, unknown>): WebhookKey {
  const { sk, tenant, sealed: current, previous, ...at } = readItem(keySchema, item);
  return {
    ...{ keyId: sk as WebhookKeyId, tenant, current, createdAt: at.created_at, revokedAt: at.revoked_at },
    previous: previous && { kept: previous.sealed, validUntil: previous.valid_until },
  };
}
