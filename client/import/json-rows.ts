import type { FieldMap } from './field-map.ts';
import type { Format } from './formats.ts';
import type { Row } from './row.ts';
import {
  CLOUD_EVENT_FIELDS,
  eventOf,
  type FieldFault,
  type FieldNames,
  type RawUsage,
  USAGE_FIELDS,
} from './usage-row.ts';

type Json = Readonly<Record<string, unknown>>;

/** A row taken apart: what it says, what its fields are called, and what else is wrong with it. */
interface Taken {
  readonly said: Json;
  readonly raw: RawUsage;
  readonly names: FieldNames;
  readonly faults?: readonly FieldFault[];
}

/** Reads the values of a file of JSON. */
export class JsonRows {
  readonly #format: Format;
  readonly #map: FieldMap;

  constructor(format: Format, map: FieldMap) {
    this.#format = format;
    this.#map = map;
  }

  /** The row in a text of JSON; undefined when it is blank. */
  rowOf(text: string): Pick<Row, 'content' | 'raw' | 'reading'> | undefined {
    if (text.trim() === '') return undefined;
    const value = parseJson(text);
    if (!isObject(value)) return unread(text, value === undefined ? 'must be JSON' : 'must be a JSON object');
    const { said, raw, names, faults = [] } = this.#taken(value);
    const content = contentOf(said);
    if (content === undefined) return unread(text, 'is nested too deeply');
    const found = eventOf(raw, names);
    if (Array.isArray(found) || faults.length > 0) {
      return { content, raw, reading: { faults: [...faults, ...(Array.isArray(found) ? found : [])] } };
    }
    return { content, raw, reading: { event: found } };
  }

  #taken(value: Json): Taken {
    if (this.#format === 'cloudevents') return cloudEvent(value);
    if (this.#format !== 'rejects')
      return Object.hasOwn(value, 'specversion') ? cloudEvent(value) : usage(value, this.#map);
    const event = own(value, 'event');
    if (isObject(event)) return usage(event, USAGE_FIELDS);
    const faults = [{ field: 'event', message: 'must be the event as it should be sent: mend it in the file' }];
    return { ...usage({}, USAGE_FIELDS), said: value, faults };
  }
}

function usage(value: Json, map: FieldMap): Taken {
  const raw = {
    tenant: own(value, map.tenant),
    metric: own(value, map.metric),
    quantity: own(value, map.quantity),
    idempotencyKey: own(value, map.idempotencyKey),
    eventDate: own(value, map.eventDate),
  };
  return { said: value, raw, names: USAGE_FIELDS };
}

/** CloudEvents 1.0, JSON format: its own id is the key, so it must have one. */
function cloudEvent(value: Json): Taken {
  const data = own(value, 'data');
  const id = own(value, 'id');
  const source = own(value, 'source');
  const faults: FieldFault[] = [];
  if (own(value, 'specversion') !== '1.0') faults.push({ field: 'specversion', message: 'must be "1.0"' });
  if (typeof id !== 'string' || id === '') faults.push({ field: 'id', message: "must be the event's own id" });
  if (typeof source !== 'string' || source === '') faults.push({ field: 'source', message: 'must not be empty' });
  const raw = {
    tenant: own(value, 'subject'),
    metric: own(value, 'type'),
    quantity: isObject(data) ? own(data, 'quantity') : undefined,
    idempotencyKey: id,
    eventDate: own(value, 'time'),
  };
  return { said: value, raw, names: CLOUD_EVENT_FIELDS, faults };
}

/** The order of an object's members means nothing, so it has no part in the content. Undefined for what is too deep. */
function contentOf(said: Json): string | undefined {
  try {
    return JSON.stringify(Object.entries(said).sort(([left], [right]) => (left < right ? -1 : 1)));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function unread(text: string, message: string) {
  return { content: text.trim(), raw: undefined, reading: { faults: [{ field: 'row', message }] } };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function own(value: Json, name: string): unknown {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}
