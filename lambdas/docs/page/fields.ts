import { escaped } from '../../http/html.ts';
import type { JsonSchema } from '../json-schema.ts';
import { paragraphs, prose } from './html.ts';

/** The parts of JSON Schema that our document uses. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly additionalProperties?: unknown;
  readonly propertyNames?: Schema;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly format?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** Describes schemas as nested lists of fields. */
export class FieldLists {
  readonly #components: Readonly<Record<string, JsonSchema>>;

  constructor(components: Readonly<Record<string, JsonSchema>>) {
    this.#components = components;
  }

  /** All there is to say of the value: its description, its fields, and what each may hold. */
  value(schema: JsonSchema): string {
    const resolved = this.#resolved(schema);
    const described = resolved.description === undefined ? '' : paragraphs(resolved.description);
    const inner = this.#inside(resolved);
    return `${described}${inner === '' ? `<p><small>${this.type(schema)}</small></p>` : inner}`;
  }

  /** One field of a list. */
  field(name: string, schema: JsonSchema, isRequired: boolean): string {
    const { description } = this.#resolved(schema);
    const said = `${this.type(schema)}${isRequired ? '' : ', optional'}`;
    const told = description === undefined ? '' : prose(description);
    return `<dt><code>${escaped(name)}</code> <small>${said}</small></dt><dd>${told}${this.#inside(this.#resolved(schema))}</dd>`;
  }

  /** What a value may be, in a few words. */
  type(schema: JsonSchema): string {
    const resolved = this.#resolved(schema);
    const options = alternatives(resolved);
    if (options !== undefined)
      return [...new Set(options.map((option) => this.type(option as JsonSchema)))].join(' or ');
    if ('const' in resolved) return literal(resolved.const);
    if (resolved.enum !== undefined) return resolved.enum.map(literal).join(' or ');
    if (resolved.type === 'array')
      return `array of ${this.type((resolved.items ?? {}) as JsonSchema)}${bounds(resolved)}`;
    const format = resolved.format === undefined ? '' : ` (${escaped(resolved.format)})`;
    const pattern = resolved.pattern === undefined ? '' : `, <code>${escaped(resolved.pattern)}</code>`;
    const preset = resolved.default === undefined ? '' : `, else ${literal(resolved.default)}`;
    const types = [resolved.type ?? 'any value'].flat().join(' or ');
    return `${escaped(types)}${format}${bounds(resolved)}${pattern}${preset}`;
  }

  #inside(schema: Schema): string {
    const options = alternatives(schema)?.map((option) => this.#resolved(option as JsonSchema)) ?? [];
    const lists = options.map((option) => this.#inside(option)).filter((list) => list !== '');
    if (lists.length > 0) return lists.join('<p><small>or</small></p>');
    if (schema.items !== undefined) return this.#inside(this.#resolved(schema.items as JsonSchema));
    const fields = Object.entries(schema.properties ?? {}).map(([name, property]) =>
      this.field(name, property as JsonSchema, schema.required?.includes(name) ?? false),
    );
    return fields.length === 0 ? '' : `<dl>${fields.join('')}</dl>`;
  }

  /** The schema itself or, with its own words over it, the component it refers to. */
  #resolved(schema: JsonSchema): Schema {
    const { $ref, ...own } = schema as Schema;
    if ($ref === undefined) return own;
    return { ...this.#components[$ref.slice('#/components/schemas/'.length)], ...own };
  }
}

function alternatives({ anyOf, oneOf }: Schema): readonly Schema[] | undefined {
  return anyOf ?? oneOf;
}

function literal(value: unknown): string {
  return `<code>${escaped(JSON.stringify(value))}</code>`;
}

function bounds({ minimum, maximum, minLength, maxLength, minItems, maxItems }: Schema): string {
  const [least, most] = [minimum ?? minLength ?? minItems, maximum ?? maxLength ?? maxItems];
  const unit = minLength !== undefined || maxLength !== undefined ? ' characters' : '';
  if (least !== undefined && most !== undefined) return `, ${grouped(least)} to ${grouped(most)}${unit}`;
  if (least !== undefined) return `, at least ${grouped(least)}${unit}`;
  return most === undefined ? '' : `, at most ${grouped(most)}${unit}`;
}

function grouped(value: number): string {
  return value.toLocaleString('en');
}
