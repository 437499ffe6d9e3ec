import { monthOf } from '../workload/months.ts';
import type { Payload } from '../workload/payload.ts';
import type { PriceVersion } from '../workload/setting.ts';
import type { Claims, Sent } from './claims.ts';

/** What the records say was taken in, and when: of what nobody was answered, only they can say. */
export interface Recorded {
  readonly face: string;
  readonly receivedMs: number;
}

/** What must be in the ledger, once. */
export interface Charge {
  readonly payload: Payload;
  readonly amountMinor: bigint;
  readonly priceVersion: number | null;
  /** When it happened, as far as anyone knows. */
  readonly usedMs: number;
  /** The month it books into unless that is closed. */
  readonly month: string;
}

/** The payload that an id stands for, from what its senders were told; undefined where they were told nothing. */
export function acceptedOf(sent: readonly Sent[]): Payload | undefined {
  return sent.find(({ told }) => told === 'accepted')?.payload;
}

/**
 * The whole of what must be true, in a few lines that share nothing with the product: whatever was accepted, and what may
 * have been and is on record, is charged once, at its quantity times the price of the version in force when it came in.
 */
export function chargesOf(
  claims: Claims,
  records: ReadonlyMap<string, Recorded>,
  prices: readonly PriceVersion[],
): Map<string, Charge> {
  const charges = new Map<string, Charge>();
  for (const [name, sent] of claims) {
    const record = records.get(name);
    const payload =
      acceptedOf(sent) ?? sent.find(({ face, told }) => face === record?.face && told === 'unknown')?.payload;
    if (payload === undefined || record === undefined) continue;
    charges.set(name, chargeOf(payload, record.receivedMs, prices));
  }
  return charges;
}

export function chargeOf(payload: Payload, receivedMs: number, prices: readonly PriceVersion[]): Charge {
  const usedMs = payload.dateMs ?? receivedMs;
  const [used, received] = [monthOf(usedMs), monthOf(receivedMs)];
  const about = { payload, usedMs, month: used > received ? used : received };
  if (payload.kind === 'adjustment') return { ...about, amountMinor: payload.amountMinor ?? 0n, priceVersion: null };
  const price = priceAt(prices, receivedMs);
  const unitPrice = price.unitPrices[payload.metric ?? ''] ?? 0n;
  return { ...about, amountMinor: (payload.quantity ?? 0n) * unitPrice, priceVersion: price.version };
}

function priceAt(prices: readonly PriceVersion[], ms: number): PriceVersion {
  const inForce = prices.filter(({ fromMs }) => fromMs <= ms).at(-1);
  if (inForce === undefined) throw new RangeError('Nothing is priced before the first price.');
  return inForce;
}
