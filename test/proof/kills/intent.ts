/** What one unit costs by the contract's development seeds, in minor units. */
const PRICES = { api_call: 1n, storage_gb_hour: 5n } as const;
export type Metric = keyof typeof PRICES;
export const METRICS = Object.keys(PRICES) as readonly Metric[];

/** Who signs deliveries, and whose usage they are (the contract's development seeds). */
export const WEBHOOK_KEY = 'whk_alpha_meterco';
export const WEBHOOK_TENANT = 'tenant_alpha';

/** By which door an event comes. */
export type Door = 'api' | 'webhook' | 'adjustment';

/** An event as its sender means it: what is sent, and what it must come to. */
export interface Intent {
  readonly door: Door;
  readonly tenant: string;
  /** As the API names it. */
  readonly eventId: string;
  readonly metric: Metric | undefined;
  readonly quantity: bigint;
  readonly amountMinor: bigint;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface UsageFacts {
  readonly tenant: string;
  readonly key: string;
  readonly metric: Metric;
  readonly quantity: number;
  readonly eventDate?: string | undefined;
}

export function apiUsage(facts: UsageFacts): Intent {
  const { tenant, key, metric, quantity, eventDate } = facts;
  const body = { tenant, metric, quantity, idempotency_key: key, ...(eventDate && { event_date: eventDate }) };
  return { door: 'api', tenant, eventId: `api:${key}`, ...worth(facts), body };
}

export function delivery(facts: UsageFacts): Intent {
  const { key, metric, quantity, eventDate } = facts;
  const body = { event_id: key, metric, quantity, ...(eventDate && { event_date: eventDate }) };
  return { door: 'webhook', tenant: WEBHOOK_TENANT, eventId: `wh:${WEBHOOK_KEY}:${key}`, ...worth(facts), body };
}

export function adjustment({ tenant, key, amount }: { tenant: string; key: string; amount: number }): Intent {
  const body = { tenant, amount_minor: amount, idempotency_key: key, reason: `goodwill ${key}` };
  const worth = { metric: undefined, quantity: 0n, amountMinor: BigInt(amount) };
  return { door: 'adjustment', tenant, eventId: `adj:${key}`, ...worth, body };
}

export function nameOf({ tenant, eventId }: Intent): string {
  return `${tenant} ${eventId}`;
}

function worth({ metric, quantity }: UsageFacts) {
  return { metric, quantity: BigInt(quantity), amountMinor: PRICES[metric] * BigInt(quantity) };
}
