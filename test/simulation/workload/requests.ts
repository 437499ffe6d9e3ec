import { createHmac } from 'node:crypto';
import type { SimulatedRequest } from '../system.ts';
import type { Sending } from './operation.ts';
import type { Payload } from './payload.ts';
import type { SigningKey } from './setting.ts';

const HOUR_MS = 3_600_000;

/** The key in an event id: what follows its channel. */
export function keyOf(eventId: string): string {
  return eventId.slice(eventId.lastIndexOf(':') + 1);
}

/** An event of `POST /events` or of a batch. @param isShifted whether its date is spelt in another time zone */
export function usageBody(payload: Payload, isShifted: boolean) {
  const { tenant, metric, quantity, eventId, dateMs } = payload;
  return {
    ...{ tenant, metric, quantity: Number(quantity), idempotency_key: keyOf(eventId) },
    ...(dateMs !== null && { event_date: isShifted ? shifted(dateMs) : utc(dateMs) }),
  };
}

export function loneEvent(payload: Payload, isShifted: boolean): Sending {
  const body = JSON.stringify(usageBody(payload, isShifted));
  return () => ({ method: 'POST', path: '/events', token: `tenant:${payload.tenant}`, body });
}

/** The forms in which a batch may come. */
export const BATCH_FORMS = ['application/json', 'application/json', 'application/x-ndjson'] as const;

export function batchBody(form: (typeof BATCH_FORMS)[number], events: readonly unknown[]) {
  const lines = events.map((event) => JSON.stringify(event));
  const body = form === 'application/json' ? `[${lines.join(',')}]` : `${lines.join('\n')}\n`;
  return { headers: { 'content-type': form }, body };
}

export function delivery(payload: Payload, key: SigningKey): Sending {
  const { metric, quantity, eventId, dateMs } = payload;
  const body = JSON.stringify({
    ...{ event_id: keyOf(eventId), metric, quantity: Number(quantity) },
    ...(dateMs !== null && { event_date: utc(dateMs) }),
  });
  return (nowMs) => signed(body, key, nowMs);
}

/** A delivery in our own form of signature. */
export function signed(body: string, { keyId, secret }: SigningKey, nowMs: number): SimulatedRequest {
  const timestamp = Math.floor(nowMs / 1_000);
  const signature = createHmac('sha256', secret).update(`${timestamp}.${keyId}.${body}`).digest('hex');
  const headers = { 'x-key-id': keyId, 'x-timestamp': String(timestamp), 'x-signature': signature };
  return { method: 'POST', path: '/webhooks/usage', headers, body };
}

export function adjustment({ tenant, eventId, amountMinor, reason }: Payload): Sending {
  return byAdmin('POST', '/adjustments', {
    ...{ tenant, amount_minor: Number(amountMinor), idempotency_key: keyOf(eventId), reason },
  });
}

export function byAdmin(method: string, path: string, body?: object): Sending {
  return () => ({ method, path, token: 'admin', ...(body !== undefined && { body: JSON.stringify(body) }) });
}

function utc(ms: number): string {
  return new Date(ms).toISOString();
}

/** The same moment in a zone two hours ahead. */
function shifted(ms: number): string {
  return utc(ms + 2 * HOUR_MS).replace('Z', '+02:00');
}
