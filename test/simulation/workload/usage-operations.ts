import type { Random } from '../random.ts';
import type { Draft, Drawing } from './drawing.ts';
import type { Item, Of } from './operation.ts';
import type { Payload } from './payload.ts';
import { BATCH_FORMS, batchBody, delivery, loneEvent, usageBody } from './requests.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Keys that any tenant may come by: the same one in two tenants' hands is two events. */
const COMMON_KEYS = 6;

/** Far more than one page or message holds. */
const LARGE_BATCH = 120;

const QUANTITY_MAX = 10n ** 12n;

export function loneOperation(drawing: Drawing): Draft {
  const payload = usage(drawing, `api:${keyFor(drawing)}`);
  return sent(payload, loneEvent(payload, drawing.random.chance(0.2)));
}

export function webhookOperation(drawing: Drawing): Draft {
  const { random, setting } = drawing;
  const key = random.pick(setting.webhookKeys);
  const payload = { ...usage(drawing, `wh:${key.keyId}:${keyFor(drawing)}`), tenant: key.tenant };
  return sent(payload, delivery(payload, key));
}

/** A delivery as it was sent once, its old signature and all, again and again. */
export function recordedDelivery(drawing: Drawing): Draft {
  const { random, setting } = drawing;
  const key = random.pick(setting.webhookKeys);
  const payload = { ...usage(drawing, `wh:${key.keyId}:rec${drawing.index}`), tenant: key.tenant };
  const afterMs = random.integer(0, MINUTE_MS);
  const recorded = delivery(payload, key)(setting.startMs + afterMs);
  return { ...sent(payload, () => recorded), afterMs };
}

/** Events of one tenant together: new ones, some of before, one twice, one that is wrong. */
export function batchOperation(drawing: Drawing): Draft {
  const { random, setting, index } = drawing;
  const tenant = random.pick(setting.tenants);
  const size = random.chance(0.12) ? random.integer(60, LARGE_BATCH) : random.integer(1, 14);
  const events: { item: Item; body: unknown }[] = [];
  for (let place = 0; place < size; place += 1) {
    events.push(inBatch({ ...usage(drawing, `api:k${index}-${place}`), tenant }));
  }
  for (const payload of someOf(random, batchableOf(drawing, tenant))) events.push(inBatch(payload));
  const [first] = events;
  if (first !== undefined && random.chance(0.3)) events.push(first);
  if (random.chance(0.3)) events.push(random.pick(wrongItems(tenant)));
  const form = random.pick(BATCH_FORMS);
  const { headers, body } = batchBody(
    form,
    events.map((event) => event.body),
  );
  const deed: Of<'send'> = {
    ...{ kind: 'send', isBatch: true, items: events.map(({ item }) => item) },
    sending: () => ({ method: 'POST', path: '/events/batch', token: `tenant:${tenant}`, headers, body }),
  };
  return { deed, events: events.length };
}

/** The same id again with another payload, at the same time as the first or later. */
export function conflictingOperation(drawing: Drawing): Draft | undefined {
  const { random, setting, allKeys } = drawing;
  const usages = lonely(drawing);
  if (usages.length === 0) return undefined;
  const { payload, operation } = random.pick(usages);
  const other = { ...payload, ...otherwise(payload, random, setting.startMs) };
  const key = allKeys.find(({ keyId }) => other.eventId.startsWith(`wh:${keyId}:`));
  const sending = key === undefined ? loneEvent(other, false) : delivery(other, key);
  return {
    ...sent(other, sending),
    afterMs: operation.afterMs + random.integer(0, random.chance(0.5) ? 40 : MINUTE_MS),
  };
}

/** What the earlier events were that a lone request may be about. */
function lonely({ earlier }: Drawing) {
  return earlier.flatMap((operation) => {
    const { deed } = operation;
    const [item] = deed.kind === 'send' && !deed.isBatch ? deed.items : [];
    if (item === undefined || !('payload' in item) || item.payload.kind !== 'usage') return [];
    return [{ payload: item.payload, operation }];
  });
}

function batchableOf(drawing: Drawing, tenant: string): Payload[] {
  return lonely(drawing)
    .map(({ payload }) => payload)
    .filter((payload) => payload.tenant === tenant && payload.eventId.startsWith('api:'));
}

function someOf<Item>(random: Random, items: readonly Item[]): Item[] {
  if (items.length === 0 || !random.chance(0.6)) return [];
  return Array.from({ length: random.integer(1, 4) }, () => random.pick(items));
}

function inBatch(payload: Payload): { item: Item; body: unknown } {
  return { item: { payload }, body: usageBody(payload, false) };
}

function wrongItems(tenant: string): { item: Item; body: unknown }[] {
  const event = { tenant, metric: 'api_call', quantity: 1, idempotency_key: 'wrong' };
  return [
    { item: { refusedWith: 400 }, body: { ...event, quantity: 0 } },
    { item: { refusedWith: 400 }, body: { ...event, metric: '__proto__' } },
    { item: { refusedWith: 400 }, body: { ...event, event_date: '2020-01-01T00:00:00Z' } },
    { item: { refusedWith: 400 }, body: 'no event' },
    { item: { refusedWith: 403 }, body: { ...event, tenant: 'somebody_else' } },
  ];
}

function sent(payload: Payload, sending: Of<'send'>['sending']): Draft {
  return { deed: { kind: 'send', isBatch: false, items: [{ payload }], sending } };
}

function keyFor({ random, index }: Drawing): string {
  return random.chance(0.08) ? `common${random.integer(1, COMMON_KEYS)}` : `k${index}`;
}

function usage({ random, setting }: Drawing, eventId: string): Payload {
  const metrics = Object.keys(setting.prices.at(-1)?.unitPrices ?? {});
  return {
    ...{ tenant: random.pick(setting.tenants), eventId, kind: 'usage', metric: random.pick(metrics) },
    quantity: random.chance(0.03) ? QUANTITY_MAX : BigInt(random.integer(1, 50)),
    dateMs: dateOf(random, setting.startMs),
    ...{ amountMinor: null, reason: null },
  };
}

/** Today, months ago, tomorrow, or whenever it comes in. */
function dateOf(random: Random, startMs: number): number | null {
  if (random.chance(0.45)) return null;
  if (random.chance(0.5)) return startMs - random.integer(0, HOUR_MS);
  if (random.chance(0.6)) return startMs - random.integer(0, 300) * DAY_MS - random.integer(0, DAY_MS);
  return startMs + random.integer(0, 20 * HOUR_MS);
}

function otherwise({ quantity, dateMs }: Payload, random: Random, startMs: number): Partial<Payload> {
  if (random.chance(0.5)) return { quantity: quantity === 7n ? 8n : 7n };
  if (random.chance(0.5)) return { metric: 'api_call', quantity: 51n };
  // A date that nobody gave is another payload than any that somebody gives.
  return { dateMs: dateMs === null ? startMs - HOUR_MS : null };
}
