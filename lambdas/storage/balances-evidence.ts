import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../clock.ts';
import type { TenantId } from '../domain/ids.ts';
import type { LaneHead, LaneKey } from '../domain/page.ts';
import type { Period } from '../domain/period.ts';
import { headOf } from './balances.ts';
import {
  type Cursor,
  type Item,
  itemsByKey,
  nameOf,
  partitionsStretch,
  type Readable,
  readable,
  scanStretch,
} from './bulk-read.ts';
import { closureOfKey, laneOfHeadKey } from './key-parts.ts';
import { closurePartition, headKey, headPartition, type Key } from './keys.ts';
import type { Scope } from './scope.ts';

/** What one item of the balances is, by its key. */
export type BalancesRecord =
  | { readonly kind: 'head'; readonly lane: LaneKey; readonly head: Readable<LaneHead> }
  | { readonly kind: 'closure'; readonly tenant: TenantId; readonly period: Period }
  | { readonly kind: 'foreign'; readonly item: string };

export interface StoredHeads {
  of(lane: LaneKey): Readable<LaneHead> | undefined;
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

  /** The next stretch of every head and closure. */
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
  return closure === undefined ? { kind: 'foreign', item: nameOf(item) } : { kind: 'closure', ...closure };
}
