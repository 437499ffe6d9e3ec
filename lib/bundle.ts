import { fileURLToPath } from 'node:url';
import { type BuildOptions, buildSync } from 'esbuild';
import type { Stage } from './stage.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** CommonJS code inside an ES module bundle calls `require`, which ES modules lack. */
const REQUIRE_BANNER = "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);";

/**
 * Bundles `lambdas/<name>/handler.ts` for each name with everything it imports, the SDK included (the runtime's own
 * changes under us; ours is the one the tests ran with), and returns their folders. Calls esbuild itself, once for all:
 * spawning it through a package runner for each takes seconds that `npm start` does not have.
 */
export function bundleFunctions<Name extends string>(
  names: readonly Name[],
  stage: Stage,
  outdir: string,
): Record<Name, string> {
  buildSync(bundleOptions(names, stage, outdir));
  const folders = names.map((name) => [name, `${outdir}/${folderOf(name)}`] as const);
  return Object.fromEntries(folders) as Record<Name, string>;
}

/** How a stage's functions are bundled, each into a folder of its own below `outdir`. */
export function bundleOptions(names: readonly string[], stage: Stage, outdir: string) {
  return {
    absWorkingDir: root,
    entryPoints: names.map((name) => ({ in: `lambdas/${name}/handler.ts`, out: `${folderOf(name)}/index` })),
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: stage.bundleTarget,
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'none',
    sourcemap: true,
    sourcesContent: false,
    banner: { js: REQUIRE_BANNER },
    logLevel: 'warning',
  } satisfies BuildOptions;
}

function folderOf(name: string): string {
  return `bundle.${name}`;
}
