import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { TenantId } from '../domain/ids.ts';
import { addTotals, type Totals } from '../domain/journal.ts';
import { gapsOf, type MonthGap } from '../domain/month-ranges.ts';
import { emptyHead, type LaneHead, type LaneKey } from '../domain/page.ts';
import type { Period } from '../domain/period.ts';
import { emptyCarry } from '../domain/seal.ts';
import { carryOf } from './closure-item.ts';
import { queryItems } from './dynamo.ts';
import { DamagedItemError, readItem, stored } from './item.ts';
import { laneOfHeadKey } from './key-parts.ts';
import { carryKey, headBounds, headKey, headPartition } from './keys.ts';

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

/** What postings come to. */
export interface Standing {
  readonly totals: Totals;
  readonly entryCount: number;
}

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
    for await (const item of queryItems(this.#client, query)) heads.push(storedHead(item));
    return heads;
  }

  /**
   * What all of a tenant's months come to: the carry of those that are sealed, and the heads of the others. The carry is
   * read first: a month that is sealed between the two reads is not in it yet, and its heads are still there.
   */
  async standing(tenant: TenantId): Promise<Standing> {
    const get = new GetCommand({ TableName: this.#table, Key: carryKey(tenant), ConsistentRead: true });
    const { Item } = await this.#client.send(get);
    const carry = Item ? carryOf(tenant, Item) : emptyCarry(tenant);
    const unsealed = await Promise.all(gapsOf(carry.months).map((gap) => this.#headsWithin(tenant, gap)));
    return unsealed.flat().reduce<Standing>(addStanding, { totals: carry.totals, entryCount: carry.entryCount });
  }

  async #headsWithin(tenant: TenantId, gap: MonthGap): Promise<LaneHead[]> {
    const { from, to } = headBounds(gap);
    const heads: LaneHead[] = [];
    const query = {
      TableName: this.#table,
      KeyConditionExpression: 'pk = :tenant AND sk BETWEEN :from AND :to',
      ExpressionAttributeValues: { ':tenant': headPartition(tenant), ':from': from, ':to': to },
      ConsistentRead: true,
    };
    for await (const item of queryItems(this.#client, query)) heads.push(storedHead(item));
    return heads;
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

/** The head that an item is by its own key; throws a DamagedItemError for an item that is none. */
export function storedHead(item: Record<string, unknown>): LaneHead {
  const key = { pk: String(item['pk']), sk: String(item['sk']) };
  const lane = laneOfHeadKey(key);
  if (lane !== undefined) return headOf(lane, item);
  throw new DamagedItemError(`The item ${key.pk} / ${key.sk} is no lane's head.`);
}

/** The standing with one lane, or one other standing, more. */
export function addStanding(left: Standing, right: Standing): Standing {
  return { totals: addTotals(left.totals, right.totals), entryCount: left.entryCount + right.entryCount };
}
