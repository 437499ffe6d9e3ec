import type { Random } from '../random.ts';

/** One version of the prices, as a simulation's Config has it. */
export interface PriceVersion {
  readonly version: number;
  readonly fromMs: number;
  readonly unitPrices: Readonly<Record<string, bigint>>;
}

export interface SigningKey {
  readonly keyId: string;
  readonly tenant: string;
  readonly secret: string;
}

/** Where and when a run takes place: what an operator has set up before it begins. */
export interface Setting {
  readonly startMs: number;
  readonly tenants: readonly string[];
  readonly prices: readonly PriceVersion[];
  readonly webhookKeys: readonly SigningKey[];
}

/** `tenant_10` begins as `tenant_1` does: what is of the one must never be taken for the other's. */
const TENANTS = ['alpha', 'tenant_1', 'tenant_10'];

/** Midnights at which runs take place: ends of months, leap years and years, a leap day, and days like any other. */
const MIDNIGHTS = [
  ...['2026-04-01', '2026-05-01', '2026-12-01', '2024-03-01', '2025-03-01', '2028-03-01', '2027-01-01'],
  ...['2024-02-29', '2026-06-17', '2100-03-01'],
];

const MINUTE_MS = 60_000;

export function settingOf(random: Random): Setting {
  const midnightMs = Date.parse(`${random.pick(MIDNIGHTS)}T00:00:00Z`);
  const startMs = midnightMs - random.integer(0, 2 * MINUTE_MS);
  const first = { version: 1, fromMs: 0, unitPrices: { api_call: 1n, storage_gb_hour: 5n } };
  const second = {
    version: 2,
    fromMs: startMs + random.integer(0, 3 * MINUTE_MS),
    // With a metric more: before, whoever sends it is told that there is no such thing.
    unitPrices: { api_call: 3n, storage_gb_hour: 7n, seat: 1_200n },
  };
  return {
    startMs,
    tenants: TENANTS,
    prices: random.chance(0.5) ? [first, second] : [first],
    webhookKeys: TENANTS.flatMap((tenant) => [
      { keyId: `whk_${tenant}`, tenant, secret: `whsec_${tenant}_of_this_run` },
    ]),
  };
}
