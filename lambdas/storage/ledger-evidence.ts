import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../clock.ts';
import type { EventId, TenantId } from '../domain/ids.ts';
import type { JournalPage, LaneKey } from '../domain/page.ts';
import type { Refusal } from '../domain/refusal.ts';
import {
  type Cursor,
  type Item,
  itemsByKey,
  nameOf,
  partitionsStretch,
  queryStretch,
  type Readable,
  readable,
  scanStretch,
} from './bulk-read.ts';
import { DamagedItemError } from './item.ts';
import { eventOfKey, pageOfKey } from './key-parts.ts';
import {
  eventPartitions,
  type Key,
  lanePartition,
  MARKER_PREFIX,
  markerKey,
  pageKey,
  REFUSAL_INDEX_PARTITION_KEY,
  REFUSAL_INDEX_SORT_KEY,
  REFUSAL_PREFIX,
  refusalIndexKey,
  refusalKey,
  unreadableMessageKey,
} from './keys.ts';
import { type Marker, markerOf } from './ledger.ts';
import { pageOf } from './page-item.ts';
import { refusalOf } from './refusal-item.ts';
import type { Scope } from './scope.ts';

interface EventName {
  readonly tenant: TenantId;
  readonly eventId: EventId;
}

/** A page as it lies in its lane. */
export interface StoredPage {
  /** By its key. Undefined: its key is none of a page. */
  readonly seq: number | undefined;
  readonly sortKey: string;
  readonly item: string;
  readonly page: Readable<JournalPage>;
}

/** What one item of the ledger is, by its key. */
export type LedgerRecord =
  | ({ readonly kind: 'marker'; readonly marker: Readable<Marker> } & EventName)
  | ({ readonly kind: 'refusal'; readonly refusal: Readable<Refusal> } & EventName)
  | { readonly kind: 'page'; readonly lane: LaneKey }
  | { readonly kind: 'unreadable_message' }
  | { readonly kind: 'foreign'; readonly item: string };

/** One read of the whole ledger. */
const ITEMS_PER_READ = 1_000;

/** One read of one of a tenant's partitions, sixteen of which are read at a time. */
const ITEMS_PER_PARTITION = 64;

/** All that markers and refusals need; of a page its key is enough, so that its entries are not carried here. */
const SURVEYED = [
  ...['pk', 'sk', 'tenant', 'period', 'lane', 'seq', 'index', 'payload_hash', 'posted_at'],
  ...['is_final', 'reason', 'first_at', 'last_at', 'attempts', REFUSAL_INDEX_PARTITION_KEY, REFUSAL_INDEX_SORT_KEY],
];

/** The ledger as a reconciliation reads it: in bulk, strongly consistent, and whatever state its items are in. */
export class LedgerEvidence {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #clock: Clock;

  constructor(client: DynamoDBDocumentClient, table: string, clock: Clock) {
    this.#client = client;
    this.#table = table;
    this.#clock = clock;
  }

  /**
   * Up to `limit` pages of a lane behind a sort key, or from its beginning, in order, with whatever else lies among them; fewer
   * of large ones.
   */
  async lanePages(
    lane: LaneKey,
    after: string | undefined,
    limit: number,
  ): Promise<{ pages: readonly StoredPage[]; isMore: boolean }> {
    const { items, cursor } = await queryStretch(this.#client, {
      TableName: this.#table,
      KeyConditionExpression: after === undefined ? 'pk = :lane' : 'pk = :lane AND sk > :after',
      ExpressionAttributeValues: { ':lane': lanePartition(lane), ...(after !== undefined && { ':after': after }) },
      Limit: limit,
    });
    return { pages: items.map((item) => storedPage(lane, item)), isMore: cursor !== undefined };
  }

  /** Pages by their places; those there are. */
  async pagesAt(places: readonly (LaneKey & { seq: number })[]): Promise<StoredPages> {
    const keys = places.map((place) => pageKey(place, place.seq));
    const items = await itemsByKey(this.#client, this.#table, keys, this.#clock);
    const pages = new Map<string, Readable<JournalPage>>();
    return {
      // Many ask for one page, and reading one costs as much as reading its ninety entries.
      at: (place) => {
        const name = nameOf(pageKey(place, place.seq));
        const item = items.get(name);
        if (item === undefined) return undefined;
        const page = pages.get(name) ?? storedPage(place, item).page;
        pages.set(name, page);
        return page;
      },
    };
  }

  /** The markers of events; those there are. */
  async markers(events: readonly EventName[]): Promise<StoredMarkers> {
    const keys = events.map(({ tenant, eventId }) => markerKey(tenant, eventId));
    const items = await itemsByKey(this.#client, this.#table, keys, this.#clock);
    return {
      of: ({ tenant, eventId }) => {
        const item = items.get(nameOf(markerKey(tenant, eventId)));
        return item && readable(() => markerOf(item));
      },
    };
  }

  /** Which events have a marker, whatever is in it. */
  async marked(events: readonly EventName[]): Promise<(event: EventName) => boolean> {
    const keys = events.map(({ tenant, eventId }) => markerKey(tenant, eventId));
    const items = await itemsByKey(this.#client, this.#table, keys, this.#clock, 'pk, sk');
    return ({ tenant, eventId }) => items.has(nameOf(markerKey(tenant, eventId)));
  }

  /** The next stretch of everything in the ledger; of one tenant, everything but pages, which only a lane can name. */
  async survey(
    { tenant }: Scope,
    cursor: Cursor | undefined,
  ): Promise<{ records: LedgerRecord[]; cursor: Cursor | undefined }> {
    const projection = {
      TableName: this.#table,
      ProjectionExpression: SURVEYED.map((name) => `#${name}`).join(', '),
      ExpressionAttributeNames: Object.fromEntries(SURVEYED.map((name) => [`#${name}`, name])),
    };
    const partitions = tenant && [MARKER_PREFIX, REFUSAL_PREFIX].flatMap((prefix) => eventPartitions(tenant, prefix));
    const stretch = partitions
      ? await partitionsStretch(this.#client, projection, partitions, ITEMS_PER_PARTITION, cursor)
      : await scanStretch(this.#client, { ...projection, Limit: ITEMS_PER_READ, ExclusiveStartKey: cursor });
    return { records: stretch.items.map(recordOf), cursor: stretch.cursor };
  }
}

export interface StoredPages {
  at(place: LaneKey & { seq: number }): Readable<JournalPage> | undefined;
}

export interface StoredMarkers {
  of(event: EventName): Readable<Marker> | undefined;
}

function storedPage(lane: LaneKey, item: Item): StoredPage {
  const seq = pageOfKey(keyOf(item))?.seq;
  const page = readable(() => {
    const read = pageOf(lane, item);
    if (read.seq === seq) return read;
    throw new DamagedItemError(`The item ${nameOf(item)} says it is page ${read.seq}.`);
  });
  return { seq, sortKey: keyOf(item).sk, item: nameOf(item), page };
}

function recordOf(item: Item): LedgerRecord {
  const key = keyOf(item);
  if (key.pk === unreadableMessageKey(key.sk).pk) return { kind: 'unreadable_message' };
  const lane = pageOfKey(key);
  if (lane !== undefined) return { kind: 'page', lane };
  const event = eventOfKey(key);
  if (event !== undefined && key.pk === markerKey(event.tenant, event.eventId).pk) {
    return { kind: 'marker', ...event, marker: readable(() => markerOf(item)) };
  }
  if (event !== undefined && key.pk === refusalKey(event.tenant, event.eventId).pk) {
    return { kind: 'refusal', ...event, refusal: readable(() => listedRefusal(event, item)) };
  }
  return { kind: 'foreign', item: nameOf(item) };
}

/** Throws a DamagedItemError for one that the list of dead letters would not show, too. */
function listedRefusal({ tenant, eventId }: EventName, item: Item): Refusal {
  const refusal = refusalOf(tenant, eventId, item);
  for (const [name, value] of Object.entries(refusalIndexKey(tenant, refusal.firstAt, eventId))) {
    if (item[name] !== value) throw new DamagedItemError(`The item ${nameOf(item)} is damaged at: ${name}.`);
  }
  return refusal;
}

function keyOf({ pk, sk }: Item): Key {
  return { pk: String(pk), sk: String(sk) };
}
