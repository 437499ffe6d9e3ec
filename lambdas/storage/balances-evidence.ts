import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../clock.ts';
import type { TenantId } from '../domain/ids.ts';
import type { LaneHead, LaneKey } from '../domain/page.ts';
import type { Period } from '../domain/period.ts';
import { type Carry, emptyCarry } from '../domain/seal.ts';
import { headOf } from './balances.ts';
import {
  type Cursor,
  type Item,
  itemsByKey,
  nameOf,
  partitionsStretch,
  queryStretch,
  type Readable,
  readable,
  type Stretch,
  scanStretch,
} from './bulk-read.ts';
import { type Closure, carryOf, closureOf } from './closure-item.ts';
import { closureOfKey, laneOfHeadKey, tenantOfCarryKey } from './key-parts.ts';
import { carryKey, closureKey, closurePartition, headKey, headPartition, type Key } from './keys.ts';
import type { Scope } from './scope.ts';

/** What one item of the balances is, by its key. */
export type BalancesRecord =
  | { readonly kind: 'head'; readonly lane: LaneKey; readonly head: Readable<LaneHead> }
  | {
      readonly kind: 'closure';
      readonly tenant: TenantId;
      readonly period: Period;
      readonly closure: Readable<Closure>;
    }
  | { readonly kind: 'carry'; readonly tenant: TenantId }
  | { readonly kind: 'foreign'; readonly item: string };

export interface StoredHeads {
  of(lane: LaneKey): Readable<LaneHead> | undefined;
}

export interface StoredClosures {
  readonly before: Readable<Carry>;
  readonly closures: readonly Readable<Closure>[];
  readonly after: Readable<Carry>;
}

interface Month {
  readonly tenant: TenantId;
  readonly period: Period;
}

/** The balances as a reconciliation reads them: in bulk, strongly consistent, and whatever state the items are in. */
export class BalancesEvidence {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #clock: Clock;

  constructor(client: DynamoDBDocumentClient, table: string, clock: Clock) {
    this.#client = client;
    this.#table = table;
    this.#clock = clock;
  }

  /** The heads of lanes; those there are. */
  async heads(lanes: readonly LaneKey[]): Promise<StoredHeads> {
    const items = await itemsByKey(this.#client, this.#table, lanes.map(headKey), this.#clock);
    return {
      of: (lane) => {
        const item = items.get(nameOf(headKey(lane)));
        return item && readable(() => headOf(lane, item));
      },
    };
  }

  /** Which of these months have a claim or a seal. */
  async closedAmong(months: readonly Month[]): Promise<(month: Month) => boolean> {
    const keys = months.map(({ tenant, period }) => closureKey(tenant, period));
    const items = await itemsByKey(this.#client, this.#table, keys, this.#clock);
    return ({ tenant, period }) => items.has(nameOf(closureKey(tenant, period)));
  }

  /** All of a tenant's months that are closed or closing, and the carry before and after they were read. */
  async closures(tenant: TenantId): Promise<StoredClosures> {
    const before = await this.#carry(tenant);
    const closures: Readable<Closure>[] = [];
    let cursor: Cursor | undefined;
    do {
      const read: Stretch = await queryStretch(this.#client, {
        TableName: this.#table,
        KeyConditionExpression: 'pk = :tenant',
        ExpressionAttributeValues: { ':tenant': closurePartition(tenant) },
        ExclusiveStartKey: cursor,
      });
      for (const item of read.items) {
        const record = recordOf(item);
        if (record.kind === 'closure') closures.push(record.closure);
      }
      cursor = read.cursor;
    } while (cursor !== undefined);
    return { before, closures, after: await this.#carry(tenant) };
  }

  async #carry(tenant: TenantId): Promise<Readable<Carry>> {
    const [item] = (await itemsByKey(this.#client, this.#table, [carryKey(tenant)], this.#clock)).values();
    return item === undefined ? { status: 'read', value: emptyCarry(tenant) } : readable(() => carryOf(tenant, item));
  }

  /** The next stretch of every head, closure and carry. */
  async survey(
    { tenant }: Scope,
    cursor: Cursor | undefined,
    itemsPerRead: number,
  ): Promise<{ records: BalancesRecord[]; cursor: Cursor | undefined }> {
    const table = { TableName: this.#table };
    const partitions = tenant && [headPartition(tenant), closurePartition(tenant)];
    const stretch = partitions
      ? await partitionsStretch(this.#client, table, partitions, itemsPerRead, cursor)
      : await scanStretch(this.#client, { ...table, Limit: itemsPerRead, ExclusiveStartKey: cursor });
    return { records: stretch.items.map(recordOf), cursor: stretch.cursor };
  }
}

function recordOf(item: Item): BalancesRecord {
  const key: Key = { pk: String(item['pk']), sk: String(item['sk']) };
  const lane = laneOfHeadKey(key);
  if (lane !== undefined) return { kind: 'head', lane, head: readable(() => headOf(lane, item)) };
  const closure = closureOfKey(key);
  if (closure !== undefined) {
    const { tenant, period } = closure;
    return { kind: 'closure', tenant, period, closure: readable(() => closureOf(tenant, period, item)) };
  }
  const tenant = tenantOfCarryKey(key);
  return tenant === undefined ? { kind: 'foreign', item: nameOf(item) } : { kind: 'carry', tenant };
}
