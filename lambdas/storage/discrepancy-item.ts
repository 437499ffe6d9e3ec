import * as z from 'zod';
import { DISCREPANCY_TYPES, type Discrepancy } from '../domain/discrepancy.ts';
import { parseTxnId } from '../domain/ids.ts';
import { readItem, stored, text } from './item.ts';

const schema = z.object({
  type: z.enum(DISCREPANCY_TYPES),
  tenant: stored.tenant.optional(),
  event_id: stored.eventId.optional(),
  txn_id: text(parseTxnId).optional(),
  expected: z.string().optional(),
  posted: z.string().optional(),
  period: stored.period.optional(),
  lane: stored.lane.optional(),
  seq: stored.count.optional(),
  index: stored.count.optional(),
  item: z.string().optional(),
  message: z.string(),
});

export function discrepancyAttributes(found: Discrepancy): Record<string, unknown> {
  const { type, tenant, eventId, txnId, expected, posted, place, message } = found;
  const given = { type, tenant, event_id: eventId, txn_id: txnId, expected, posted, ...place, message };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

export function discrepancyOf(item: Record<string, unknown>): Discrepancy {
  const read = readItem(schema, item);
  const { type, tenant, message, event_id: eventId, txn_id: txnId, expected, posted } = read;
  const { period, lane, seq, index, item: name } = read;
  return {
    ...{ type, tenant, message },
    ...(eventId !== undefined && { eventId }),
    ...(txnId !== undefined && { txnId }),
    ...(expected !== undefined && { expected }),
    ...(posted !== undefined && { posted }),
    place: {
      ...(period !== undefined && { period }),
      ...(lane !== undefined && { lane }),
      ...(seq !== undefined && { seq }),
      ...(index !== undefined && { index }),
      ...(name !== undefined && { item: name }),
    },
  };
}
