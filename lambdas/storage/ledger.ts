import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { EventId, TenantId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { JournalPage, LaneKey } from '../domain/page.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { PayloadHash } from '../domain/usage-event.ts';
import { queryItems } from './dynamo.ts';
import { readItem, stored } from './item.ts';
import { type Key, lanePartition, markerKey, pageKey, refusalKey, seqText, unreadableMessageKey } from './keys.ts';
import { pageOf } from './page-item.ts';

/** Proof that an event was posted, and where its entry stands. There is one for each event id, for ever. */
export interface Marker extends LaneKey {
  readonly seq: number;
  /** The entry's place in its page. */
  readonly index: number;
  readonly payloadHash: PayloadHash;
  /** Its page's: what was posted before a moment is the same set in markers and pages, whoever posts meanwhile. */
  readonly postedAt: Instant;
}

const markerSchema = z.object({
  tenant: stored.tenant,
  period: stored.period,
  lane: stored.lane,
  seq: stored.count,
  index: stored.count,
  payload_hash: stored.payloadHash,
  posted_at: stored.instant,
});

const refusalSchema = z.object({
  is_final: z.boolean(),
  reason: z.string(),
  payload_hash: stored.payloadHash,
  first_at: stored.instant,
});

/** A body longer than this is cut: enough to see what it was, and the item stays far below DynamoDB's 400 KB. */
const UNREADABLE_BODY_MAX_CHARS = 4_096;

/** Markers, journal pages and refusals: read here, written by `posting.ts` or, refusals alone, here. */
export class Ledger {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async marker(tenant: TenantId, eventId: EventId): Promise<Marker | undefined> {
    const item = await this.#get(markerKey(tenant, eventId));
    return item && markerOf(item);
  }

  /**
   * Which of these at most a hundred events have a marker, in one call. Eventually consistent and incomplete under throttling:
   * an event it leaves out has to be looked up by itself before anyone believes it.
   */
  async postedAmong<Event extends { tenant: TenantId; eventId: EventId }>(
    events: readonly Event[],
  ): Promise<Set<Event>> {
    const Keys = events.map(({ tenant, eventId }) => markerKey(tenant, eventId));
    const get = new BatchGetCommand({ RequestItems: { [this.#table]: { Keys, ProjectionExpression: 'pk, sk' } } });
    const { Responses = {} } = await this.#client.send(get);
    const found = new Set((Responses[this.#table] ?? []).map(({ pk, sk }) => `${pk}/${sk}`));
    const isPosted = ({ pk, sk }: Key) => found.has(`${pk}/${sk}`);
    return new Set(events.filter(({ tenant, eventId }) => isPosted(markerKey(tenant, eventId))));
  }

  async refusal(tenant: TenantId, eventId: EventId): Promise<Refusal | undefined> {
    const item = await this.#get(refusalKey(tenant, eventId));
    if (item === undefined) return undefined;
    const { is_final: final, reason, payload_hash: hash, first_at: firstAt } = readItem(refusalSchema, item);
    return { tenant, eventId, final, reason, payloadHash: hash, firstAt };
  }

  async page(lane: LaneKey, seq: number): Promise<JournalPage | undefined> {
    const item = await this.#get(pageKey(lane, seq));
    return item && pageOf(lane, item);
  }

  /**
   * The hashes of at most a hundred pages as they are stored, in the order asked for, strongly consistent; undefined where
   * there is no such page. Whether a hash fits its page is for others to check.
   */
  async pageHashes(places: readonly (LaneKey & { seq: number })[]): Promise<(string | undefined)[]> {
    const keys = places.map((place) => pageKey(place, place.seq));
    const Keys = [...new Map(keys.map((key) => [nameOf(key), key])).values()];
    if (Keys.length === 0) return [];
    const request = { Keys, ConsistentRead: true, ProjectionExpression: 'pk, sk, #hash' };
    const RequestItems = { [this.#table]: { ...request, ExpressionAttributeNames: { '#hash': 'hash' } } };
    const { Responses = {}, UnprocessedKeys = {} } = await this.#client.send(new BatchGetCommand({ RequestItems }));
    const items = Responses[this.#table] ?? [];
    // What a throttled table left out is asked for by itself: an absent page must mean that there is none.
    for (const key of UnprocessedKeys[this.#table]?.Keys ?? []) items.push((await this.#get(key as Key)) ?? {});
    const found = new Map(items.map((item) => [nameOf(item as unknown as Key), item['hash']]));
    return keys.map((key) => found.get(nameOf(key))).map((hash) => (hash === undefined ? undefined : String(hash)));
  }

  /** A lane's pages from one sequence to another, both included, in order, fetched as they are consumed. */
  async *pages(lane: LaneKey, fromSeq: number, toSeq: number, pagesPerRead?: number): AsyncGenerator<JournalPage> {
    if (fromSeq > toSeq) return;
    const query = {
      TableName: this.#table,
      KeyConditionExpression: 'pk = :lane AND sk BETWEEN :from AND :to',
      ExpressionAttributeValues: { ':lane': lanePartition(lane), ':from': seqText(fromSeq), ':to': seqText(toSeq) },
      ConsistentRead: true,
      Limit: pagesPerRead,
    };
    for await (const item of queryItems(this.#client, query)) yield pageOf(lane, item);
  }

  /** Records a refusal once. A final one replaces a provisional one; nothing replaces a final one. */
  async refuse(refusal: Refusal): Promise<void> {
    const { tenant, eventId, final, reason, payloadHash, firstAt } = refusal;
    const item = { is_final: final, reason, payload_hash: payloadHash, first_at: firstAt };
    await this.#putIf({ ...refusalKey(tenant, eventId), ...item }, 'attribute_not_exists(pk) OR is_final = :no', {
      ':no': false,
    });
  }

  /** Keeps a message no event can be read from, so that it is neither lost nor in its group's way. */
  async keepUnreadable(messageId: string, body: string, at: Instant): Promise<void> {
    // The cut may go through a surrogate pair, and DynamoDB keeps well-formed text only.
    const kept = body.slice(0, UNREADABLE_BODY_MAX_CHARS).toWellFormed();
    const item = { body: kept, reason: 'not a usage message', first_at: at };
    await this.#putIf({ ...unreadableMessageKey(messageId), ...item }, 'attribute_not_exists(pk)');
  }

  async #putIf(item: Record<string, unknown>, condition: string, values?: Record<string, unknown>): Promise<void> {
    const put = new PutCommand({
      TableName: this.#table,
      Item: item,
      ConditionExpression: condition,
      ExpressionAttributeValues: values,
    });
    try {
      await this.#client.send(put);
    } catch (error) {
      // What stands there already says the same or more.
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }

  async #get(key: Key): Promise<Record<string, unknown> | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: key, ConsistentRead: true }),
    );
    return Item;
  }
}

function nameOf({ pk, sk }: Key): string {
  return `${pk}/${sk}`;
}

export function markerItem(marker: Marker, eventId: EventId): Record<string, unknown> {
  const { tenant, period, lane, seq, index, payloadHash, postedAt } = marker;
  const place = { tenant, period, lane, seq, index };
  return { ...markerKey(tenant, eventId), ...place, payload_hash: payloadHash, posted_at: postedAt };
}

export function markerOf(item: Record<string, unknown>): Marker {
  const { payload_hash: payloadHash, posted_at: postedAt, ...place } = readItem(markerSchema, item);
  return { ...place, payloadHash, postedAt };
}
