import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { messageOf, StackError } from '../stack-error.ts';
import type { JsonObject } from './json.ts';

const json = z.custom<JsonObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value));

const manifestSchema = z.object({
  artifacts: z.record(
    z.string(),
    z.object({
      type: z.string(),
      properties: z
        .object({
          templateFile: z.string().optional(),
          stackName: z.string().optional(),
          file: z.string().optional(),
          directoryName: z.string().optional(),
        })
        .optional(),
    }),
  ),
});

const templateSchema = z.object({
  Resources: z
    .record(
      z.string(),
      z.object({
        Type: z.string(),
        Properties: json.optional(),
        DependsOn: z.union([z.string(), z.array(z.string())]).optional(),
        Condition: z.string().optional(),
      }),
    )
    .optional(),
  Outputs: z
    .record(z.string(), z.object({ Value: z.unknown(), Export: z.object({ Name: z.unknown() }).optional() }))
    .optional(),
  Parameters: z.record(z.string(), z.object({ Type: z.string(), Default: z.unknown() })).optional(),
});

const assetsSchema = z.object({
  files: z
    .record(
      z.string(),
      z.object({
        source: z.object({ path: z.string().optional(), packaging: z.string().optional() }),
        destinations: z.record(z.string(), z.object({ objectKey: z.string() })),
      }),
    )
    .optional(),
});

export type Template = z.infer<typeof templateSchema>;

/** A CDK cloud assembly: the templates by stack name, and the folder or file behind each asset's S3 key. */
export interface Assembly {
  readonly templates: ReadonlyMap<string, Template>;
  readonly assets: ReadonlyMap<string, string>;
}

/**
 * Reads a synthesised assembly, nested ones included ("Cloud assembly schema" in the CDK's documentation). Throws a
 * `StackError` when a file is missing or has another shape.
 */
export function readAssembly(folder: string): Assembly {
  const templates = new Map<string, Template>();
  const assets = new Map<string, string>();
  readInto(folder, templates, assets);
  if (templates.size === 0) throw new StackError(`The assembly ${folder} holds no stack: synthesise it again.`);
  return { templates, assets };
}

function readInto(folder: string, templates: Map<string, Template>, assets: Map<string, string>): void {
  const manifest = readJson(join(folder, 'manifest.json'), manifestSchema);
  for (const [id, { type, properties = {} }] of Object.entries(manifest.artifacts)) {
    if (type === 'aws:cloudformation:stack' && properties.templateFile !== undefined) {
      templates.set(properties.stackName ?? id, readJson(join(folder, properties.templateFile), templateSchema));
    } else if (type === 'cdk:asset-manifest' && properties.file !== undefined) {
      const { files = {} } = readJson(join(folder, properties.file), assetsSchema);
      for (const { source, destinations } of Object.values(files)) {
        for (const { objectKey } of Object.values(destinations)) {
          if (source.path !== undefined) assets.set(objectKey, join(folder, source.path));
        }
      }
    } else if (type === 'cdk:cloud-assembly' && properties.directoryName !== undefined) {
      readInto(join(folder, properties.directoryName), templates, assets);
    }
  }
}

function readJson<Schema extends z.ZodType>(file: string, schema: Schema): z.infer<Schema> {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new StackError(`The synthesised ${file} cannot be read (${messageOf(error)}): synthesise it again.`);
  }
}
