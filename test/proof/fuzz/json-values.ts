import fc from 'fast-check';
import type { JsonSchema } from '../../../lambdas/docs/json-schema.ts';

/**
 * What a field of this name may be in this world: a schema can't say which tenants there are. Undefined: left out where
 * the request has to be accepted.
 */
export type Hints = Readonly<Record<string, fc.Arbitrary<unknown> | undefined>>;

/** A well-formed text that any table keeps, of at most 4 bytes a character. */
export const keepableText = (maxChars: number): fc.Arbitrary<string> =>
  fc
    .string({ unit: 'binary', minLength: 1, maxLength: maxChars })
    .filter((text) => text.isWellFormed() && !text.includes('\0'));

/** JSON values by a schema of the document. */
export class JsonValues {
  readonly #components: Readonly<Record<string, JsonSchema>>;
  readonly #hints: Hints;

  constructor(components: Readonly<Record<string, JsonSchema>>, hints: Hints) {
    this.#components = components;
    this.#hints = hints;
  }

  /** @param name of the field, whose hint wins over the schema */
  of(schema: JsonSchema, name = ''): fc.Arbitrary<unknown> {
    const hint = this.#hints[name];
    if (hint !== undefined) return hint;
    const known = this.resolved(schema);
    if (known['const'] !== undefined) return fc.constant(known['const']);
    if (Array.isArray(known['enum'])) return fc.constantFrom(...(known['enum'] as unknown[]));
    const alternatives = known['anyOf'] ?? known['oneOf'];
    if (Array.isArray(alternatives)) return fc.oneof(...alternatives.map((one: JsonSchema) => this.of(one)));
    return this.#ofType(known, typeOf(known));
  }

  /** The fields of an object, as those a request may have without being refused. */
  members(schema: JsonSchema): [name: string, schema: JsonSchema, isRequired: boolean][] {
    const { properties = {}, required = [] } = this.resolved(schema) as {
      properties?: Record<string, JsonSchema>;
      required?: string[];
    };
    return Object.entries(properties).map(([name, member]) => [name, member, required.includes(name)]);
  }

  resolved(schema: JsonSchema): JsonSchema {
    const reference = schema['$ref'];
    if (typeof reference !== 'string') return schema;
    const found = this.#components[reference.split('/').at(-1) ?? ''];
    if (found === undefined) throw new Error(`The document lacks ${reference}.`);
    return found;
  }

  #ofType(schema: JsonSchema, type: unknown): fc.Arbitrary<unknown> {
    const { minimum, maximum, minLength, maxLength, minItems, maxItems, pattern } = schema as Record<
      string,
      number | undefined
    >;
    switch (type) {
      case 'integer': {
        const all = fc.integer({ min: minimum ?? Number.MIN_SAFE_INTEGER, max: maximum ?? Number.MAX_SAFE_INTEGER });
        return fc
          .oneof(
            all,
            fc.integer({ min: minimum ?? 0, max: Math.min(maximum ?? Number.POSITIVE_INFINITY, (minimum ?? 0) + 100) }),
          )
          .filter((one) => isAllowed(schema, one));
      }
      case 'number':
        return fc.double({ noNaN: true, noDefaultInfinity: true });
      case 'boolean':
        return fc.boolean();
      case 'null':
        return fc.constant(null);
      case 'array':
        return this.#array(schema, {
          minLength: minItems ?? 0,
          maxLength: Math.min(maxItems ?? Number.POSITIVE_INFINITY, (minItems ?? 0) + 5),
        });
      case 'object':
        return this.#object(schema);
      case 'string':
        if (schema['format'] === 'date-time') return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
        if (typeof pattern === 'string')
          return fc.stringMatching(new RegExp(pattern)).filter((text) => text.length <= (maxLength ?? 64));
        return fc.string({ minLength: minLength ?? 0, maxLength: Math.min(maxLength ?? 40, 200) });
      default:
        return fc.jsonValue();
    }
  }

  #array({ items, uniqueItems }: JsonSchema, lengths: { minLength: number; maxLength: number }) {
    const item = this.of(items as JsonSchema);
    return uniqueItems === true ? fc.uniqueArray(item, lengths) : fc.array(item, lengths);
  }

  #object(schema: JsonSchema): fc.Arbitrary<unknown> {
    const members = this.members(schema).filter(([name]) => !(name in this.#hints) || this.#hints[name] !== undefined);
    const model = Object.fromEntries(members.map(([name, member]) => [name, this.of(member, name)]));
    return fc.record(model, { requiredKeys: members.filter(([, , isRequired]) => isRequired).map(([name]) => name) });
  }
}

function typeOf({ type }: JsonSchema): unknown {
  return Array.isArray(type) ? type[0] : type;
}

function isAllowed({ not }: JsonSchema, value: number): boolean {
  return (not as { const?: unknown } | undefined)?.const !== value;
}
