import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { synthesise } from '../../localstack/embedded/synthesis.ts';
import { temporaryFolder } from './stack.ts';

export type StageName = 'local' | 'dev' | 'prod';

export interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Effect: string;
  readonly Condition?: Record<string, Record<string, unknown>>;
}

export interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template's properties have as many shapes as resource types.
  readonly Properties: any;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly UpdatePolicy?: unknown;
}

export interface Template {
  readonly text: string;
  readonly resources: ReadonlyMap<string, Resource>;
  /** The stacks that refuse to be destroyed. */
  readonly protectedStacks: readonly string[];
}

/** Every resource of both stacks of a stage, as `cdk synth` writes them. */
export async function synthesised(stage: StageName): Promise<Template> {
  const folder = await assemblyOf(stage);
  const names = [`zerosum-${stage}-data`, `zerosum-${stage}`];
  const texts = names.map((name) => readFileSync(join(folder, `${name}.template.json`), 'utf8'));
  const entries = texts.flatMap((text) => Object.entries<Resource>(JSON.parse(text).Resources));
  const { artifacts } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  const protectedStacks = names.filter((name) => artifacts[name].properties.terminationProtection === true);
  return { text: texts.join('\n'), resources: new Map(entries), protectedStacks };
}

/** The synthesised app, made once for all test files: whoever needs it first makes it, and a race only makes it twice. */
async function assemblyOf(stage: StageName): Promise<string> {
  const own = temporaryFolder();
  const shared = join(own, '..', `assembly.${stage}`);
  if (existsSync(shared)) return shared;
  const made = join(own, 'assembly');
  await synthesise(made, join(own, 'synthesis.log'), undefined, stage);
  if (existsSync(shared)) return made;
  renameSync(made, shared);
  return shared;
}
