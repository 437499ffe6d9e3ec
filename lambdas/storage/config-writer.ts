import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { TenantId } from '../domain/ids.ts';
import type { PriceBook } from '../domain/price-book.ts';
import { layoutConstants } from './config.ts';
import { putIf } from './dynamo.ts';
import { constantsKey, type Key, priceBookKey, tenantKey } from './keys.ts';
import { type WebhookKey, webhookKeyItem } from './webhook-keys.ts';

/** Adds to the configuration; what exists is never overwritten, so adding twice changes nothing. */
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
    await this.#add({ ...tenantKey(tenant), name });
  }

  /** Records whose deliveries a webhook key signs, and its sealed secret. */
  async addWebhookKey(key: WebhookKey): Promise<void> {
    await this.#add(webhookKeyItem(key));
  }

  async addPriceBook({ version, effectiveAt, currency, unitPrices }: PriceBook): Promise<void> {
    const prices = Object.fromEntries(unitPrices);
    const book = { version, effective_at: effectiveAt, currency, unit_prices: prices };
    await this.#add({ ...priceBookKey(version), ...book });
  }

  async #add(item: Key & Record<string, unknown>): Promise<void> {
    await putIf(this.#client, {
      TableName: this.#table,
      Item: { ...item },
      ConditionExpression: 'attribute_not_exists(pk)',
    });
  }
}
