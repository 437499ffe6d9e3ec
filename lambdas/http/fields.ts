import * as z from 'zod';
import {
  IDEMPOTENCY_KEY_MAX_BYTES,
  METRIC_MAX_BYTES,
  parseIdempotencyKey,
  parseMetric,
  parseTenantId,
  TENANT_PATTERN,
} from '../domain/ids.ts';
import { parseInstant } from '../domain/instant.ts';
import { parseQuantity, QUANTITY_MAX } from '../domain/money.ts';
import { PERIOD_PATTERN, parsePeriod } from '../domain/period.ts';
import { malformed } from './problem.ts';

/** What the OpenAPI document says of a field: the limits that a parser's code hides from it. */
type Described = Parameters<z.ZodType['meta']>[0];

/** The value a schema makes of what was sent. Throws a 400 that lists every fault. */
export function checked<Schema extends z.ZodType>(schema: Schema, sent: unknown): z.output<Schema> {
  const result = schema.safeParse(sent);
  if (result.success) return result.data;
  throw malformed(result.error.issues.map(({ path, message }) => ({ field: path.join('.'), message })));
}

/** The parameters of a query, checked as `checked` does. */
export function checkedQuery<Schema extends z.ZodType>(
  schema: Schema,
  query: ReadonlyMap<string, string>,
): z.output<Schema> {
  return checked(schema, Object.fromEntries(query));
}

/** A text as one of the domain's parsers takes it. */
export function parsed<Value extends string>(
  parse: (text: string) => Value | undefined,
  message: string,
  described: Described,
) {
  return z
    .string(message)
    .transform((text, context): Value => parse(text) ?? refuse(context, message))
    .meta(described);
}

/** For a transform: adds the fault, and gives what stands for no value. */
export function refuse(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}

/** `1.0` and `1e3` are the integers they are; `-0` is not an amount anyone meant. */
export function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value) && !Object.is(value, -0);
}

/** A text with these limits in UTF-8 bytes. JSON Schema counts characters: it can only say what no longer text fits. */
function keepable(maxBytes: number) {
  return { minLength: 1, maxLength: maxBytes, pattern: '^[^\\u0000]+$' };
}

export const tenantField = parsed(parseTenantId, 'must be a tenant id', {
  description: 'A tenant id.',
  pattern: TENANT_PATTERN.source,
  examples: ['tenant_alpha'],
});

export const metricField = parsed(parseMetric, `must be a metric of the price book, 1 to ${METRIC_MAX_BYTES} bytes`, {
  description: 'What was used: a metric that has a price in the price book in force.',
  ...keepable(METRIC_MAX_BYTES),
  examples: ['api_call'],
});

export const quantityField = z
  .unknown()
  .transform((value, context) => {
    const quantity = isInteger(value) ? parseQuantity(BigInt(value)) : undefined;
    return quantity ?? refuse(context, `must be an integer from 1 to ${QUANTITY_MAX}`);
  })
  .meta({
    description: "How much was used, in the metric's own unit: a whole number. `1.0` and `1e3` are whole numbers too.",
    type: 'integer',
    minimum: 1,
    maximum: Number(QUANTITY_MAX),
    examples: [100],
  });

export const idempotencyKeyField = parsed(
  parseIdempotencyKey,
  `must be 1 to ${IDEMPOTENCY_KEY_MAX_BYTES} bytes of well-formed UTF-8 without NUL`,
  {
    description: `Your own id for this, the same at every retry: 1 to ${IDEMPOTENCY_KEY_MAX_BYTES} bytes of UTF-8.`,
    ...keepable(IDEMPOTENCY_KEY_MAX_BYTES),
    examples: ['first'],
  },
);

export const instantField = parsed(
  parseInstant,
  'must be a real date as a full RFC 3339 timestamp with Z or an offset',
  { description: 'A moment as a full RFC 3339 timestamp with `Z` or an offset.', format: 'date-time' },
);

export const periodField = parsed(parsePeriod, 'must be YYYY-MM', {
  description: 'A UTC calendar month, `YYYY-MM`.',
  pattern: PERIOD_PATTERN.source,
  examples: ['2026-11'],
});

/** How many items a page of a listing may have, from a query. */
export function limitField(max: number) {
  const digits = new RegExp(`^\\d{1,${String(max).length}}$`);
  return z
    .string()
    .transform((text, context) => {
      const limit = digits.test(text) ? Number(text) : 0;
      return limit >= 1 && limit <= max ? limit : refuse(context, `must be 1 to ${max}`);
    })
    .meta({ description: 'The most items to answer with.', type: 'integer', minimum: 1, maximum: max, default: max });
}

/** Where a listing goes on. */
export const cursorField = z.string().meta({
  description: 'Where to go on: the `next_cursor` of the page before, unchanged.',
});
