import * as z from 'zod';
import { type AdjustmentReason, parseAdjustmentReason } from '../domain/adjustment-event.ts';
import {
  type EventId,
  type Metric,
  parseAdjustmentEventId,
  parseEventId,
  parseMetric,
  parseRequestId,
  parseTenantId,
  parseUsageEventId,
  type RequestId,
  type TenantId,
} from '../domain/ids.ts';
import { type Instant, parseInstant } from '../domain/instant.ts';
import { type Lane, parseLane } from '../domain/lane.ts';
import { type AmountMinor, amountMinor, parseAdjustmentAmount, parseQuantity, type Quantity } from '../domain/money.ts';
import type { PageHash } from '../domain/page.ts';
import { type Period, parsePeriod } from '../domain/period.ts';
import type { PayloadHash } from '../domain/usage-event.ts';

/** A stored item that is not what we would have written: someone else wrote it, or it was damaged. */
export class DamagedItemError extends Error {}

export const HASH_PATTERN = /^[0-9a-f]{64}$/;

const amount = z.bigint().transform((value): AmountMinor => amountMinor(value));

/** A count or a sequence: small enough for a JavaScript number. */
const count = z.bigint().transform((value, context): number => {
  return value >= 0n && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : refuse(context);
});

/** Attributes as they lie in a table, turned into the domain's types or refused. */
export const stored = {
  tenant: text<TenantId>(parseTenantId),
  eventId: text<EventId>(parseEventId),
  usageEventId: text<EventId>(parseUsageEventId),
  adjustmentEventId: text<EventId>(parseAdjustmentEventId),
  adjustmentReason: text<AdjustmentReason>(parseAdjustmentReason),
  metric: text<Metric>(parseMetric),
  /** For the logs alone: one that is none keeps no event from being charged. */
  requestId: text<RequestId>(parseRequestId).optional().catch(undefined),
  instant: text<Instant>((value) => (parseInstant(value) === value ? (value as Instant) : undefined)),
  period: text<Period>(parsePeriod),
  payloadHash: text<PayloadHash>((value) => (HASH_PATTERN.test(value) ? (value as PayloadHash) : undefined)),
  quantity: z.bigint().transform((value, context): Quantity => parseQuantity(value) ?? refuse(context)),
  adjustmentAmount: z.bigint().transform((value, context): AmountMinor => {
    return parseAdjustmentAmount(value) ?? refuse(context);
  }),
  pageHash: text<PageHash>((value) => (HASH_PATTERN.test(value) ? (value as PageHash) : undefined)),
  amount,
  count,
  lane: count.transform((value, context): Lane => parseLane(value) ?? refuse(context)),
  totals: z.object({ receivable: amount, revenue: amount, adjustments: amount }),
};

/** The request an accepted event came with, as far as its record says. */
export function requestOf({ request_id: requestId }: { readonly request_id?: RequestId | undefined }) {
  return requestId === undefined ? {} : { requestId };
}

/** A schema for a text that must pass one of the domain's parsers. */
export function text<Value extends string>(parse: (text: string) => Value | undefined) {
  return z.string().transform((value, context): Value => parse(value) ?? refuse(context));
}

/** The item by its schema; throws a DamagedItemError that names the item and the attributes at fault. */
export function readItem<Schema extends z.ZodType>(schema: Schema, item: unknown): z.output<Schema> {
  const parsed = schema.safeParse(item);
  if (parsed.success) return parsed.data;
  const { pk, sk } = item as { pk?: unknown; sk?: unknown };
  const paths = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
  throw new DamagedItemError(`The item ${String(pk)} / ${String(sk)} is damaged at: ${paths}.`);
}

function refuse(context: z.RefinementCtx): never {
  context.addIssue({ code: 'custom', message: 'not a value this system writes' });
  return z.NEVER;
}
