import type { SimulatedRequest } from '../system.ts';
import type { Draft, Drawing } from './drawing.ts';
import { monthOf, monthsLater } from './months.ts';
import type { Sending } from './operation.ts';
import { byAdmin, signed } from './requests.ts';

/** A body of more bytes than a lone event may have. */
const LONG = 'x'.repeat(256 * 1_024 + 1);

/** Longer ago than any delivery may have been signed, whatever the clocks of functions differ. */
const STALE_MS = 315_000;

/** What must be refused, whoever sends it and whenever. */
export function wrongOperation({ random, setting }: Drawing): Draft {
  const { tenants, webhookKeys, startMs } = setting;
  const [tenant, other] = [random.pick(tenants), random.pick(tenants)];
  const key = random.pick(webhookKeys);
  const event = { tenant, metric: 'api_call', quantity: 1, idempotency_key: 'wrong' };
  const delivered = JSON.stringify({ event_id: 'wrong', metric: 'api_call', quantity: 1 });
  const adjusted = { tenant, amount_minor: 5, idempotency_key: 'wrong', reason: 'none' };
  const later = monthsLater(monthOf(startMs), 3);
  const token = `tenant:${tenant}`;
  const wrongs: readonly (readonly [number, Sending])[] = [
    [400, posting(token, '/events', { ...event, quantity: 0 })],
    [400, posting(token, '/events', { ...event, quantity: '7' })],
    [400, posting(token, '/events', { ...event, metric: 'toString' })],
    [400, posting(token, '/events', { ...event, event_date: '2026-02-30T00:00:00Z' })],
    [400, posting(token, '/events/batch', [])],
    [400, posting(token, '/events', [event])],
    [401, posting('nobody', '/events', event)],
    [401, posting('admin', '/events', event)],
    [403, posting(token, '/events', { ...event, tenant: `${other}x` })],
    [403, posting(token, '/adjustments', adjusted)],
    [403, posting(token, '/periods/close', { tenant, period: monthOf(startMs) })],
    [403, posting(token, '/dead-letters/redrive', { tenant, event_ids: ['api:wrong'] })],
    [404, posting(token, '/no-such-thing', {})],
    [405, () => ({ method: 'DELETE', path: '/events', token })],
    [413, posting(token, '/events', { ...event, idempotency_key: LONG })],
    [400, byAdmin('POST', '/adjustments', { ...adjusted, tenant: 'unknown_tenant' })],
    [400, byAdmin('POST', '/adjustments', { ...adjusted, amount_minor: 0 })],
    [400, byAdmin('POST', '/periods/close', { tenant, period: later })],
    [400, byAdmin('POST', '/periods/close', { tenant: 'unknown_tenant', period: monthOf(startMs) })],
    [401, (nowMs) => signed(delivered, key, nowMs - STALE_MS)],
    [401, (nowMs) => signed(delivered, key, nowMs + STALE_MS)],
    [401, (nowMs) => signed(delivered, { ...key, secret: 'guessed' }, nowMs)],
    [401, (nowMs) => signed(delivered, { ...key, keyId: 'whk_nobody' }, nowMs)],
    [401, (nowMs) => ({ ...signed(delivered, key, nowMs), body: delivered.replace('1}', '9}') })],
    [401, (nowMs) => garbled(signed(delivered, key, nowMs))],
    [400, (nowMs) => signed('{"event_id":', key, nowMs)],
  ];
  const [status, sending] = random.pick(wrongs);
  return { deed: { kind: 'wrong', status, sending } };
}

function posting(token: string, path: string, body: unknown): Sending {
  return () => ({ method: 'POST', path, token, body: JSON.stringify(body) });
}

function garbled(request: SimulatedRequest): SimulatedRequest {
  return { ...request, headers: { ...request.headers, 'x-signature': 'not a signature' } };
}
