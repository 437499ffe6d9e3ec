import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { commandLineBundle, libraryBundle } from './client-bundles.ts';

/**
 * Builds what the package offers into `client/dist/`: the library and the command line, which need no other package, and
 * the types.
 */
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const OUT = 'client/dist';

rmSync(`${ROOT}/${OUT}`, { recursive: true, force: true });
await Promise.all([
  build(libraryBundle(OUT)),
  build(commandLineBundle(OUT)),
  promisify(execFile)(`${ROOT}/node_modules/.bin/tsc`, ['-p', 'client/tsconfig.json'], { cwd: ROOT }).catch((error) => {
    throw new Error(error.stdout);
  }),
]);
