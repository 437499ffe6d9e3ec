import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { EventId, TenantId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { payloadHash, type UsageEvent } from '../domain/usage-event.ts';
import { type AcceptedRecord, atItsKey, type IntakeSlice, IntakeTable } from './intake-table.ts';
import type { TogetherOutcome } from './intake-transaction.ts';
import { readItem, stored } from './item.ts';
import { intakeKey, timeIndexKey } from './keys.ts';
import { usageAttributes, usageAttributesOf, usageEventOf } from './usage-record.ts';

export type IntakeRecord = AcceptedRecord<UsageEvent>;

const recordSchema = z.object({
  ...usageAttributes,
  quantity: stored.quantity,
  price_version: stored.count,
  payload_hash: stored.payloadHash,
});

/** What callers handed in, written once each and never changed: the independent record the ledger is checked against. */
export class UsageIntake {
  readonly #table: IntakeTable;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#table = new IntakeTable(client, table);
  }

  /** Writes the event unless its id is known; then changes nothing and returns the record that holds the id. */
  async accept(event: UsageEvent, timeoutMs: number): Promise<IntakeRecord | undefined> {
    const known = await this.#table.putNew(usageItem(event), timeoutMs);
    return known && usageRecordOf(known);
  }

  /** Writes at most a hundred events with different ids at once, unless one of the ids is known; then none of them. */
  async acceptTogether(events: readonly UsageEvent[], timeoutMs: number): Promise<TogetherOutcome<IntakeRecord>> {
    const outcome = await this.#table.putNewTogether(events.map(usageItem), timeoutMs);
    if (outcome.status !== 'cancelled') return outcome;
    return {
      status: 'cancelled',
      known: new Map([...outcome.known].map(([index, item]) => [index, usageRecordOf(item)])),
    };
  }

  /** The records of those of a tenant's events that have one, strongly consistent. */
  async findMany(tenant: TenantId, eventIds: readonly EventId[]): Promise<Map<EventId, IntakeRecord>> {
    const records = (await this.#table.findMany(tenant, eventIds)).map(usageRecordOf);
    return new Map(records.map((record) => [record.event.eventId, record]));
  }

  async find(tenant: TenantId, eventId: EventId): Promise<IntakeRecord | undefined> {
    const item = await this.#table.find(tenant, eventId);
    return item && usageRecordOf(item);
  }

  acceptedIn(
    hour: string,
    shard: number,
    between: { from: Instant; until: Instant },
    cursor: IntakeSlice['cursor'],
  ): Promise<IntakeSlice> {
    return this.#table.acceptedIn(hour, shard, between, cursor);
  }
}

export function usageItem(event: UsageEvent) {
  const { tenant, eventId, receivedAt, quantity, priceVersion } = event;
  return {
    ...intakeKey(tenant, eventId),
    ...timeIndexKey(tenant, eventId, receivedAt),
    ...usageAttributesOf(event),
    ...{ quantity, price_version: priceVersion, payload_hash: payloadHash(event) },
  };
}

export function usageRecordOf(item: Record<string, unknown>): IntakeRecord {
  const record = readItem(recordSchema, item);
  const { quantity, price_version: priceVersion } = record;
  const event = usageEventOf(record, { quantity, priceVersion });
  return { event: atItsKey(event, item), payloadHash: record.payload_hash };
}
