import * as z from 'zod';
import { METRIC_MAX_BYTES, type Metric, parseMetric } from '../../domain/ids.ts';
import { UNIT_PRICE_MAX } from '../../domain/money.ts';
import type { PriceChange } from '../../domain/price-change.ts';
import { checked, checkedQuery, cursorField, instantField, isInteger, limitField, refuse } from '../../http/fields.ts';
import { isJsonObject } from '../../http/json-body.ts';
import { PRICE_METRICS_MAX, PRICE_VERSIONS_MAX } from '../../http/limits.ts';
import { decodeCursor } from '../list-cursor.ts';

/** What every object seems to have: no usage may be of such a metric, so none may have a price. */
const inheritedNames = Object.getOwnPropertyNames(Object.prototype);

/** Up to 10^18, without leading zeros: what an answer of ours says can be sent back as it is. */
const DECIMAL_PRICE = /^(?:0|[1-9]\d{0,17}|10{18})$/;

const NAMES = `must be 1 to ${PRICE_METRICS_MAX} prices by metric, each of 1 to ${METRIC_MAX_BYTES} bytes`;

const unitPricesField = z
  .unknown()
  .transform((value, context): ReadonlyMap<Metric, bigint> => {
    const entries = isJsonObject(value) ? Object.entries(value) : [];
    const prices = new Map<Metric, bigint>();
    for (const [name, sent] of entries.slice(0, PRICE_METRICS_MAX)) {
      const metric = inheritedNames.includes(name) ? undefined : parseMetric(name);
      if (metric === undefined) return refuse(context, NAMES);
      const price = priceOf(sent);
      const message = `must be an integer from 0 to ${UNIT_PRICE_MAX}, above 2^53 - 1 as a decimal text`;
      if (price === undefined) context.addIssue({ code: 'custom', message, path: [metric] });
      else prices.set(metric, price);
    }
    return entries.length >= 1 && entries.length <= PRICE_METRICS_MAX ? prices : refuse(context, NAMES);
  })
  .meta({
    description:
      'By metric, the price of one unit in minor units (cents): a whole number, or the same as a decimal text. ' +
      'A metric that is not here is no longer taken.',
    type: 'object',
    minProperties: 1,
    maxProperties: PRICE_METRICS_MAX,
    propertyNames: {
      ...{ minLength: 1, maxLength: METRIC_MAX_BYTES, pattern: '^[^\\u0000]+$' },
      not: { enum: inheritedNames },
    },
    additionalProperties: {
      anyOf: [
        { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
        { type: 'string', pattern: DECIMAL_PRICE.source },
      ],
    },
    examples: [{ api_call: 1, storage_gb_hour: 5 }],
  });

/** The body of `PUT /prices`. */
export const priceRequestSchema = z
  .object({
    currency: z
      .string('must be three capital letters (ISO 4217)')
      .regex(/^[A-Z]{3}$/, 'must be three capital letters (ISO 4217)')
      .meta({ description: 'ISO 4217: the first version fixes it for ever.', examples: ['USD'] }),
    unit_prices: unitPricesField,
    effective_at: instantField.optional().meta({
      ...instantField.meta(),
      description:
        'From when on it is in force, as a full RFC 3339 timestamp with `Z` or an offset: not in the past, but for five ' +
        'minutes that clocks may differ, which count as now. Default: now. Every function keeps prices for 30 seconds: a moment ' +
        'further ahead is kept to the event.',
      examples: ['2036-01-01T00:00:00Z'],
    }),
  })
  .meta({ id: 'PriceRequest' });

/** What an administrator asks for; throws a 400 that lists every fault. */
export function priceChangeOf(body: Record<string, unknown>): PriceChange {
  const { currency, unit_prices: unitPrices, effective_at: effectiveAt } = checked(priceRequestSchema, body);
  return { currency, unitPrices, effectiveAt };
}

function priceOf(sent: unknown): bigint | undefined {
  if (isInteger(sent) && sent >= 0) return BigInt(sent);
  return typeof sent === 'string' && DECIMAL_PRICE.test(sent) ? BigInt(sent) : undefined;
}

/** The query of `GET /prices`. */
export const priceQuerySchema = z.object({
  limit: limitField(PRICE_VERSIONS_MAX).optional(),
  cursor: cursorField.optional(),
});

export interface PriceQuery {
  readonly limit: number;
  /** Only versions below it; undefined: from the newest on. */
  readonly below: number | undefined;
}

/** Throws a 400 that lists every fault. */
export function priceQuery(parameters: ReadonlyMap<string, string>): PriceQuery {
  const { limit = PRICE_VERSIONS_MAX, cursor } = checkedQuery(priceQuerySchema, parameters);
  return { limit, below: cursor === undefined ? undefined : decodeCursor(cursor, parseVersion) };
}

function parseVersion(text: string): number | undefined {
  return /^[1-9]\d{0,11}$/.test(text) ? Number(text) : undefined;
}
