import type { Branded } from './brand.ts';
import { sha256Hex } from './digest.ts';

/** `[a-z0-9_]{1,64}`: no `#` and no `:`, so that keys built from it can't collide. */
export type TenantId = Branded<string, 'TenantId'>;
/** `api:{key}`, `wh:{key_id}:{event_id}` or `adj:{key}`: the channel's prefix keeps one from suppressing another's charge. */
export type EventId = Branded<string, 'EventId'>;
/** What a caller chose for its event, 1..200 bytes of well-formed UTF-8 without NUL. */
export type IdempotencyKey = Branded<string, 'IdempotencyKey'>;
/** `[A-Za-z0-9_-]{1,64}`: no `:`, so that no two keys' event ids can collide. */
export type WebhookKeyId = Branded<string, 'WebhookKeyId'>;
/** Of the same form. */
export type ApiKeyId = Branded<string, 'ApiKeyId'>;
export type TxnId = Branded<string, 'TxnId'>;
/** What the gateway calls one request, or its caller does; answered in `x-request-id`. Not unique. */
export type RequestId = Branded<string, 'RequestId'>;
/** A key of the price book. */
export type Metric = Branded<string, 'Metric'>;

/** With the longest prefix an event id stays under DynamoDB's 1,024 bytes for a sort key, also in the time index. */
export const IDEMPOTENCY_KEY_MAX_BYTES = 200;
const KEY_ID_MAX_CHARS = 64;
export const METRIC_MAX_BYTES = 64;

export const TENANT_PATTERN = /^[a-z0-9_]{1,64}$/;
export const KEY_ID_PATTERN = new RegExp(`^[A-Za-z0-9_-]{1,${KEY_ID_MAX_CHARS}}$`);
/** The gateway's are UUIDs; so many characters leave room for another's, and ninety of them on a message. */
const REQUEST_ID_PATTERN = /^[A-Za-z0-9-]{1,64}$/;
const ADJUSTMENT_PREFIX = 'adj:';
export const EVENT_ID_PREFIX = new RegExp(`^(?:api:|${ADJUSTMENT_PREFIX}|wh:[A-Za-z0-9_-]{1,${KEY_ID_MAX_CHARS}}:)`);

export function parseTenantId(text: string): TenantId | undefined {
  return TENANT_PATTERN.test(text) ? (text as TenantId) : undefined;
}

export function parseRequestId(text: string): RequestId | undefined {
  return REQUEST_ID_PATTERN.test(text) ? (text as RequestId) : undefined;
}

export function parseWebhookKeyId(text: string): WebhookKeyId | undefined {
  return KEY_ID_PATTERN.test(text) ? (text as WebhookKeyId) : undefined;
}

export function parseApiKeyId(text: string): ApiKeyId | undefined {
  return KEY_ID_PATTERN.test(text) ? (text as ApiKeyId) : undefined;
}

export function parseIdempotencyKey(text: string): IdempotencyKey | undefined {
  return isKeepableText(text, IDEMPOTENCY_KEY_MAX_BYTES) ? (text as IdempotencyKey) : undefined;
}

export function parseMetric(text: string): Metric | undefined {
  return isKeepableText(text, METRIC_MAX_BYTES) ? (text as Metric) : undefined;
}

export function parseEventId(text: string): EventId | undefined {
  const prefix = EVENT_ID_PREFIX.exec(text)?.[0];
  if (prefix === undefined || parseIdempotencyKey(text.slice(prefix.length)) === undefined) return undefined;
  return text as EventId;
}

/** An event id of a usage channel: what arrives as usage can't take an adjustment's id. */
export function parseUsageEventId(text: string): EventId | undefined {
  return isAdjustmentId(text) ? undefined : parseEventId(text);
}

/** An adjustment's id: what arrives as an adjustment can't take usage's. */
export function parseAdjustmentEventId(text: string): EventId | undefined {
  return isAdjustmentId(text) ? parseEventId(text) : undefined;
}

/** Whether an id is of the adjustments' channel: which intake it lies in, and which queue it travels through. */
export function isAdjustmentId(text: string): boolean {
  return text.startsWith(ADJUSTMENT_PREFIX);
}

export function adjustmentEventId(key: IdempotencyKey): EventId {
  return `${ADJUSTMENT_PREFIX}${key}` as EventId;
}

export function apiEventId(key: IdempotencyKey): EventId {
  return `api:${key}` as EventId;
}

/** The id of a delivery that a webhook key signed: two keys' deliveries are never the same event. */
export function webhookEventId(keyId: WebhookKeyId, deliveryId: IdempotencyKey): EventId {
  return `wh:${keyId}:${deliveryId}` as EventId;
}

/** Deterministic, so that a second posting of one event could never hide behind another transaction id. */
export function txnIdOf(tenant: TenantId, eventId: EventId): TxnId {
  return `txn_${sha256Hex(JSON.stringify(['zerosum/txn/1', tenant, eventId])).slice(0, TXN_HASH_CHARS)}` as TxnId;
}

/** 128 bits: no two of a ledger's events will ever share one. */
const TXN_HASH_CHARS = 32;

export const TXN_PATTERN = new RegExp(`^txn_[0-9a-f]{${TXN_HASH_CHARS}}$`);

export function parseTxnId(text: string): TxnId | undefined {
  return TXN_PATTERN.test(text) ? (text as TxnId) : undefined;
}

/** Whether a text can be kept and given back unchanged: 1..maxBytes of UTF-8, no NUL, no unpaired surrogate. */
export function isKeepableText(text: string, maxBytes: number): boolean {
  if (text.length === 0 || text.length > maxBytes || text.includes('\0') || !text.isWellFormed()) return false;
  // No UTF-16 unit takes more than three bytes: most texts are short enough without being encoded.
  return text.length * 3 <= maxBytes || new TextEncoder().encode(text).length <= maxBytes;
}
