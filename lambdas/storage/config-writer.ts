import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { TenantId } from '../domain/ids.ts';
import type { PriceBook } from '../domain/price-book.ts';
import { layoutConstants } from './config.ts';
import { putIf } from './dynamo.ts';
import { constantsKey, type Key, priceBookKey, tenantKey } from './keys.ts';
import { FIRST_REVISION, NO_REVISION, putRevision, type RevisionWrite } from './revision.ts';
import { type WebhookKey, webhookKeyItem } from './webhook-keys.ts';

/**
 * Writes the configuration. What is added is never overwritten, so adding twice changes nothing; what is put is the next
 * revision of what its writer has seen.
 */
export class ConfigWriter {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** Fixes the layout every key depends on; must come before the first price book. */
  async addLayout(): Promise<void> {
    await this.#add({ ...constantsKey, ...layoutConstants });
  }

  async addTenant(tenant: TenantId, name: string): Promise<void> {
    await this.#add({ ...tenantKey(tenant), name, revision: FIRST_REVISION });
  }

  /** Creates or renames a tenant. False when it is another than its writer has seen. */
  putTenant(tenant: TenantId, name: string, write: RevisionWrite): Promise<boolean> {
    return putRevision(this.#client, this.#table, { ...tenantKey(tenant), name }, write);
  }

  /** Records whose deliveries a webhook key signs, and its sealed secret. */
  async addWebhookKey(key: WebhookKey): Promise<void> {
    await this.#add(webhookKeyItem(key));
  }

  async addPriceBook(book: PriceBook): Promise<void> {
    await this.#add(priceBookItem(book));
  }

  /** Adds a version; an older one is never changed. False when there is one with this number already. */
  putPriceBook(book: PriceBook, requestId: string): Promise<boolean> {
    return putRevision(this.#client, this.#table, priceBookItem(book), { after: NO_REVISION, requestId });
  }

  async #add(item: Key & Record<string, unknown>): Promise<void> {
    await putIf(this.#client, {
      TableName: this.#table,
      Item: { ...item },
      ConditionExpression: 'attribute_not_exists(pk)',
    });
  }
}

function priceBookItem({ version, effectiveAt, currency, unitPrices }: PriceBook) {
  const prices = { currency, unit_prices: Object.fromEntries(unitPrices) };
  return { ...priceBookKey(version), version, effective_at: effectiveAt, ...prices };
}
