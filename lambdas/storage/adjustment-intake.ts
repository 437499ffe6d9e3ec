import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type AdjustmentEvent, adjustmentHash } from '../domain/adjustment-event.ts';
import type { EventId, TenantId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { adjustmentAttributes, adjustmentAttributesOf, adjustmentEventOf } from './adjustment-record.ts';
import { type AcceptedRecord, atItsKey, type IntakeSlice, IntakeTable } from './intake-table.ts';
import { readItem, stored } from './item.ts';
import { intakeKey, timeIndexKey } from './keys.ts';

export type AdjustmentRecord = AcceptedRecord<AdjustmentEvent>;

const recordSchema = z.object({
  ...adjustmentAttributes,
  amount_minor: stored.adjustmentAmount,
  payload_hash: stored.payloadHash,
});

/** The adjustments administrators made, apart from usage, so that whoever takes usage in can't make one. */
export class AdjustmentIntake {
  readonly #table: IntakeTable;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#table = new IntakeTable(client, table);
  }

  /** Writes the adjustment unless its id is known; then changes nothing and returns the record that holds the id. */
  async accept(event: AdjustmentEvent, timeoutMs: number): Promise<AdjustmentRecord | undefined> {
    const { tenant, eventId, receivedAt, amountMinor } = event;
    const item = {
      ...intakeKey(tenant, eventId),
      ...timeIndexKey(tenant, eventId, receivedAt),
      ...adjustmentAttributesOf(event),
      ...{ amount_minor: amountMinor, payload_hash: adjustmentHash(event) },
    };
    const known = await this.#table.putNew(item, timeoutMs);
    return known && adjustmentRecordOf(known);
  }

  async find(tenant: TenantId, eventId: EventId): Promise<AdjustmentRecord | undefined> {
    const item = await this.#table.find(tenant, eventId);
    return item && adjustmentRecordOf(item);
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

export function adjustmentRecordOf(item: Record<string, unknown>): AdjustmentRecord {
  const record = readItem(recordSchema, item);
  return { event: atItsKey(adjustmentEventOf(record, record.amount_minor), item), payloadHash: record.payload_hash };
}
