import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A program from PyPI, pinned by a requirements file of its own and kept out of everybody's way. */
export class PythonTool {
  /** Its package, which is also its command. */
  readonly name: string;
  /** The exact version, from the one place that pins it. */
  readonly version: string;
  readonly #requirements: string;

  /** @param requirements the file, whose first line pins the program itself */
  constructor(requirements: string) {
    this.#requirements = requirements;
    const [name = '', version = ''] = readFileSync(requirements, 'utf8').split('\n', 1)[0]?.trim().split('==') ?? [];
    this.name = name;
    this.version = version;
  }

  /**
   * The command, in a virtual environment under the user's cache folder, installed there first where it is not. Throws
   * when there is no Python for it, and what pip said.
   */
  async command(): Promise<string> {
    if (!(await hasPython())) throw new Error(`${this.name} needs Python 3.11 with venv: apt install python3-venv.`);
    const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
    const folder = join(cache, 'zerosum', `${this.name}-${this.version}`);
    // Written last: what has no such file was interrupted.
    const complete = join(folder, 'complete');
    if (!existsSync(complete)) {
      mkdirSync(folder, { recursive: true });
      await run('python3', ['-m', 'venv', '--clear', folder]);
      const options = ['--quiet', '--disable-pip-version-check', '--no-input'];
      await run(join(folder, 'bin', 'pip'), ['install', ...options, '--requirement', this.#requirements]);
      writeFileSync(complete, '');
    }
    return join(folder, 'bin', this.name);
  }
}

/** Whether this machine's Python can make virtual environments; Debian keeps that in a package of its own. */
export async function hasPython(): Promise<boolean> {
  return run('python3', ['-c', 'import sys, venv, ensurepip; assert sys.version_info >= (3, 11)']).then(
    () => true,
    () => false,
  );
}
