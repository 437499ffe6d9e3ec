import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import { bundleOptions } from '../../lib/bundle.ts';
import type { Stage } from '../../lib/stage.ts';

/** What a bundle on an event's way may weigh besides the SDK, minified, in bytes: more is slower to load at every cold start. */
const EVENT_PATH_BUDGET_BYTES = 200_000;

/** The others hold more rules and more schemas; a person waits for them, or nobody. A third of each is zod. */
const OTHER_BUDGET_BYTES = 280_000;

/** What a first look at the console may transfer: less than a second on a slow phone's line of 1.6 Mbit/s. */
export const FIRST_LOAD_BUDGET_BYTES = 150_000;

const eventPath: ReadonlySet<string> = new Set(['ingest', 'consumer', 'projector', 'guard']);

export function bundleBudgetBytes(name: string): number {
  return eventPath.has(name) ? EVENT_PATH_BUDGET_BYTES : OTHER_BUDGET_BYTES;
}

const lambdas = fileURLToPath(new URL('../../lambdas', import.meta.url));

/** One function's minified bundle. */
export interface BundleSize {
  readonly totalBytes: number;
  /** All of it but the SDK's packages and what only they bring along. */
  readonly besidesSdkBytes: number;
  /** By package, the heaviest first; `ours` is the code in `lambdas/`. */
  readonly bytesByPackage: Readonly<Record<string, number>>;
}

/** The functions there are: each folder of `lambdas/` that has a handler. */
export function functionNames(): string[] {
  return readdirSync(lambdas).filter((name) => existsSync(`${lambdas}/${name}/handler.ts`));
}

/** Bundles a function as a deployment does, in memory, and weighs what went in. */
export function bundleSize(name: string, stage: Stage): BundleSize {
  const { metafile } = buildSync({ ...bundleOptions([name], stage, 'weighed'), write: false, metafile: true });
  const [, output] = Object.entries(metafile.outputs).find(([path]) => path.endsWith('.mjs')) ?? [];
  if (output === undefined) throw new Error(`esbuild did not say what is in the bundle of ${name}.`);
  const bytes = new Map<string, number>();
  for (const [path, { bytesInOutput }] of Object.entries(output.inputs)) {
    bytes.set(packageOf(path), (bytes.get(packageOf(path)) ?? 0) + bytesInOutput);
  }
  const sdkBytes = [...bytes].reduce((total, [owner, size]) => total + (isSdk(owner) ? size : 0), 0);
  return {
    totalBytes: output.bytes,
    besidesSdkBytes: output.bytes - sdkBytes,
    bytesByPackage: Object.fromEntries([...bytes].sort(([, left], [, right]) => right - left)),
  };
}

/**
 * What each file of the console's built page transfers, compressed as the function does it. One never loads all of them at
 * first, but one could.
 */
export function pageTransferBytes(page: string): Readonly<Record<string, number>> {
  const files = readdirSync(page, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name }) => [
      name,
      gzipSync(readFileSync(join(parentPath, name)), { level: 9 }).byteLength,
    ]),
  );
}

/** The package a source file belongs to, or `ours`; a scope that publishes many small packages counts as one. */
export function packageOf(path: string): string {
  const [scope = '', name = ''] = path.split('node_modules/').at(-1)?.split('/') ?? [];
  if (!path.includes('node_modules/')) return 'ours';
  return scope === '@aws-sdk' || scope === '@smithy' || !scope.startsWith('@') ? scope : `${scope}/${name}`;
}

/** What the SDK brings along: its endpoint cache's, and what every client of it reads the invocation's trace from. */
const SDK_DEPENDENCIES: ReadonlySet<string> = new Set(['mnemonist', 'obliterator', '@aws/lambda-invoke-store']);

/** Whether it is AWS's SDK, which the aims leave out of account. */
export function isSdk(owner: string): boolean {
  return owner === '@aws-sdk' || owner === '@smithy' || SDK_DEPENDENCIES.has(owner);
}
