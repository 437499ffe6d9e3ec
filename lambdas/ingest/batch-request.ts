import type { TenantId } from '../domain/ids.ts';
import type { UsagePayload } from '../domain/usage-event.ts';
import { bodyText, isJsonObject, jsonValue } from '../http/json-body.ts';
import { BATCH_EVENTS_MAX } from '../http/limits.ts';
import { malformed, Problem } from '../http/problem.ts';
import type { HttpRequest } from '../http/request.ts';
import { cloudEventPayloadOf, usagePayloadOf } from './usage-request.ts';

/** What a place in a batch holds: an event's payload, or what is wrong with what stands there. */
export type BatchItem = UsagePayload | Problem;

type Json = { readonly value: unknown } | Problem;

interface Format {
  /** The values in a body's text; throws a 400 when it can't be read as a whole. */
  readonly values: (text: string) => Json[];
  readonly payloadOf: (value: Record<string, unknown>, tenant: TenantId) => UsagePayload;
}

/** By media type, each form a batch may have. */
const formats = {
  'application/json': { values: arrayValues, payloadOf: usagePayloadOf },
  'application/x-ndjson': { values: lineValues, payloadOf: usagePayloadOf },
  'application/cloudevents-batch+json': { values: arrayValues, payloadOf: cloudEventPayloadOf },
} satisfies Record<string, Format>;

/** The places of the batch in a request, in order. Throws a 415 for another type, a 400 when it is no batch as a whole. */
export function batchItemsOf(request: HttpRequest, tenant: TenantId): BatchItem[] {
  const { values, payloadOf } = formatOf(request.headers.get('content-type'));
  const found = values(bodyText(request));
  if (found.length === 0 || found.length > BATCH_EVENTS_MAX) throw wrongCount();
  return found.map((json) => (json instanceof Problem ? json : itemOf(json.value, tenant, payloadOf)));
}

function formatOf(contentType: string | undefined): Format {
  const mediaType = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  for (const [name, format] of Object.entries(formats)) {
    if (name === mediaType) return format;
  }
  throw new Problem('unsupported_media', `Send a batch as ${Object.keys(formats).join(', ')}.`);
}

function itemOf(value: unknown, tenant: TenantId, payloadOf: Format['payloadOf']): BatchItem {
  if (!isJsonObject(value)) return malformed([{ field: 'event', message: 'must be a JSON object' }]);
  try {
    return payloadOf(value, tenant);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

function arrayValues(text: string): Json[] {
  const value = jsonValue(text);
  if (!Array.isArray(value)) throw malformed([{ field: 'body', message: 'must be a JSON array of events' }]);
  return value.map((each) => ({ value: each }));
}

/**
 * One value a line; blank lines at the end are none. A line that is no JSON is that event's fault and no other's, as the
 * format is made for; if no line is, the body is not NDJSON at all.
 */
function lineValues(text: string): Json[] {
  const lines = text.split('\n');
  while (lines.at(-1)?.trim() === '') lines.pop();
  // Counted before they are read: a body may have millions.
  if (lines.length > BATCH_EVENTS_MAX) throw wrongCount();
  const values = lines.map(lineValue);
  if (values.length > 0 && values.every((value) => value instanceof Problem)) {
    throw malformed([{ field: 'body', message: 'must be JSON, one event a line' }]);
  }
  return values;
}

function lineValue(line: string): Json {
  try {
    return { value: JSON.parse(line) };
  } catch {
    return notJson();
  }
}

function wrongCount(): Problem {
  return malformed([{ field: 'body', message: `must hold 1 to ${BATCH_EVENTS_MAX} events` }]);
}

function notJson(): Problem {
  return malformed([{ field: 'event', message: 'must be JSON on one line' }]);
}
