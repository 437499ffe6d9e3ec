import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  ScanCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Metric, TenantId } from '../domain/ids.ts';
import { addTo, type Day, HOURS, type Hour, type HourlySums, type MeterKey, type UsageSum } from '../domain/meter.ts';
import { amountMinor } from '../domain/money.ts';
import type { LaneKey } from '../domain/page.ts';
import type { Period } from '../domain/period.ts';
import { plain, queryItems } from './dynamo.ts';
import { DamagedItemError, readItem, stored } from './item.ts';
import { laneOfMeterCursorKey, meterOfKey } from './key-parts.ts';
import { type Key, METER_PREFIX, meterCursorKey, meterCursorPartition, meterKey, meterPartition } from './keys.ts';

/**
 * Up to which page a meter, or a whole lane, has been counted, and in which generation. Each rebuild of a lane begins a
 * generation; what is left over from an older one counts for nothing.
 */
export interface MeterMark {
  readonly seq: number;
  readonly generation: number;
}

/** A meter as a walk over the table finds it; its key is undefined when no part of the system would have written it. */
export interface FoundMeter {
  readonly stored: Key;
  readonly key: MeterKey | undefined;
  /** Undefined when the item is damaged. */
  readonly mark: MeterMark | undefined;
}

/** Where a lane stands that was never counted. */
const NOTHING_COUNTED: MeterMark = { seq: 0, generation: 0 };

const markSchema = z.object({ seq: stored.count, generation: stored.count });
const keySchema = z.object({ pk: z.string(), sk: z.string() });

/** A meter's attributes: `q09` and `a09` are quantity and amount of the hour from 09:00. */
const hourNames = HOURS.map((hour) => {
  const digits = String(hour).padStart(2, '0');
  return { hour, quantity: `q${digits}`, amount: `a${digits}` };
});

const sumsSchema = z.object(
  Object.fromEntries(
    hourNames.flatMap(({ quantity, amount }) => [
      [quantity, z.bigint().optional()],
      [amount, z.bigint().optional()],
    ]),
  ),
);

const NUMBER_TYPE = 'N';

/** Usage per tenant, metric, day and lane, hour by hour: a projection of the journal that can be rebuilt at any time. */
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

  /** Moves a lane's cursor, unless it is no longer where it was read. */
  async moveCursor(lane: LaneKey, from: MeterMark, to: MeterMark): Promise<boolean> {
    const isNew = from.seq === 0 && from.generation === 0;
    const put = new PutCommand({
      TableName: this.#table,
      Item: { ...meterCursorKey(lane), ...to },
      ConditionExpression: `${isNew ? 'attribute_not_exists(pk) OR ' : ''}(seq = :seq AND generation = :generation)`,
      ExpressionAttributeValues: { ':seq': from.seq, ':generation': from.generation },
    });
    return this.#succeeds(() => this.#client.send(put));
  }

  /** Forgets a cursor. Always safe: the pages are read again, and each meter knows which of them it holds. */
  async removeCursor(lane: LaneKey): Promise<void> {
    await this.#client.send(new DeleteCommand({ TableName: this.#table, Key: meterCursorKey(lane) }));
  }

  /**
   * Adds sums of pages up to `toSeq` to a meter of this generation that holds none of them: `from` or older, or, if
   * allowed, not there yet. Otherwise changes nothing and returns the mark it found, undefined when there is no meter.
   */
  async add(
    key: MeterKey,
    sums: HourlySums,
    from: MeterMark & { readonly orAbsent: boolean },
    toSeq: number,
  ): Promise<{ readonly added: true } | { readonly added: false; readonly found: MeterMark | undefined }> {
    const attributes = Object.entries(attributesOf(sums));
    const update = new UpdateCommand({
      TableName: this.#table,
      Key: meterKey(key),
      UpdateExpression: `ADD ${attributes.map(([name]) => `${name} :${name}`).join(', ')} SET seq = :to, generation = :generation`,
      ConditionExpression: `${from.orAbsent ? 'attribute_not_exists(pk) OR ' : ''}(generation = :generation AND seq <= :from)`,
      ExpressionAttributeValues: {
        ...Object.fromEntries(attributes.map(([name, value]) => [`:${name}`, value])),
        ...{ ':to': toSeq, ':from': from.seq, ':generation': from.generation },
      },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    try {
      await this.#client.send(update);
      return { added: true };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return { added: false, found: error.Item && readItem(markSchema, plain(error.Item)) };
    }
  }

  /**
   * Puts the whole of a meter, over whatever stands there but a meter of the same generation that holds as much, or one
   * of a newer. Returns the mark of what stood in the way.
   */
  async put(key: MeterKey, sums: HourlySums, mark: MeterMark): Promise<MeterMark | undefined> {
    const put = new PutCommand({
      TableName: this.#table,
      Item: { ...meterKey(key), ...attributesOf(sums), ...mark },
      // What is no number was not written by us; that takes in what is not there at all.
      ConditionExpression: `${DAMAGED} OR generation < :generation OR (generation = :generation AND seq < :seq)`,
      ExpressionAttributeValues: { ':generation': mark.generation, ':seq': mark.seq, ':number': NUMBER_TYPE },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    try {
      await this.#client.send(put);
      return undefined;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException) || error.Item === undefined) throw error;
      return readItem(markSchema, plain(error.Item));
    }
  }

  /** Removes a meter that is damaged or older than this generation; returns whether it was. */
  async removeOlder(key: Key, generation: number): Promise<boolean> {
    const remove = new DeleteCommand({
      TableName: this.#table,
      Key: { ...key },
      ConditionExpression: `attribute_exists(pk) AND (${DAMAGED} OR generation < :generation)`,
      ExpressionAttributeValues: { ':generation': generation, ':number': NUMBER_TYPE },
    });
    return this.#succeeds(() => this.#client.send(remove));
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

  async #succeeds(write: () => Promise<unknown>): Promise<boolean> {
    try {
      await write();
      return true;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return false;
    }
  }
}

const DAMAGED = 'NOT attribute_type(seq, :number) OR NOT attribute_type(generation, :number)';

function attributesOf(sums: HourlySums): Record<string, bigint> {
  const attributes: Record<string, bigint> = {};
  for (const { hour, quantity, amount } of hourNames) {
    const usage = sums.get(hour);
    if (usage === undefined) continue;
    attributes[quantity] = usage.quantity;
    attributes[amount] = usage.amountMinor;
  }
  return attributes;
}

function sumsOf(item: Record<string, unknown>): Map<Hour, UsageSum> {
  const attributes = readItem(sumsSchema, item);
  const sums = new Map<Hour, UsageSum>();
  for (const { hour, quantity, amount } of hourNames) {
    const used = attributes[quantity];
    if (used !== undefined) sums.set(hour, { quantity: used, amountMinor: amountMinor(attributes[amount] ?? 0n) });
  }
  return sums;
}
