import type { Draft, Drawing } from './drawing.ts';
import { sentEarlier } from './drawing.ts';
import { monthOf, monthsLater } from './months.ts';
import type { Payload } from './payload.ts';
import { adjustment } from './requests.ts';

const AMOUNT_MAX = 500;

const REASONS = ['goodwill', 'ticket 4711', 'Ausfall am 3. – Entschuldigung'];

export function adjustmentOperation({ random, setting, index }: Drawing): Draft {
  const amount = random.integer(1, AMOUNT_MAX) * (random.chance(0.5) ? 1 : -1);
  return adjusting({
    ...{ tenant: random.pick(setting.tenants), eventId: `adj:${random.chance(0.2) ? 'common' : `k${index}`}` },
    ...{ kind: 'adjustment', metric: null, quantity: null, dateMs: null },
    ...{ amountMinor: BigInt(amount), reason: random.pick(REASONS) },
  });
}

/** The same key again for another amount or another reason. */
export function conflictingAdjustment(drawing: Drawing): Draft | undefined {
  const { random } = drawing;
  const earlier = sentEarlier(drawing).filter(({ payload }) => payload.kind === 'adjustment');
  if (earlier.length === 0) return undefined;
  const { payload, operation } = random.pick(earlier);
  const amountMinor = random.chance(0.5) ? (payload.amountMinor ?? 0n) + 1_000n : payload.amountMinor;
  const reason = amountMinor === payload.amountMinor ? `${payload.reason}, again` : payload.reason;
  return { ...adjusting({ ...payload, amountMinor, reason }), afterMs: operation.afterMs + random.integer(0, 5_000) };
}

function adjusting(payload: Payload): Draft {
  return { deed: { kind: 'send', isBatch: false, items: [{ payload }], sending: adjustment(payload) } };
}

/** Mostly the running month or one before it, sometimes the next; the same one more than once. */
export function closeOperation({ random, setting, afterMs }: Drawing): Draft {
  const running = monthOf(setting.startMs + afterMs);
  const period = monthsLater(running, random.pick([-2, -1, -1, 0, 0, 0, 0, 1]));
  return { deed: { kind: 'close', tenant: random.pick(setting.tenants), period } };
}

export function redriveOperation(drawing: Drawing): Draft | undefined {
  const { random } = drawing;
  const earlier = sentEarlier(drawing);
  if (earlier.length === 0) return undefined;
  const { tenant } = random.pick(earlier).payload;
  const own = earlier.filter(({ payload }) => payload.tenant === tenant);
  const ids = Array.from({ length: random.integer(1, 5) }, () => random.pick(own).payload.eventId);
  return { deed: { kind: 'redrive', tenant, eventIds: [...new Set(ids), 'api:never_sent'] } };
}

export function reconcileOperation({ random, setting }: Drawing): Draft {
  const tenant = random.chance(0.3) ? random.pick(setting.tenants) : undefined;
  return { deed: { kind: 'reconcile', tenant, full: tenant !== undefined || random.chance(0.5) } };
}
