import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const REQUIREMENTS = fileURLToPath(new URL('requirements.txt', import.meta.url));
const run = promisify(execFile);

/** The exact version, from the one place that pins it. */
export const schemathesisVersion = readFileSync(REQUIREMENTS, 'utf8').trim().split('==')[1] ?? '';

/** Whether this machine's Python can make virtual environments; Debian keeps that in a package of its own. */
export async function hasPython(): Promise<boolean> {
  return run('python3', ['-c', 'import sys, venv, ensurepip; assert sys.version_info >= (3, 11)']).then(
    () => true,
    () => false,
  );
}

/**
 * The command of a schemathesis installed in a virtual environment under the user's cache folder, installed there first
 * where it is not. Throws when there is no Python for it, and what pip said.
 */
export async function installedSchemathesis(): Promise<string> {
  if (!(await hasPython())) throw new Error('schemathesis needs Python 3.11 with venv: apt install python3-venv.');
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  const folder = join(cache, 'zerosum', `schemathesis-${schemathesisVersion}`);
  // Written last: what has no such file was interrupted.
  const complete = join(folder, 'complete');
  if (!existsSync(complete)) {
    mkdirSync(folder, { recursive: true });
    await run('python3', ['-m', 'venv', '--clear', folder]);
    const options = ['--quiet', '--disable-pip-version-check', '--no-input'];
    await run(join(folder, 'bin', 'pip'), ['install', ...options, '--requirement', REQUIREMENTS]);
    writeFileSync(complete, '');
  }
  return join(folder, 'bin', 'schemathesis');
}
