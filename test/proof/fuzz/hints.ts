import fc from 'fast-check';
import { developmentSeeds } from '../../../localstack/embedded/development.ts';
import { type Hints, keepableText } from './json-values.ts';

const DAY_MS = 86_400_000;

/** Short enough that its UTF-8 keeps the limit in bytes. */
const KEY_CHARS = 50;

/** Few, so that the same id comes again with the same and with another payload. */
const plainKeys = fc.nat({ max: 30 }).map((number) => `k${number}`);
const keys = fc.oneof(plainKeys, keepableText(KEY_CHARS));

const smallQuantity = fc.integer({ min: 1, max: 5 });

/** Before now for all but a day, within the year that counts. */
const eventDates = fc
  .integer({ min: -360 * DAY_MS, max: DAY_MS / 2 })
  .map((offsetMs) => new Date(Date.now() + offsetMs).toISOString());

const periods = fc.integer({ min: -14, max: 1 }).map(monthFromNow);

/** What the fields of the API may be in the development world. */
export function developmentHints(): Hints {
  return {
    tenant: fc.constantFrom(...Object.keys(developmentSeeds.tenants)),
    metric: metrics,
    type: metrics,
    quantity: fc.oneof(smallQuantity, fc.integer({ min: 1, max: 1_000_000_000_000 })),
    // An event's in a batch of CloudEvents, and a key's: what suits both.
    ...{ idempotency_key: keys, id: plainKeys },
    // In a path, a query or a body alike: an event's own id, and with its channel.
    ...{
      event_id: keys.chain((key) => fc.constantFrom(key, `api:${key}`, `wh:whk_alpha_meterco:${key}`, `adj:${key}`)),
    },
    event_ids: fc.array(
      keys.map((key) => `api:${key}`),
      { minLength: 1, maxLength: 5 },
    ),
    ...{ event_date: eventDates, time: fc.option(eventDates) },
    reason: keepableText(KEY_CHARS),
    ...{ period: periods, month: periods },
    ...{ name: keepableText(KEY_CHARS), currency: fc.constantFrom('USD', 'EUR'), unit_prices: unitPrices },
    effective_at: fc.integer({ min: 1, max: 3_000 }).map((days) => new Date(Date.now() + days * DAY_MS).toISOString()),
    // What these may be depends on each other, or on an answer before.
    ...{ cursor: undefined, from: undefined, to: undefined, proof: undefined, from_seq: undefined, to_seq: undefined },
  };
}

const unitPrices = fc.dictionary(fc.constantFrom('api_call', 'seat', 'é', 'a b'), smallQuantity, { minKeys: 1 });

const metrics = fc.constantFrom(...Object.keys(developmentSeeds.prices.unitPrices));

/** A UTC month, so many after this one. */
export function monthFromNow(months: number): string {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months)).toISOString().slice(0, 'YYYY-MM'.length);
}
