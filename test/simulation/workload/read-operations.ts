import type { Draft, Drawing } from './drawing.ts';
import { sentEarlier } from './drawing.ts';
import { monthOf, monthsLater } from './months.ts';

export function statementOperation({ random, setting }: Drawing): Draft {
  const period = monthsLater(monthOf(setting.startMs), random.pick([0, 0, 1, 1, -1, 2]));
  return {
    deed: { kind: 'statement', tenant: random.pick(setting.tenants), period, limit: random.pick([3, 10, 1_000]) },
  };
}

/** Somebody asks for an event: of its own, or an id that is another's. */
export function receiptOperation(drawing: Drawing): Draft | undefined {
  const { random, setting } = drawing;
  const earlier = sentEarlier(drawing);
  if (earlier.length === 0) return undefined;
  const { payload, operation } = random.pick(earlier);
  const tenant = random.chance(0.8) ? payload.tenant : random.pick(setting.tenants);
  return {
    deed: { kind: 'receipt', tenant, eventId: payload.eventId },
    afterMs: operation.afterMs + random.integer(0, 20_000),
  };
}

export function readOperation({ random, setting }: Drawing): Draft {
  const tenant = random.pick(setting.tenants);
  const [token, path] = random.pick([
    [`tenant:${tenant}`, '/balance'],
    [`tenant:${tenant}`, '/balance'],
    [`tenant:${tenant}`, '/usage?granularity=hour'],
    [`tenant:${tenant}`, '/usage?metric=api_call&granularity=day'],
    ['admin', '/trial-balance'],
    ['admin', `/trial-balance?tenant=${tenant}&period=${monthOf(setting.startMs)}`],
    ['admin', '/dead-letters?limit=10'],
    ['admin', '/audit'],
  ] as const);
  return { deed: { kind: 'read', token, path } };
}
