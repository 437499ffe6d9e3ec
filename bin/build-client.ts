import { execFile } from 'node:child_process';
import { chmodSync, copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import manifest from '../package.json' with { type: 'json' };
import { commandLineBundle, libraryBundle } from './client-bundles.ts';

/**
 * Builds the package that others install into `client/dist/`: the library and the command line, which need no other
 * package, and the types. Its manifest is this repository's, less what it takes to build and to run Zerosum itself.
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

chmodSync(`${ROOT}/${OUT}/zerosum.js`, 0o755);
const { name, version, description, license, type, engines, bin, exports } = manifest;
const offered = { name, version, description, license, type, engines, bin, exports };
writeFileSync(`${ROOT}/${OUT}/package.json`, JSON.stringify(offered, undefined, 2).replaceAll(`./${OUT}/`, './'));
copyFileSync(`${ROOT}/LICENSE`, `${ROOT}/${OUT}/LICENSE`);
copyFileSync(`${ROOT}/docs/client.md`, `${ROOT}/${OUT}/README.md`);
