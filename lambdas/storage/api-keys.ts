import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { ApiKey, ApiKeyHash } from '../domain/api-key.ts';
import type { ApiKeyId } from '../domain/ids.ts';
import { SCOPES } from '../domain/scope.ts';
import { HASH_PATTERN, readItem, stored, text } from './item.ts';
import { apiKeyKey } from './keys.ts';

const hash = text<ApiKeyHash>((value) => (HASH_PATTERN.test(value) ? (value as ApiKeyHash) : undefined));

const keySchema = z.object({
  sk: z.string(),
  tenant: stored.tenant,
  scopes: z.array(z.enum(SCOPES)),
  hash,
  previous: z.object({ hash, valid_until: stored.instant }).optional(),
  created_at: stored.instant.optional(),
  revoked_at: stored.instant.optional(),
});

/** The API keys in the Config table, read each time: callers cache. */
export class ApiKeys {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** The key as it stands now. @param keyId any text a caller sent. Throws a DamagedItemError for what is no key of ours. */
  async find(keyId: string): Promise<ApiKey | undefined> {
    const get = new GetCommand({ TableName: this.#table, Key: { ...apiKeyKey(keyId) }, ConsistentRead: true });
    const { Item } = await this.#client.send(get);
    return Item && apiKeyOf(Item);
  }
}

/** What `apiKeyOf` reads. */
export function apiKeyItem({ keyId, tenant, scopes, current, previous, createdAt, revokedAt }: ApiKey) {
  return {
    ...apiKeyKey(keyId),
    ...{ tenant, scopes, hash: current, created_at: createdAt, revoked_at: revokedAt },
    previous: previous && { hash: previous.kept, valid_until: previous.validUntil },
  };
}

/** Throws a DamagedItemError for what is no key of ours. */
export function apiKeyOf(item: Record<string, unknown>): ApiKey {
  const { sk, tenant, scopes, hash: current, previous, ...at } = readItem(keySchema, item);
  return {
    ...{ keyId: sk as ApiKeyId, tenant, scopes, current, createdAt: at.created_at, revokedAt: at.revoked_at },
    previous: previous && { kept: previous.hash, validUntil: previous.valid_until },
  };
}
