import { type AdjustmentEvent, parseAdjustmentReason } from '../../lambdas/domain/adjustment-event.ts';
import {
  type EventId,
  type Metric,
  parseEventId,
  parseMetric,
  parseRequestId,
  parseTenantId,
  type RequestId,
  type TenantId,
} from '../../lambdas/domain/ids.ts';
import { type Instant, parseInstant } from '../../lambdas/domain/instant.ts';
import { type JournalEntry, usageEntry } from '../../lambdas/domain/journal.ts';
import { type Lane, parseLane } from '../../lambdas/domain/lane.ts';
import {
  type AmountMinor,
  amountMinor,
  parseAdjustmentAmount,
  parseQuantity,
  type Quantity,
} from '../../lambdas/domain/money.ts';
import type { LaneKey } from '../../lambdas/domain/page.ts';
import { type Period, parsePeriod } from '../../lambdas/domain/period.ts';
import type { PriceBook } from '../../lambdas/domain/price-book.ts';
import type { UsageEvent } from '../../lambdas/domain/usage-event.ts';

/** The domain's types from plain values, by the domain's own parsers: what they refuse throws. */
export const tenantId = (text: string): TenantId => must(parseTenantId(text), text);
export const eventId = (text: string): EventId => must(parseEventId(text), text);
export const metric = (text: string): Metric => must(parseMetric(text), text);
export const requestId = (text: string): RequestId => must(parseRequestId(text), text);
export const quantity = (value: number | bigint): Quantity => must(parseQuantity(BigInt(value)), value);
export const instant = (text: string): Instant => must(parseInstant(text), text);
export const period = (text: string): Period => must(parsePeriod(text), text);
export const lane = (value: number): Lane => must(parseLane(value), value);

export const alpha = tenantId('tenant_alpha');
export const beta = tenantId('tenant_beta');

/** When the stories of these tests take place. */
export const NOW = instant('2026-03-15T12:00:00Z');
export const NOW_MS = Date.parse(NOW);

export const UNIT_PRICES = { api_call: 1n, storage_gb_hour: 5n } as const;

export function priceBook(version = 1, changes: Partial<PriceBook> = {}): PriceBook {
  const unitPrices = new Map(Object.entries(UNIT_PRICES).map(([name, price]) => [metric(name), price]));
  return { version, effectiveAt: instant('2020-01-01T00:00:00Z'), currency: 'USD', unitPrices, ...changes };
}

export function usageEvent(key: string, changes: Partial<UsageEvent> = {}): UsageEvent {
  return {
    tenant: alpha,
    eventId: eventId(`api:${key}`),
    metric: metric('api_call'),
    quantity: quantity(1),
    eventDate: null,
    receivedAt: NOW,
    priceVersion: 1,
    ...changes,
  };
}

export const adjustmentAmount = (value: bigint): AmountMinor => must(parseAdjustmentAmount(value), value);

export function adjustmentEvent(key: string, changes: Partial<AdjustmentEvent> = {}): AdjustmentEvent {
  return {
    tenant: alpha,
    eventId: eventId(`adj:${key}`),
    amountMinor: adjustmentAmount(-250n),
    reason: must(parseAdjustmentReason('goodwill, ticket 4711')),
    receivedAt: NOW,
    ...changes,
  };
}

export function laneKey(changes: Partial<LaneKey> = {}): LaneKey {
  return { tenant: alpha, period: period('2026-03'), lane: lane(3), ...changes };
}

/** An entry that charges `amount` for a usage event of this key. */
export function entry(key: string, amount: bigint = 1n): JournalEntry {
  return usageEntry(usageEvent(key), amountMinor(amount));
}

/** The value, or an error that says something expected was not there. */
export function must<Value>(value: Value | undefined | null, what: unknown = 'value'): Value {
  if (value === undefined || value === null) throw new Error(`Expected, but missing or refused: ${String(what)}`);
  return value;
}
