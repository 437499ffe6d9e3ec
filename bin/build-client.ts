import { execFile } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';

/**
 * Builds what the package offers into `client/dist/`: the library and the command line, each of them one file that needs
 * no other package, and the types.
 */
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const OUT = 'client/dist';
const COMMAND_LINE = 'client/cli/main.ts';

/** The oldest Node that the package runs on (`engines`). */
const TARGET = 'node20.19';

/** Packages in CommonJS ask for Node's own modules this way, which an ES module does not have. */
const COMMAND_BANNER = `#!/usr/bin/env node
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);`;

const common = { absWorkingDir: ROOT, bundle: true, format: 'esm', target: TARGET, logLevel: 'warning' } as const;

rmSync(`${ROOT}/${OUT}`, { recursive: true, force: true });
await Promise.all([
  // Neutral: nothing of Node may get into it, for it runs in browsers and workers too.
  build({ ...common, platform: 'neutral', entryPoints: { index: 'client/index.ts' }, outdir: OUT }),
  existsSync(`${ROOT}/${COMMAND_LINE}`) &&
    build({
      ...common,
      platform: 'node',
      entryPoints: { zerosum: COMMAND_LINE },
      outdir: OUT,
      minifySyntax: true,
      banner: { js: COMMAND_BANNER },
    }),
  promisify(execFile)(`${ROOT}/node_modules/.bin/tsc`, ['-p', 'client/tsconfig.json'], { cwd: ROOT }).catch((error) => {
    throw new Error(error.stdout);
  }),
]);
