import { spawn } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const VITE = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin/vite.js');

/** Where the console's function looks for its page, beside its own code. */
const PAGE_FOLDER = 'page';

/**
 * Builds the console's page into `folder` and gives its full path. A process of its own: begun before the CDK loads, it is
 * done before anything of it is needed. Throws with what Vite says when it fails.
 */
export async function buildConsolePage(folder: string): Promise<string> {
  const outDir = resolve(root, folder);
  const output = ['--outDir', outDir, '--emptyOutDir', '--logLevel', 'warn'];
  const child = spawn(process.execPath, [VITE, 'build', '--config', 'lambdas/console/page/vite.config.ts', ...output], {
    cwd: root,
    // Nothing of whoever builds gets into the page: the same sources make the same files.
    env: { NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk));
  const code = await new Promise<number | null>((fulfil, reject) => {
    child.once('error', reject);
    child.once('close', fulfil);
  });
  if (code !== 0) throw new Error(`The console's page does not build: mend it. ${Buffer.concat(said).toString()}`);
  return outDir;
}

/** Puts a built page, and nothing of an earlier one, where the function in `bundle` serves it from. */
export function addConsolePage(bundle: string, page: string): void {
  const target = join(bundle, PAGE_FOLDER);
  rmSync(target, { recursive: true, force: true });
  cpSync(page, target, { recursive: true });
}
