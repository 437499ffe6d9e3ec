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

/** The library. Neutral: nothing of Node may get into it, for it runs in browsers and workers too. */
export function libraryBundle(outdir: string): BuildOptions {
  return { ...common, platform: 'neutral', entryPoints: { index: 'client/index.ts' }, outdir };
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
