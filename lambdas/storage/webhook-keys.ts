import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { TenantId, WebhookKeyId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { SealedSecret } from '../secrets/seal.ts';
import { readItem, stored } from './item.ts';
import { webhookKeyKey } from './keys.ts';

/** A key that signs deliveries, as the Config table keeps it. */
export interface WebhookKey {
  readonly keyId: WebhookKeyId;
  /** Whose usage its deliveries are. */
  readonly tenant: TenantId;
  readonly current: SealedSecret;
  /** The secret before, while senders change over. */
  readonly previous?: { readonly sealed: SealedSecret; readonly validUntil: Instant } | undefined;
  readonly revokedAt?: Instant | undefined;
}

const keySchema = z.object({
  tenant: stored.tenant,
  sealed: z.string(),
  previous: z.object({ sealed: z.string(), valid_until: stored.instant }).optional(),
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
    if (Item === undefined) return undefined;
    const { tenant, sealed, previous, revoked_at: revokedAt } = readItem(keySchema, Item);
    return {
      ...{ keyId: keyId as WebhookKeyId, tenant, current: sealed, revokedAt },
      previous: previous && { sealed: previous.sealed, validUntil: previous.valid_until },
    };
  }
}

/** What `find` reads. */
export function webhookKeyItem({ keyId, tenant, current, previous, revokedAt }: WebhookKey) {
  return {
    ...webhookKeyKey(keyId),
    ...{ tenant, sealed: current, revoked_at: revokedAt },
    previous: previous && { sealed: previous.sealed, valid_until: previous.validUntil },
  };
}
