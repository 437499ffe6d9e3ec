import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { TenantId } from '../domain/ids.ts';
import { parseLane } from '../domain/lane.ts';
import { emptyHead, type LaneHead, type LaneKey } from '../domain/page.ts';
import { PERIOD_STATUSES, type Period, type PeriodStatus, parsePeriod } from '../domain/period.ts';
import { queryItems } from './dynamo.ts';
import { DamagedItemError, readItem, stored } from './item.ts';
import { closureKey, headKey, headPartition } from './keys.ts';

const closedSchema = { closed_at: stored.instant.optional() };

/** A head that only a close has touched has no sequence yet. */
const headSchema = z.union([
  z.object({
    next_seq: stored.count,
    chain: stored.pageHash,
    totals: stored.totals,
    entry_count: stored.count,
    last_posted_at: stored.instant,
    ...closedSchema,
  }),
  z.object({ next_seq: z.undefined().optional(), ...closedSchema }),
]);

const closureSchema = z.object({ status: z.enum(PERIOD_STATUSES) });

/** The lane heads: running totals and the end of each chain. Moved only by `posting.ts`. */
export class Balances {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** The lane's head as it stands now, that of an empty lane if nobody posted to it. */
  async head(lane: LaneKey): Promise<LaneHead> {
    const get = new GetCommand({ TableName: this.#table, Key: headKey(lane), ConsistentRead: true });
    const { Item } = await this.#client.send(get);
    return Item ? headOf(lane, Item) : emptyHead(lane);
  }

  /** Every head of a tenant, or those of one month. Each is current; together they are no snapshot. */
  async heads(tenant: TenantId, period?: Period): Promise<LaneHead[]> {
    const heads: LaneHead[] = [];
    const query = {
      TableName: this.#table,
      KeyConditionExpression: period ? 'pk = :tenant AND begins_with(sk, :period)' : 'pk = :tenant',
      ExpressionAttributeValues: { ':tenant': headPartition(tenant), ...(period && { ':period': `${period}#` }) },
      ConsistentRead: true,
    };
    for await (const item of queryItems(this.#client, query)) heads.push(headOf(laneKeyOf(tenant, item), item));
    return heads;
  }

  /** Where a month stands on its way to being closed. */
  async periodStatus(tenant: TenantId, period: Period): Promise<PeriodStatus> {
    const key = closureKey(tenant, period);
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: key, ConsistentRead: true }),
    );
    return Item ? readItem(closureSchema, Item).status : 'open';
  }
}

export function headOf(lane: LaneKey, item: Record<string, unknown>): LaneHead {
  const stored = readItem(headSchema, item);
  if (stored.next_seq === undefined) return { ...emptyHead(lane), closedAt: stored.closed_at };
  return {
    ...emptyHead(lane),
    nextSeq: stored.next_seq,
    chain: stored.chain,
    totals: stored.totals,
    entryCount: stored.entry_count,
    lastPostedAt: stored.last_posted_at,
    closedAt: stored.closed_at,
  };
}

function laneKeyOf(tenant: TenantId, item: Record<string, unknown>): LaneKey {
  const [month = '', number = ''] = String(item['sk']).split('#');
  const [period, lane] = [parsePeriod(month), parseLane(Number(number))];
  if (period !== undefined && lane !== undefined) return { tenant, period, lane };
  throw new DamagedItemError(`The item ${String(item['pk'])} / ${String(item['sk'])} is no lane's head.`);
}
