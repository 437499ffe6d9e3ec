import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { ApiDocument, ApiReference, ApiResponse } from '../../lambdas/docs/api-document.ts';
import { parseInstant } from '../../lambdas/domain/instant.ts';
import type { Answer } from './client.ts';

const ROOT = 'https://zerosum.test/openapi.json';

/** Holds answers to what the document says of them; a field it does not name is a fault. */
export class DocumentedAnswers {
  readonly #document: ApiDocument;
  readonly #ajv: Ajv2020;

  constructor(document: ApiDocument) {
    this.#document = document;
    this.#ajv = new Ajv2020({ allErrors: true, strictTypes: false, allowUnionTypes: true });
    this.#ajv.addVocabulary(Object.keys(document));
    this.#ajv.addFormat('date-time', (text) => parseInstant(text) !== undefined);
    this.#ajv.addFormat('uri', (text) => URL.canParse(text));
    this.#ajv.addSchema({ ...(closed(document) as object), $id: ROOT }, undefined, undefined, false);
  }

  /** Everything about the answer that the document does not say. */
  faults(method: string, path: string, answer: Answer): string[] {
    const responses = this.#document.paths[path]?.[method.toLowerCase()]?.responses;
    const response = responses?.[answer.status];
    if (response === undefined) return [`${method} ${path} answers ${answer.status}: ${answer.text}`];
    const { headers, content } = this.#resolved(response);
    const missing = Object.keys(headers).filter((name) => !answer.headers.has(name));
    const faults = missing.map((name) => `the header ${name} is missing`);
    const type = answer.headers.get('content-type') ?? '';
    if (content[type] === undefined) return [...faults, `the type ${type} is not documented`];
    const place = `#/paths/${pointer(path)}/${method.toLowerCase()}/responses/${answer.status}`;
    const at = '$ref' in response ? String(response.$ref) : place;
    const validate = this.#validator(`${at}/content/${pointer(type)}/schema`);
    const body = answer.json ?? answer.text;
    if (validate(body)) return faults;
    return [
      ...faults,
      ...(validate.errors ?? []).map(
        (error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`,
      ),
    ];
  }

  #resolved(response: ApiResponse | ApiReference): ApiResponse {
    if (!('$ref' in response)) return response;
    const found = this.#document.components.responses[String(response.$ref).split('/').at(-1) ?? ''];
    if (found === undefined) throw new Error(`The document lacks ${response.$ref}.`);
    return found;
  }

  #validator(reference: string): ValidateFunction {
    const validate = this.#ajv.getSchema(`${ROOT}${reference}`);
    if (validate === undefined) throw new Error(`The document lacks ${reference}.`);
    return validate;
  }
}

function pointer(name: string): string {
  return encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'));
}

/** The same document, in which an object may have no other fields than those it names. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, closed(inner)]));
  const isClosed = copy['type'] === 'object' && copy['properties'] !== undefined;
  return isClosed ? { additionalProperties: false, ...copy } : copy;
}
