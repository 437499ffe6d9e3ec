import { fileURLToPath } from 'node:url';
import { type BuildOptions, buildSync } from 'esbuild';
import type { Stage } from './stage.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** CommonJS code inside an ES module bundle calls `require`, which ES modules lack. */
const REQUIRE_BANNER = "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);";

/**
 * Bundles `lambdas/<name>/handler.ts` with everything it imports, the SDK included (the runtime's own changes under us;
 * ours is the one the tests ran with), and returns the folder. Calls esbuild itself: spawning it through a package
 * runner once a function takes seconds that `npm start` does not have.
 */
export function bundle(name: string, stage: Stage, outdir: string): string {
  const folder = `${outdir}/bundle.${name}`;
  buildSync({ ...bundleOptions(name, stage), outfile: `${folder}/index.mjs` });
  return folder;
}

/** How every function is bundled, for whoever also wants to know what went in. */
export function bundleOptions(name: string, stage: Stage) {
  return {
    absWorkingDir: root,
    entryPoints: [`lambdas/${name}/handler.ts`],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: stage.bundleTarget,
    mainFields: ['module', 'main'],
    minify: true,
    keepNames: false,
    legalComments: 'none',
    sourcemap: true,
    sourcesContent: false,
    banner: { js: REQUIRE_BANNER },
    logLevel: 'warning',
  } as const satisfies BuildOptions;
}
