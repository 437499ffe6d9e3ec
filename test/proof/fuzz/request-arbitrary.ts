import fc from 'fast-check';
import type { JsonSchema } from '../../../lambdas/docs/json-schema.ts';
import { type CredentialDraft, credentialDrafts } from './credential-drafts.ts';
import type { Credentials } from './credentials.ts';
import type { FuzzRequest } from './exchange.ts';
import { brokenBody, membersOf, mutatedObject, objectText } from './hostile-json.ts';
import { hostileHeaders, hostileSegment, hostileText } from './hostile-targets.ts';
import { type Hints, JsonValues } from './json-values.ts';
import type { DocumentedOperation, Surface } from './surface.ts';

/** A request before it is signed, and whether it has to be accepted. */
export interface Draft {
  readonly request: FuzzRequest;
  readonly isValid: boolean;
  readonly credential: CredentialDraft;
}

/** What of a request is made by the document, and what against it. */
interface Part<Value> {
  readonly value: Value;
  readonly isValid: boolean;
}

type Header = readonly [name: string, value: string];

/** Requests to an operation: most by its schemas, the rest with something wrong. */
export class RequestArbitrary {
  readonly #values: JsonValues;
  readonly #hints: Hints;
  readonly #credentials: Credentials;

  constructor(surface: Surface, hints: Hints, credentials: Credentials) {
    this.#values = new JsonValues(surface.document.components.schemas, hints);
    this.#hints = hints;
    this.#credentials = credentials;
  }

  of(documented: DocumentedOperation): fc.Arbitrary<Draft> {
    const { method, access } = documented;
    const headers = fc.oneof({ arbitrary: fc.constant<Header[]>([]), weight: 9 }, hostileHeaders);
    return credentialDrafts(access, this.#credentials).chain((credential) =>
      fc
        .tuple(this.#target(documented), this.#body(documented, credential), headers)
        .map(([target, { value: content, isValid }, extra]) => ({
          credential,
          isValid: target.isValid && isValid && extra.length === 0 && credential.isRight,
          request: {
            method,
            target: target.value,
            headers: [...(content?.type === undefined ? [] : [['content-type', content.type] as const]), ...extra],
            body: content?.bytes,
          },
        })),
    );
  }

  #target({ path, operation }: DocumentedOperation): fc.Arbitrary<Part<string>> {
    const inPath = operation.parameters.filter(({ in: place }) => place === 'path');
    const segments = inPath.map(({ name, schema }) => this.#parameter(name, schema, hostileSegment));
    const query = operation.parameters
      .filter(({ in: place }) => place === 'query')
      .map((parameter) => this.#queryPart(parameter));
    return fc.tuple(fc.tuple(...segments), fc.tuple(...query)).map(([given, parts]) => {
      const filled = inPath.reduce(
        (text, { name }, at) => text.replace(`{${name}}`, () => given[at]?.value ?? ''),
        path,
      );
      const sent = parts.map(({ value }) => value).filter((text) => text !== '');
      return {
        value: sent.length === 0 ? filled : `${filled}?${sent.join('&')}`,
        isValid: [...given, ...parts].every((part) => part.isValid),
      };
    });
  }

  #queryPart({ name, schema }: { name: string; schema: JsonSchema }): fc.Arbitrary<Part<string>> {
    const absent = fc.constant({ value: '', isValid: true });
    const named = this.#parameter(name, schema, hostileText).map(({ value, isValid }) => ({
      value: `${name}=${value}`,
      isValid,
    }));
    const odd = hostileText.map((text) => ({ value: text, isValid: false }));
    return fc.oneof({ arbitrary: absent, weight: 4 }, { arbitrary: named, weight: 5 }, odd);
  }

  /** A parameter's value, percent-encoded. */
  #parameter(name: string, schema: JsonSchema, hostile: fc.Arbitrary<string>): fc.Arbitrary<Part<string>> {
    const isHinted = !(name in this.#hints) || this.#hints[name] !== undefined;
    const value = this.#values.of(schema, name).map((one) => encodeURIComponent(String(one).toWellFormed()));
    return fc.oneof(
      { arbitrary: value.map((text) => ({ value: text, isValid: isHinted && text !== '' })), weight: 3 },
      hostile.map((text) => ({ value: text, isValid: false })),
    );
  }

  #body(
    { operation: { requestBody } }: DocumentedOperation,
    { tenant }: CredentialDraft,
  ): fc.Arbitrary<Part<{ type: string | undefined; bytes: Buffer } | undefined>> {
    const none = fc.constant({ value: undefined, isValid: true });
    if (requestBody === undefined) {
      const odd = fc
        .uint8Array({ maxLength: 50 })
        .map((bytes) => ({ value: { type: undefined, bytes: Buffer.from(bytes) }, isValid: false }));
      return fc.oneof({ arbitrary: none, weight: 19 }, odd);
    }
    const types = Object.entries(requestBody.content).map(([type, { schema }]) =>
      this.#content(type, schema, requestBody.content['application/json']?.schema ?? schema, tenant),
    );
    const empty = fc.constant({ value: undefined, isValid: !requestBody.required });
    return fc.oneof({ arbitrary: fc.oneof(...types), weight: 24 }, empty);
  }

  #content(type: string, schema: JsonSchema, json: JsonSchema, tenant: string) {
    const isLines = type === 'application/x-ndjson';
    const known = this.#values.resolved(isLines ? json : schema);
    const isList = known['type'] === 'array';
    const one = this.#values
      .of(isList ? (known['items'] as JsonSchema) : known)
      .map((value) => ofTenant(value as object, tenant));
    const text = one.chain((value) => {
      const members = membersOf(value);
      return fc.oneof(
        { arbitrary: fc.constant({ value: objectText(members), isValid: true }), weight: 3 },
        { arbitrary: mutatedObject(members).map((mutated) => ({ value: mutated, isValid: false })), weight: 2 },
      );
    });
    const joined = isList
      ? fc.array(text, { minLength: 1, maxLength: 6 }).map((parts) => {
          const all = parts.map(({ value }) => value);
          return {
            value: isLines ? all.join('\n') : `[${all.join(',')}]`,
            isValid: parts.every(({ isValid }) => isValid),
          };
        })
      : text;
    const whole = joined.map(({ value, isValid }) => ({ value: { type, bytes: Buffer.from(value) }, isValid }));
    const broken = joined
      .chain(({ value }) => brokenBody(value))
      .map((bytes) => ({ value: { type, bytes }, isValid: false }));
    return fc.oneof({ arbitrary: whole, weight: 9 }, broken);
  }
}

/** A tenant sends for itself: what it names is the token's. */
function ofTenant(value: object, tenant: string): object {
  if (tenant === '') return value;
  return { ...value, ...('tenant' in value && { tenant }), ...('subject' in value && { subject: tenant }) };
}
