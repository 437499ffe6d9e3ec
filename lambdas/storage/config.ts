import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type Metric, parseMetric, type TenantId } from '../domain/ids.ts';
import { USAGE_LANES } from '../domain/lane.ts';
import { UNIT_PRICE_MAX } from '../domain/money.ts';
import type { PriceBook } from '../domain/price-book.ts';
import { queryItems } from './dynamo.ts';
import { readItem, stored } from './item.ts';
import { constantsKey, EVENT_BUCKETS, PRICES_PARTITION, TIME_SHARDS } from './keys.ts';
import { type Tenant, Tenants } from './tenants.ts';

/** The numbers every stored key depends on: with events in the tables they can never change. */
export const layoutConstants = { usage_lanes: USAGE_LANES, event_buckets: EVENT_BUCKETS, time_shards: TIME_SHARDS };

/** This build's keys do not fit the tables it found; nothing is read or written until someone has looked. */
export class LayoutMismatchError extends Error {}

/** How long a function trusts what it read; what it does not know, it looks up again at once. */
const CACHE_MS = 30_000;

/** A caller of an unknown metric makes us look again at most this often. */
const RECHECK_MS = 1_000;

const constantsSchema = z.object({ usage_lanes: stored.count, event_buckets: stored.count, time_shards: stored.count });

const priceBookSchema = z.object({
  version: stored.count,
  effective_at: stored.instant,
  currency: z.string().length(3),
  unit_prices: z.record(z.string(), z.bigint().nonnegative().max(UNIT_PRICE_MAX)),
});

/** Tenants and price books, cached. */
export class Config {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #nowMs: () => number;
  readonly #tenants: Tenants;
  readonly #cachedTenants = new Map<TenantId, { readonly tenant: Tenant; readonly readAtMs: number }>();
  #cached: { readonly books: readonly PriceBook[]; readonly readAtMs: number } | undefined;

  constructor(client: DynamoDBDocumentClient, table: string, nowMs: () => number) {
    this.#client = client;
    this.#table = table;
    this.#nowMs = nowMs;
    this.#tenants = new Tenants(client, table);
  }

  /** All versions, at most 30 s old. Throws a LayoutMismatchError when the tables are not laid out for this build. */
  async priceBooks(): Promise<readonly PriceBook[]> {
    return this.#booksWithin(CACHE_MS);
  }

  /** All versions, at most 1 s old, for whoever turns down something unknown that may be sent again. */
  async freshPriceBooks(): Promise<readonly PriceBook[]> {
    return this.#booksWithin(RECHECK_MS);
  }

  /** All versions as they stand now, past the cache, for whoever is about to refuse something for good. */
  async priceBooksNow(): Promise<readonly PriceBook[]> {
    return this.#booksWithin(0);
  }

  /** Throws a LayoutMismatchError unless the tables are laid out for this build, or hold nothing yet. */
  async checkLayout(): Promise<void> {
    const get = new GetCommand({ TableName: this.#table, Key: constantsKey, ConsistentRead: true });
    const { Item } = await this.#client.send(get);
    if (Item === undefined) {
      // The layout is written before the first price book, and without a price book nothing was ever accepted.
      if ((await this.#readBooks()).length === 0) return;
      throw new LayoutMismatchError('The Config table has price books but no layout: restore the item CONSTANTS.');
    }
    const found = readItem(constantsSchema, Item);
    for (const [name, ours] of Object.entries(layoutConstants)) {
      const theirs = found[name as keyof typeof found];
      if (theirs === ours) continue;
      throw new LayoutMismatchError(`The tables were laid out with ${name} = ${theirs}, this build has ${ours}.`);
    }
  }

  /** The tenant, at most 30 s old; one that is not known is looked up again at every call, since it may be new. */
  async tenant(id: TenantId): Promise<Tenant | undefined> {
    const nowMs = this.#nowMs();
    const cached = this.#cachedTenants.get(id);
    if (cached !== undefined && nowMs - cached.readAtMs < CACHE_MS) return cached.tenant;
    const tenant = await this.#tenants.find(id);
    if (tenant === undefined) this.#cachedTenants.delete(id);
    else this.#cachedTenants.set(id, { tenant, readAtMs: nowMs });
    return tenant;
  }

  async #booksWithin(maxAgeMs: number): Promise<readonly PriceBook[]> {
    const nowMs = this.#nowMs();
    if (this.#cached !== undefined && nowMs - this.#cached.readAtMs < maxAgeMs) return this.#cached.books;
    await this.checkLayout();
    const books = await this.#readBooks();
    this.#cached = { books, readAtMs: nowMs };
    return books;
  }

  async #readBooks(): Promise<PriceBook[]> {
    const books: PriceBook[] = [];
    const query = {
      TableName: this.#table,
      KeyConditionExpression: 'pk = :prices',
      ExpressionAttributeValues: { ':prices': PRICES_PARTITION },
      ConsistentRead: true,
    };
    for await (const item of queryItems(this.#client, query)) books.push(priceBookOf(item));
    return books;
  }
}

function priceBookOf(item: Record<string, unknown>): PriceBook {
  const { version, effective_at: effectiveAt, currency, unit_prices: prices } = readItem(priceBookSchema, item);
  const unitPrices = new Map<Metric, bigint>();
  for (const [name, price] of Object.entries(prices)) {
    const metric = parseMetric(name);
    if (metric !== undefined) unitPrices.set(metric, price);
  }
  return { version, effectiveAt, currency, unitPrices };
}
