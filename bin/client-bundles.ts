import { fileURLToPath } from 'node:url';
import type { BuildOptions } from 'esbuild';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The oldest Node that the package runs on (`engines`). */
const TARGET = 'node20.19';

/** Packages in CommonJS ask for Node's own modules this way, which an ES module does not have. */
const COMMAND_BANNER = `#!/usr/bin/env node
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);`;

const common = { absWorkingDir: ROOT, bundle: true, format: 'esm', target: TARGET, logLevel: 'warning' } as const;

/**
 * The library, and its spool. Neutral: nothing of Node may get into the former, for it runs in browsers and workers too.
 * What both need is in one file, so that an error is of the same class in both.
 */
export function libraryBundle(outdir: string): BuildOptions {
  return {
    ...common,
    platform: 'neutral',
    external: ['node:*'],
    entryPoints: { index: 'client/index.ts', spool: 'client/spool/index.ts' },
    splitting: true,
    outdir,
  };
}

/** The command line, as `zerosum.js`. */
export function commandLineBundle(outdir: string): BuildOptions {
  return {
    ...common,
    platform: 'node',
    entryPoints: { zerosum: 'client/cli/main.ts' },
    outdir,
    minifySyntax: true,
    banner: { js: COMMAND_BANNER },
  };
}
