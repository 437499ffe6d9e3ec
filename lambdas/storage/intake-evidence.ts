import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../clock.ts';
import type { EventId, TenantId } from '../domain/ids.ts';
import type { IntakeFacts } from '../domain/intake-facts.ts';
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
import { DamagedItemError } from './item.ts';
import { eventOfKey } from './key-parts.ts';
import { eventPartitions, intakeKey, type Key, timeIndexKey } from './keys.ts';
import type { Scope } from './scope.ts';

interface EventName {
  readonly tenant: TenantId;
  readonly eventId: EventId;
}

/** One item of an intake, by its key. */
export type IntakeItem =
  | ({ readonly kind: 'record'; readonly record: Readable<IntakeFacts> } & EventName)
  | { readonly kind: 'foreign'; readonly item: string };

export interface StoredRecords {
  of(event: EventName): Readable<IntakeFacts> | undefined;
}

/** One read of a whole intake. */
const ITEMS_PER_READ = 500;

/** One read of one of a tenant's partitions, sixteen of which are read at a time. */
const ITEMS_PER_PARTITION = 32;

/** An intake as a reconciliation reads it: in bulk, strongly consistent, and whatever state its items are in. */
export class IntakeEvidence {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #read: (item: Item) => IntakeFacts;
  readonly #clock: Clock;

  /** @param read makes a record of an item, or throws a DamagedItemError */
  constructor(client: DynamoDBDocumentClient, table: string, read: (item: Item) => IntakeFacts, clock: Clock) {
    this.#client = client;
    this.#table = table;
    this.#read = read;
    this.#clock = clock;
  }

  /** The records of events; those there are. */
  async records(events: readonly EventName[]): Promise<StoredRecords> {
    const keys = events.map(({ tenant, eventId }) => intakeKey(tenant, eventId));
    const items = await itemsByKey(this.#client, this.#table, keys, this.#clock);
    return {
      of: (event) => {
        const item = items.get(nameOf(intakeKey(event.tenant, event.eventId)));
        return item && this.#readable(event, item);
      },
    };
  }

  /** The next stretch of everything in the intake. */
  async survey(
    { tenant }: Scope,
    cursor: Cursor | undefined,
  ): Promise<{ items: IntakeItem[]; cursor: Cursor | undefined }> {
    const table = { TableName: this.#table };
    const stretch = tenant
      ? await partitionsStretch(this.#client, table, eventPartitions(tenant), ITEMS_PER_PARTITION, cursor)
      : await scanStretch(this.#client, { ...table, Limit: ITEMS_PER_READ, ExclusiveStartKey: cursor });
    const items = stretch.items.map((item): IntakeItem => {
      const key: Key = { pk: String(item['pk']), sk: String(item['sk']) };
      const event = eventOfKey(key);
      if (event === undefined || intakeKey(event.tenant, event.eventId).pk !== key.pk)
        return { kind: 'foreign', item: nameOf(item) };
      return { kind: 'record', ...event, record: this.#readable(event, item) };
    });
    return { items, cursor: stretch.cursor };
  }

  #readable({ tenant, eventId }: EventName, item: Item): Readable<IntakeFacts> {
    return readable(() => {
      const record = this.#read(item);
      if (record.tenant !== tenant || record.eventId !== eventId) {
        throw new DamagedItemError(`The item ${nameOf(item)} says it is ${record.eventId} of ${record.tenant}.`);
      }
      // Without these the sweep would never see it.
      for (const [name, value] of Object.entries(timeIndexKey(tenant, eventId, record.receivedAt))) {
        if (item[name] !== value) throw new DamagedItemError(`The item ${nameOf(item)} is damaged at: ${name}.`);
      }
      return record;
    });
  }
}
