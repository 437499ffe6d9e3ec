import { sha256Hex } from '../domain/digest.ts';
import type { EventId, Metric, TenantId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { Lane } from '../domain/lane.ts';
import type { MeterKey } from '../domain/meter.ts';
import type { MonthGap } from '../domain/month-ranges.ts';
import type { LaneKey } from '../domain/page.ts';
import type { Period } from '../domain/period.ts';

/** Attribute and index names of every table: the stack declares them by these constants, the adapters use the same. */
export const PARTITION_KEY = 'pk';
export const SORT_KEY = 'sk';

/** The intake's index over time, which the sweep walks. */
export const TIME_INDEX = 'by_time';
export const TIME_INDEX_PARTITION_KEY = 'time_pk';
export const TIME_INDEX_SORT_KEY = 'time_sk';

/** The ledger's sparse index of refusals, which lists the dead letters of a tenant by their first failure. */
export const REFUSAL_INDEX = 'by_refusal';
export const REFUSAL_INDEX_PARTITION_KEY = 'refusal_pk';
export const REFUSAL_INDEX_SORT_KEY = 'refusal_sk';

/** When DynamoDB may delete an item by itself, in seconds since 1970. */
export const EXPIRES_AT = 'expires_at';

/** Leading keys that a function's role is limited to: one letter a kind of item, `#` ends it. */
export const HEAD_PREFIX = 'H#';
export const CLOSURE_PREFIX = 'C#';
export const MARKER_PREFIX = 'E#';
export const PAGE_PREFIX = 'J#';
export const REFUSAL_PREFIX = 'R#';
export const METER_PREFIX = 'U#';
export const METER_CURSOR_PREFIX = 'L#';

/** Shards of an hour of the time index, so that a busy hour is no hot partition; can never change once events exist. */
export const TIME_SHARDS = 64;

/** Buckets of a tenant's events, for the same reason: one byte of the id's hash; can never change once events exist. */
export const EVENT_BUCKETS = 256;
const BUCKET_DIGITS = 2;

/** Digits that let texts sort as the numbers they are, up to a million million pages of a lane. */
const SEQ_DIGITS = 12;

export interface Key {
  readonly [PARTITION_KEY]: string;
  readonly [SORT_KEY]: string;
}

export function intakeKey(tenant: TenantId, eventId: EventId): Key {
  return { pk: `${tenant}#${bucketOf(eventId)}`, sk: eventId };
}

export function timeIndexKey(tenant: TenantId, eventId: EventId, receivedAt: Instant) {
  return {
    time_pk: timePartition(hourOf(receivedAt), shardOf(eventId)),
    time_sk: `${receivedAt}#${tenant}#${eventId}`,
  };
}

export function timePartition(hour: string, shard: number): string {
  return `${hour}#${String(shard).padStart(2, '0')}`;
}

/** `YYYY-MM-DDTHH` of an instant. */
export function hourOf(instant: Instant): string {
  return instant.slice(0, 'YYYY-MM-DDTHH'.length);
}

export function markerKey(tenant: TenantId, eventId: EventId): Key {
  return { pk: `${MARKER_PREFIX}${tenant}#${bucketOf(eventId)}`, sk: eventId };
}

export function refusalKey(tenant: TenantId, eventId: EventId): Key {
  return { pk: `${REFUSAL_PREFIX}${tenant}#${bucketOf(eventId)}`, sk: eventId };
}

/** Stands where a tenant would, for a message that names none; no tenant's id. */
export const NO_TENANT = '-';

/** Where a message that names no event is kept. */
export function unreadableMessageKey(messageId: string): Key {
  return { pk: `${REFUSAL_PREFIX}${NO_TENANT}`, sk: messageId };
}

/** A refusal's keys in the index of refusals: those of a tenant, by their first failure. */
export function refusalIndexKey(tenant: TenantId | typeof NO_TENANT, firstAt: Instant, id: string) {
  return { [REFUSAL_INDEX_PARTITION_KEY]: tenant, [REFUSAL_INDEX_SORT_KEY]: `${firstAt}#${id}` };
}

export function pageKey(lane: LaneKey, seq: number): Key {
  return { pk: lanePartition(lane), sk: seqText(seq) };
}

export function lanePartition({ tenant, period, lane }: LaneKey): string {
  return `${PAGE_PREFIX}${tenant}#${period}#${laneText(lane)}`;
}

export function seqText(seq: number): string {
  return String(seq).padStart(SEQ_DIGITS, '0');
}

export function headKey({ tenant, period, lane }: LaneKey): Key {
  return { pk: headPartition(tenant), sk: `${period}#${laneText(lane)}` };
}

export function headPartition(tenant: TenantId): string {
  return `${HEAD_PREFIX}${tenant}`;
}

/** Bounds of the heads of all months between two others, those excluded; an undefined bound is open. */
export function headBounds({ after, before }: MonthGap): { readonly from: string; readonly to: string } {
  return { from: after === undefined ? '!' : `${after}#~`, to: before === undefined ? '~' : `${before}#` };
}

export function closurePartition(tenant: TenantId): string {
  return `${CLOSURE_PREFIX}${tenant}`;
}

export function closureKey(tenant: TenantId, period: Period): Key {
  return { pk: closurePartition(tenant), sk: period };
}

/** Sorts behind every month. */
export const CARRY_SORT_KEY = '~carried';

/** What the tenant's sealed months come to. */
export function carryKey(tenant: TenantId): Key {
  return { pk: closurePartition(tenant), sk: CARRY_SORT_KEY };
}

export function meterKey({ tenant, metric, day, period, lane }: MeterKey): Key {
  return { pk: meterPartition(tenant, metric), sk: `${day}#${period}#${laneText(lane)}` };
}

export function meterPartition(tenant: TenantId, metric: Metric): string {
  return `${METER_PREFIX}${tenant}#${metric}`;
}

/** How far a lane's pages are in its meters. */
export function meterCursorKey({ tenant, period, lane }: LaneKey): Key {
  return { pk: meterCursorPartition(tenant), sk: `${period}#${laneText(lane)}` };
}

export function meterCursorPartition(tenant: TenantId): string {
  return `${METER_CURSOR_PREFIX}${tenant}`;
}

export function laneText(lane: Lane): string {
  return String(lane).padStart(2, '0');
}

/** Every partition of a tenant's events behind a prefix: an intake's has none. */
export function eventPartitions(tenant: TenantId, prefix = ''): string[] {
  return Array.from({ length: EVENT_BUCKETS }, (_, bucket) => {
    return `${prefix}${tenant}#${bucket.toString(16).padStart(BUCKET_DIGITS, '0')}`;
  });
}

/** The first byte of the id's hash, as two hex digits. */
function bucketOf(eventId: EventId): string {
  return sha256Hex(eventId).slice(0, BUCKET_DIGITS);
}

/** From the second byte, so that a bucket's events still spread over all shards. */
function shardOf(eventId: EventId): number {
  return Number.parseInt(sha256Hex(eventId).slice(2, 4), 16) % TIME_SHARDS;
}

export const PRICES_PARTITION = 'PRICES';

export function priceBookKey(version: number): Key {
  return { pk: PRICES_PARTITION, sk: seqText(version) };
}

/** All tenants, so that they can be listed by id. */
export const TENANTS_PARTITION = 'TENANTS';

export function tenantKey(tenant: TenantId): Key {
  return { pk: TENANTS_PARTITION, sk: tenant };
}

/** Whose deliveries are whose. */
export const WEBHOOK_KEYS_PARTITION = 'WEBHOOK_KEYS';

export function webhookKeyKey(keyId: string): Key {
  return { pk: WEBHOOK_KEYS_PARTITION, sk: keyId };
}

/** Whose programs are whose. */
export const API_KEYS_PARTITION = 'API_KEYS';

export function apiKeyKey(keyId: string): Key {
  return { pk: API_KEYS_PARTITION, sk: keyId };
}

/** A tenant's requests in one window; every window is a partition of its own, so that none grows or stays hot. */
export function requestCountKey(tenant: TenantId, windowStartSeconds: number): Key {
  return { pk: `${tenant}#${windowStartSeconds}`, sk: 'requests' };
}

export const CONSTANTS_PARTITION = 'CONSTANTS';

/** The layout constants of these tables. */
export const constantsKey: Key = { pk: CONSTANTS_PARTITION, sk: 'layout' };
