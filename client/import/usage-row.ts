import {
  IDEMPOTENCY_KEY_MAX_BYTES,
  METRIC_MAX_BYTES,
  parseIdempotencyKey,
  parseMetric,
} from '../../lambdas/domain/ids.ts';
import { parseInstant } from '../../lambdas/domain/instant.ts';
import { parseQuantity, QUANTITY_MAX } from '../../lambdas/domain/money.ts';

/** What is wrong with a field of a row, in the API's own form. */
export interface FieldFault {
  readonly field: string;
  readonly message: string;
}

/** One usage event of a file. The tenant is the credential's; one that the file names as well must be the same. */
export interface ImportedEvent {
  readonly tenant?: string;
  readonly metric: string;
  readonly quantity: number;
  /** Undefined when the row has none: then one is made from the row. */
  readonly idempotencyKey?: string;
  readonly eventDate?: string;
}

/** What a row says, before anyone has looked at it; undefined or null where it says nothing. */
export interface RawUsage {
  readonly tenant: unknown;
  readonly metric: unknown;
  readonly quantity: unknown;
  readonly idempotencyKey: unknown;
  readonly eventDate: unknown;
}

/** What each field is called in a file of the API's own form. */
export const USAGE_FIELDS = {
  tenant: 'tenant',
  metric: 'metric',
  quantity: 'quantity',
  idempotencyKey: 'idempotency_key',
  eventDate: 'event_date',
} as const satisfies Record<keyof RawUsage, string>;

/** What each field is called in a CloudEvent. */
export const CLOUD_EVENT_FIELDS = {
  tenant: 'subject',
  metric: 'type',
  quantity: 'data.quantity',
  idempotencyKey: 'id',
  eventDate: 'time',
} as const satisfies Record<keyof RawUsage, string>;

export type FieldNames = Readonly<Record<keyof RawUsage, string>>;

/** A whole number as people and programs write it: `7`, `7.0`. A sign, a thousands mark or an exponent is a guess. */
const DECIMAL = /^(\d{1,16})(?:\.0*)?$/;

/**
 * The event of a row, or every fault that the API would find in it without knowing the price book or the clock.
 *
 * @param names what to call the fields in faults
 */
export function eventOf(raw: RawUsage, names: FieldNames): ImportedEvent | FieldFault[] {
  const faults: FieldFault[] = [];
  const read = <Value>(field: keyof RawUsage, parse: (value: unknown) => Value | undefined, message: string) => {
    const value = parse(raw[field]);
    if (value === undefined) faults.push({ field: names[field], message });
    return value;
  };
  const optional = <Value>(field: keyof RawUsage, parse: (value: unknown) => Value | undefined, message: string) =>
    isAbsent(raw[field]) ? undefined : read(field, parse, message);

  const tenant = optional('tenant', textBy(anyText), 'must be your tenant id');
  const metric = read(
    'metric',
    textBy(parseMetric),
    `must be a metric of the price book, 1 to ${METRIC_MAX_BYTES} bytes`,
  );
  const quantity = read('quantity', quantityOf, `must be an integer from 1 to ${QUANTITY_MAX}`);
  const idempotencyKey = optional(
    'idempotencyKey',
    textBy(parseIdempotencyKey),
    `must be 1 to ${IDEMPOTENCY_KEY_MAX_BYTES} bytes of well-formed UTF-8 without NUL`,
  );
  const eventDate = optional(
    'eventDate',
    textBy((text) => (parseInstant(text) === undefined ? undefined : text)),
    'must be a real date as a full RFC 3339 timestamp with Z or an offset',
  );
  if (metric === undefined || quantity === undefined || faults.length > 0) return faults;
  return {
    metric,
    quantity,
    ...(tenant !== undefined && { tenant }),
    ...(idempotencyKey !== undefined && { idempotencyKey }),
    ...(eventDate !== undefined && { eventDate }),
  };
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function textBy<Value extends string>(parse: (text: string) => Value | undefined) {
  return (value: unknown): Value | undefined => (typeof value === 'string' ? parse(value) : undefined);
}

/** A tenant is compared, never kept: a name of this length is nobody's, and would only make the batch larger. */
const TENANT_TEXT_MAX_CHARS = 256;

function anyText(text: string): string | undefined {
  return text.length <= TENANT_TEXT_MAX_CHARS && text.isWellFormed() ? text : undefined;
}

/** A JSON number, or decimal text as CSV has it. */
function quantityOf(value: unknown): number | undefined {
  const number = typeof value === 'string' ? Number(DECIMAL.exec(value)?.[1] ?? Number.NaN) : value;
  if (!Number.isSafeInteger(number) || Object.is(number, -0)) return undefined;
  return parseQuantity(BigInt(number as number)) === undefined ? undefined : (number as number);
}
