import { type DynamoDBDocumentClient, GetCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Metric, TenantId } from '../domain/ids.ts';
import { addTo, type Day, type Hour, type MeterKey, type UsageSum } from '../domain/meter.ts';
import type { LaneKey } from '../domain/page.ts';
import type { Period } from '../domain/period.ts';
import { queryItems } from './dynamo.ts';
import { DamagedItemError, readItem } from './item.ts';
import { laneOfMeterCursorKey, meterOfKey } from './key-parts.ts';
import { type Key, METER_PREFIX, meterCursorKey, meterCursorPartition, meterPartition } from './keys.ts';
import { type MeterMark, markSchema, sumsOf } from './meter-item.ts';

/** A meter as a walk over the table finds it; its key is undefined when no part of the system would have written it. */
export interface FoundMeter {
  readonly stored: Key;
  readonly key: MeterKey | undefined;
  /** Undefined when the item is damaged. */
  readonly mark: MeterMark | undefined;
}

/** Where a lane stands that was never counted. */
const NOTHING_COUNTED: MeterMark = { seq: 0, generation: 0 };

const keySchema = z.object({ pk: z.string(), sk: z.string() });

/** Usage per tenant, metric, day and lane, hour by hour, as `meter-writer.ts` counts it. */
export class UsageMeters {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** How far the lane has been counted: every page up to there is in its meters. */
  async cursor(lane: LaneKey): Promise<MeterMark> {
    const get = new GetCommand({ TableName: this.#table, Key: meterCursorKey(lane), ConsistentRead: true });
    const { Item } = await this.#client.send(get);
    return Item ? readItem(markSchema, Item) : NOTHING_COUNTED;
  }

  /** The cursors of a tenant's lanes from a month on. */
  async cursorsSince(tenant: TenantId, period: Period): Promise<(LaneKey & MeterMark)[]> {
    const cursors: (LaneKey & MeterMark)[] = [];
    const query = {
      TableName: this.#table,
      KeyConditionExpression: 'pk = :tenant AND sk >= :period',
      ExpressionAttributeValues: { ':tenant': meterCursorPartition(tenant), ':period': period },
      ConsistentRead: true,
    };
    for await (const item of queryItems(this.#client, query)) {
      const lane = laneOfMeterCursorKey(readItem(keySchema, item));
      if (lane === undefined) throw new DamagedItemError(`The item ${item['pk']} / ${item['sk']} is no cursor.`);
      cursors.push({ ...lane, ...readItem(markSchema, item) });
    }
    return cursors;
  }

  /** Every meter there is, or a tenant's, from one on, in the table's own order. */
  async *all(tenant: TenantId | undefined, after: Key | undefined): AsyncGenerator<FoundMeter> {
    let cursor: Record<string, unknown> | undefined = after && { ...after };
    do {
      const scan = new ScanCommand({
        TableName: this.#table,
        FilterExpression: 'begins_with(pk, :prefix)',
        ProjectionExpression: 'pk, sk, seq, generation',
        ExpressionAttributeValues: { ':prefix': tenant === undefined ? METER_PREFIX : `${METER_PREFIX}${tenant}#` },
        ConsistentRead: true,
        ExclusiveStartKey: cursor,
      });
      const { Items = [], LastEvaluatedKey } = await this.#client.send(scan);
      for (const item of Items) {
        const { pk, sk } = readItem(keySchema, item);
        yield { stored: { pk, sk }, key: meterOfKey({ pk, sk }), mark: markSchema.safeParse(item).data };
      }
      cursor = LastEvaluatedKey;
    } while (cursor !== undefined);
  }

  /** What a metric's meters of all lanes show together, by day and hour, from one day to another, both included. */
  async sums(tenant: TenantId, metric: Metric, firstDay: Day, lastDay: Day): Promise<Map<Day, Map<Hour, UsageSum>>> {
    const days = new Map<Day, Map<Hour, UsageSum>>();
    const query = {
      TableName: this.#table,
      KeyConditionExpression: 'pk = :meter AND sk BETWEEN :first AND :last',
      ExpressionAttributeValues: {
        ...{ ':meter': meterPartition(tenant, metric), ':first': `${firstDay}#` },
        // `$` follows `#`, so that every lane of the last day is in.
        ':last': `${lastDay}$`,
      },
      ConsistentRead: true,
    };
    for await (const item of queryItems(this.#client, query)) {
      const key = meterOfKey(readItem(keySchema, item));
      if (key === undefined) throw new DamagedItemError(`The item ${item['pk']} / ${item['sk']} is no meter.`);
      const hours = days.get(key.day) ?? new Map<Hour, UsageSum>();
      days.set(key.day, hours);
      for (const [hour, usage] of sumsOf(item)) addTo(hours, hour, usage);
    }
    return days;
  }
}
