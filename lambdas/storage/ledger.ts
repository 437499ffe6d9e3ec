import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { EventId, TenantId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { JournalPage, LaneKey } from '../domain/page.ts';
import { afterFailure, type Failure, type Refusal } from '../domain/refusal.ts';
import type { PayloadHash } from '../domain/usage-event.ts';
import { plain, queryItems } from './dynamo.ts';
import { readItem, stored } from './item.ts';
import { type Key, lanePartition, markerKey, pageKey, refusalKey, seqText } from './keys.ts';
import { pageOf } from './page-item.ts';
import { refusalItem, refusalOf, unreadableItem } from './refusal-item.ts';

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

/** Two consumers at most meet at one event's refusal: a redelivery and its late predecessor. */
const REFUSE_ATTEMPTS_MAX = 5;

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
    const keys = events.map(({ tenant, eventId }) => markerKey(tenant, eventId));
    // DynamoDB refuses a key named twice.
    const Keys = [...new Map(keys.map((key) => [nameOf(key), key])).values()];
    const get = new BatchGetCommand({ RequestItems: { [this.#table]: { Keys, ProjectionExpression: 'pk, sk' } } });
    const { Responses = {} } = await this.#client.send(get);
    const found = new Set((Responses[this.#table] ?? []).map(({ pk, sk }) => `${pk}/${sk}`));
    const isPosted = ({ pk, sk }: Key) => found.has(`${pk}/${sk}`);
    return new Set(events.filter(({ tenant, eventId }) => isPosted(markerKey(tenant, eventId))));
  }

  async refusal(tenant: TenantId, eventId: EventId): Promise<Refusal | undefined> {
    const item = await this.#get(refusalKey(tenant, eventId));
    return item && refusalOf(tenant, eventId, item);
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

  /** Counts a failure into the event's refusal, on condition of what that was: no failure counted meanwhile is lost. */
  async refuse(failure: Failure): Promise<void> {
    let before: Refusal | undefined;
    for (let attempt = 0; attempt < REFUSE_ATTEMPTS_MAX; attempt += 1) {
      const next = afterFailure(before, failure);
      if (next === undefined) return;
      const inTheWay = await this.#putRefusal(next, before);
      if (inTheWay === undefined) return;
      before = inTheWay;
    }
    throw new Error(`The refusal of ${failure.eventId} kept changing while it was written.`);
  }

  /** Keeps a message no event can be read from, so that it is neither lost nor in its group's way. */
  async keepUnreadable(message: Parameters<typeof unreadableItem>[0]): Promise<void> {
    // What stands there already says the same.
    await this.#putIf(unreadableItem(message), 'attribute_not_exists(pk)');
  }

  /** Undefined when it was written, else the refusal as it stands. */
  async #putRefusal(next: Refusal, before: Refusal | undefined): Promise<Refusal | undefined> {
    const item = refusalItem(next);
    const unchanged =
      'is_final = :final AND payload_hash = :hash AND attempts = :attempts AND last_at = :last AND first_at = :first';
    const current =
      before === undefined
        ? await this.#putIf(item, 'attribute_not_exists(pk)')
        : await this.#putIf(item, unchanged, {
            ...{ ':final': before.final, ':hash': before.payloadHash, ':attempts': before.attempts },
            ...{ ':last': before.lastAt, ':first': before.firstAt },
          });
    if (current === 'written') return undefined;
    const { tenant, eventId } = next;
    const found = current ? refusalOf(tenant, eventId, current) : await this.refusal(tenant, eventId);
    if (found === undefined) throw new Error(`The refusal of ${eventId} was removed while it was written.`);
    return found;
  }

  /** Whether it was written; if not, the item in the way as far as DynamoDB sent it along. */
  async #putIf(
    item: Record<string, unknown>,
    condition: string,
    values?: Record<string, unknown>,
  ): Promise<'written' | Record<string, unknown> | undefined> {
    const put = new PutCommand({
      TableName: this.#table,
      Item: item,
      ConditionExpression: condition,
      ExpressionAttributeValues: values,
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    try {
      await this.#client.send(put);
      return 'written';
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return error.Item && plain(error.Item);
      throw error;
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
