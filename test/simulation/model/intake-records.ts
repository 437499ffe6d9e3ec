import { faceOf, nameOf } from '../workload/payload.ts';
import { count, type Item, type Tables, text } from './books.ts';
import type { Recorded } from './model.ts';

/** A record of what was taken in, as it lies in its table. */
export interface IntakeRecord extends Recorded {
  readonly tenant: string;
  readonly eventId: string;
  readonly priceVersion: number | null;
}

/** By the name of the event. */
export function intakeRecords(tables: Tables): Map<string, IntakeRecord> {
  const records = [...tables('UsageIntake').map(usageRecord), ...tables('AdjustmentIntake').map(adjustmentRecord)];
  return new Map(records.map((record) => [nameOf(record), record]));
}

function usageRecord(item: Item): IntakeRecord {
  const date = item['event_date'];
  const face = faceOf({
    ...{ kind: 'usage', metric: text(item, 'metric'), quantity: item['quantity'] as bigint },
    ...{ dateMs: typeof date === 'string' ? Date.parse(date) : null, amountMinor: null, reason: null },
  });
  return { ...about(item), face, priceVersion: count(item, 'price_version') };
}

function adjustmentRecord(item: Item): IntakeRecord {
  const face = faceOf({
    ...{ kind: 'adjustment', metric: null, quantity: null, dateMs: null },
    ...{ amountMinor: item['amount_minor'] as bigint, reason: text(item, 'reason') },
  });
  return { ...about(item), face, priceVersion: null };
}

function about(item: Item) {
  const { tenant, eventId } = { tenant: text(item, 'tenant'), eventId: text(item, 'event_id') };
  return { tenant, eventId, receivedMs: Date.parse(text(item, 'received_at')) };
}
