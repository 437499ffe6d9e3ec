import { toJsonInteger } from './money.ts';
import type { Body } from './operation-types.ts';

type UsageRequest = Body<'acceptUsage'>;

/**
 * A usage event. Without an `idempotency_key` it gets a random one before it is first sent, the same at each of our
 * retries: pass your own where you may send the same usage again after a restart.
 */
export type UsageEvent = Omit<UsageRequest, 'quantity' | 'idempotency_key'> & {
  readonly quantity: number | bigint;
  readonly idempotency_key?: string;
};

/** The event as it is sent, each time. */
export function keyedEvent(event: UsageEvent, newKey: () => string): UsageRequest {
  const { quantity, idempotency_key: key = newKey(), ...rest } = event;
  return { ...rest, quantity: toJsonInteger('quantity', quantity), idempotency_key: key };
}
