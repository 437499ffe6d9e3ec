import { type EventId, parseEventId, parseMetric, parseTenantId, type TenantId } from '../domain/ids.ts';
import { parseLane } from '../domain/lane.ts';
import { type MeterKey, parseDay } from '../domain/meter.ts';
import type { LaneKey } from '../domain/page.ts';
import { type Period, parsePeriod } from '../domain/period.ts';
import {
  CARRY_SORT_KEY,
  CLOSURE_PREFIX,
  HEAD_PREFIX,
  type Key,
  MARKER_PREFIX,
  METER_CURSOR_PREFIX,
  METER_PREFIX,
  PAGE_PREFIX,
  REFUSAL_PREFIX,
} from './keys.ts';

/** A tenant's id holds no `#`; what follows it may. */
const TENANT_AND_REST = /^([^#]*)#(.*)$/s;

const BUCKET = /^[0-9a-f]{2}$/;
const LANE = /^\d{2}$/;
const SEQ = /^\d{12}$/;

/** The page a ledger item's key stands for, or undefined when it is no page's. */
export function pageOfKey({ pk, sk }: Key): (LaneKey & { readonly seq: number }) | undefined {
  if (!pk.startsWith(PAGE_PREFIX)) return undefined;
  const [tenant = '', period = '', lane = '', ...more] = pk.slice(PAGE_PREFIX.length).split('#');
  const key = laneKeyOf(tenant, period, lane);
  return key !== undefined && more.length === 0 && SEQ.test(sk) ? { ...key, seq: Number(sk) } : undefined;
}

/** The lane a head's key stands for, or undefined when it is no head's. */
export function laneOfHeadKey(key: Key): LaneKey | undefined {
  return laneOfTenantKey(HEAD_PREFIX, key);
}

/** The lane a meter cursor's key stands for, or undefined when it is no cursor's. */
export function laneOfMeterCursorKey(key: Key): LaneKey | undefined {
  return laneOfTenantKey(METER_CURSOR_PREFIX, key);
}

/** The tenant and month a closure's key stands for, or undefined when it is no closure's. */
export function closureOfKey({ pk, sk }: Key): { readonly tenant: TenantId; readonly period: Period } | undefined {
  if (!pk.startsWith(CLOSURE_PREFIX)) return undefined;
  const [tenant, period] = [parseTenantId(pk.slice(CLOSURE_PREFIX.length)), parsePeriod(sk)];
  return tenant && period && { tenant, period };
}

/** The tenant a carry's key stands for, or undefined when it is no carry's. */
export function tenantOfCarryKey({ pk, sk }: Key): TenantId | undefined {
  const tenant = pk.startsWith(CLOSURE_PREFIX) ? parseTenantId(pk.slice(CLOSURE_PREFIX.length)) : undefined;
  return sk === CARRY_SORT_KEY ? tenant : undefined;
}

/** The meter a key stands for, or undefined when it is no meter's. */
export function meterOfKey({ pk, sk }: Key): MeterKey | undefined {
  if (!pk.startsWith(METER_PREFIX)) return undefined;
  const [, tenant = '', name = ''] = TENANT_AND_REST.exec(pk.slice(METER_PREFIX.length)) ?? [];
  const [dayText = '', period = '', lane = '', ...more] = sk.split('#');
  const [key, metric, day] = [laneKeyOf(tenant, period, lane), parseMetric(name), parseDay(dayText)];
  if (key === undefined || metric === undefined || day === undefined || more.length > 0) return undefined;
  return { ...key, metric, day };
}

/** The event a marker's, a refusal's or an intake record's key stands for, or undefined when it is none of theirs. */
export function eventOfKey({ pk, sk }: Key): { readonly tenant: TenantId; readonly eventId: EventId } | undefined {
  const prefix = [MARKER_PREFIX, REFUSAL_PREFIX].find((known) => pk.startsWith(known)) ?? '';
  const [tenantText = '', bucket = '', ...more] = pk.slice(prefix.length).split('#');
  const [tenant, eventId] = [parseTenantId(tenantText), parseEventId(sk)];
  if (tenant === undefined || eventId === undefined || more.length > 0 || !BUCKET.test(bucket)) return undefined;
  return { tenant, eventId };
}

function laneOfTenantKey(prefix: string, { pk, sk }: Key): LaneKey | undefined {
  if (!pk.startsWith(prefix)) return undefined;
  const [period = '', lane = '', ...more] = sk.split('#');
  return more.length === 0 ? laneKeyOf(pk.slice(prefix.length), period, lane) : undefined;
}

function laneKeyOf(tenantText: string, periodText: string, laneText: string): LaneKey | undefined {
  const tenant = parseTenantId(tenantText);
  const period = parsePeriod(periodText);
  const lane = LANE.test(laneText) ? parseLane(Number(laneText)) : undefined;
  return tenant && period && lane !== undefined ? { tenant, period, lane } : undefined;
}
