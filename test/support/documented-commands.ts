import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Where the documents say that the stack is. */
const DOCUMENTED_URL = 'http://127.0.0.1:3000';

/** A line that no command prints. */
const BETWEEN = '--- the next block ---';

/** The commands that a document tells its reader to type, block by block. */
export function shellBlocks(path: string): string[] {
  const page = readFileSync(join(ROOT, path), 'utf8');
  return [...page.matchAll(/```sh\n(.*?)```/gs)].map((match) => match[1] ?? '');
}

export interface Reader {
  /** The stack that listens where the documents say. */
  readonly url: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What stands for a text of the documents, like a path. */
  readonly instead?: Readonly<Record<string, string>>;
}

/** Types a block into a shell of its own, in the repository; gives what it prints. Throws when a command fails. */
export async function typed(block: string, { url, env, instead = {} }: Reader): Promise<string> {
  const replacements = Object.entries({ [DOCUMENTED_URL]: url, ...instead });
  const script = replacements.reduce((text, [documented, here]) => text.replaceAll(documented, here), block);
  const options = { cwd: ROOT, env: { ...process.env, ...env } };
  return (await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], options)).stdout;
}

/** Types the blocks one after the other into one shell, which keeps what they export; gives what each of them prints. */
export async function typedTogether(blocks: readonly string[], reader: Reader): Promise<string[]> {
  return (await typed(blocks.join(`echo '${BETWEEN}'\n`), reader)).split(`${BETWEEN}\n`);
}
