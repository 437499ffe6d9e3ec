import { readFileSync, rmSync } from 'node:fs';
import { z } from 'zod';
import { writeAtomically } from './atomic-file.ts';

const engine = z.object({ name: z.string(), endpoint: z.string(), processId: z.number().optional() });

/** What `stack.json` says: everything that runs, for tests, tools, the curious and the next start. */
const schema = z.object({
  /** The process that runs the stack. */
  processId: z.number(),
  url: z.string().optional(),
  stage: z.string().optional(),
  controlUrl: z.string().optional(),
  region: z.string(),
  accountId: z.string(),
  engines: z.object({ dynamodb: engine.optional(), sqs: engine.optional(), s3: engine.optional() }),
  /** `label` is the logical id without the CDK's hash. */
  tables: z.array(z.object({ logicalId: z.string(), label: z.string(), name: z.string() })),
  queues: z.array(z.object({ logicalId: z.string(), label: z.string(), url: z.string(), arn: z.string() })),
  buckets: z.array(z.object({ logicalId: z.string(), label: z.string(), name: z.string() })),
  functions: z.array(z.object({ logicalId: z.string(), label: z.string(), processIds: z.array(z.number()) })),
});

export type StackInfo = z.infer<typeof schema>;

/** `stack.json`, written whole at every change. */
export class StackFile {
  readonly #path: string;
  #info: StackInfo;

  constructor(path: string, at: { region: string; accountId: string }) {
    this.#path = path;
    this.#info = { processId: process.pid, ...at, engines: {}, tables: [], queues: [], buckets: [], functions: [] };
  }

  get info(): StackInfo {
    return this.#info;
  }

  update(change: Partial<StackInfo>): void {
    this.#info = { ...this.#info, ...change };
    writeAtomically(this.#path, `${JSON.stringify(this.#info, undefined, 2)}\n`);
  }

  remove(): void {
    rmSync(this.#path, { force: true });
  }
}

/** What the file says; undefined when there is none that can be read. */
export function readStackFile(path: string): StackInfo | undefined {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}
