import * as z from 'zod';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Turns schemas into JSON Schema 2020-12; those with an id of their own become components that others refer to. */
export class SchemaWriter {
  readonly components: Record<string, JsonSchema> = {};

  /** What may be sent, or is answered, by this schema. */
  write(schema: z.ZodType): JsonSchema {
    const { $schema, $defs = {}, ...written } = z.toJSONSchema(schema, { io: 'input', override: adjusted });
    for (const [id, component] of Object.entries($defs)) this.#add(id, referringToComponents(component));
    return referringToComponents(written);
  }

  #add(id: string, component: JsonSchema): void {
    const known = this.components[id];
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(component)) {
      throw new Error(`Two schemas call themselves ${id}.`);
    }
    this.components[id] = component;
  }
}

/**
 * Says what Zod leaves out where a value is transformed, for it could be of the output: ours are of the input. Leaves out
 * that an integer is one that a JavaScript number holds.
 */
function adjusted({
  zodSchema,
  jsonSchema,
}: {
  zodSchema: z.core.$ZodTypes;
  jsonSchema: z.core.JSONSchema.BaseSchema;
}) {
  const described = z.globalRegistry.get(zodSchema);
  if (Array.isArray(described?.['examples'])) jsonSchema.examples = [...described['examples']];
  if (described?.['default'] !== undefined) jsonSchema.default = described['default'];
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
}

function referringToComponents(schema: object): JsonSchema {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/'));
}
