import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { ApiDocument, ApiOperation } from '../../../lambdas/docs/api-document.ts';
import type { JsonSchema } from '../../../lambdas/docs/json-schema.ts';
import { parseInstant } from '../../../lambdas/domain/instant.ts';
import { type Exchange, headerOf } from './exchange.ts';

const ROOT = 'https://zerosum.test/requests.json';

/** Holds what was accepted to what the document says may be sent. */
export class RequestSchemas {
  readonly #ajv: Ajv2020;
  readonly #validators = new Map<JsonSchema, ValidateFunction>();

  constructor(document: ApiDocument) {
    this.#ajv = new Ajv2020({ strict: false });
    this.#ajv.addFormat('date-time', (text) => parseInstant(text) !== undefined);
    this.#ajv.addFormat('uri', (text) => URL.canParse(text));
    this.#ajv.addSchema({ $id: ROOT, components: document.components }, undefined, undefined, false);
  }

  /** What of an accepted request its schemas refuse. */
  faults(operation: ApiOperation, exchange: Exchange): string[] {
    return [...this.#queryFaults(operation, exchange), ...this.#bodyFaults(operation, exchange)];
  }

  #queryFaults({ parameters }: ApiOperation, { request }: Exchange): string[] {
    const query = Object.fromEntries(new URLSearchParams(request.target.split('?').slice(1).join('?')));
    return parameters
      .filter((parameter) => parameter.in === 'query' && query[parameter.name] !== undefined)
      .filter(({ name, schema }) => !this.#isValid(schema, coerced(schema, query[name] ?? '')))
      .map(({ name }) => `it takes a ${name} that its schema refuses`);
  }

  #bodyFaults({ requestBody }: ApiOperation, { request, answer }: Exchange): string[] {
    if (requestBody === undefined) return [];
    const body = request.body ?? Buffer.alloc(0);
    if (body.length === 0) return requestBody.required ? ['it takes no body where one is required'] : [];
    const type = headerOf(request, 'content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
    const single = requestBody.content[type] ?? requestBody.content['application/json'];
    const schema = single?.schema;
    if (schema === undefined) return [];
    const values = valuesOf(body, type);
    if (values === undefined) return ['it takes a body that is not of its type'];
    if (!isBatch(answer.json)) {
      return values.every((value) => this.#isValid(schema, value)) ? [] : ['it takes a body that its schema refuses'];
    }
    // NDJSON is a text to its schema: its lines are what the array's items are.
    const items = (schema['items'] ?? requestBody.content['application/json']?.schema['items']) as JsonSchema;
    const listed = type === 'application/x-ndjson' ? values : (values[0] as unknown[]);
    return answer.json.results
      .filter(({ index, status }) => status === 202 && !this.#isValid(items, listed[index]))
      .map(({ index }) => `it takes an event (${index}) that its schema refuses`);
  }

  #isValid(schema: JsonSchema, value: unknown): boolean {
    const known = this.#validators.get(schema);
    const validate = known ?? this.#ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', `"${ROOT}#/`)));
    this.#validators.set(schema, validate);
    return validate(value);
  }
}

function isBatch(json: unknown): json is { results: { index: number; status: number }[] } {
  return Array.isArray((json as { results?: unknown } | undefined)?.results);
}

/** A query has texts alone: what its schema calls an integer is one in digits. */
function coerced(schema: JsonSchema, text: string): unknown {
  return schema['type'] === 'integer' && /^-?\d+$/.test(text) ? Number(text) : text;
}

/** The values in a body, or undefined when it is not UTF-8 or no JSON. */
export function valuesOf(body: Buffer, type: string): unknown[] | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    if (type !== 'application/x-ndjson') return [JSON.parse(text)];
    return text.trimEnd().split('\n').map(lineValue);
  } catch {
    return undefined;
  }
}

/** A line that is no JSON is nothing any schema allows. */
function lineValue(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
