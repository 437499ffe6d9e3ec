import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stopLeftBehind } from '../localstack/embedded/data/left-behind.ts';
import { commandLine } from '../localstack/embedded/data/process-identity.ts';
import { readStackFile } from '../localstack/embedded/data/stack-file.ts';
import { synthesise } from '../localstack/embedded/synthesis.ts';

/**
 * Makes one folder for everything the tests write, and synthesises the app once for all of them, unless whoever runs
 * them has done so (`ZEROSUM_ASSEMBLY`). The test processes are started later and inherit both variables. In the end it
 * stops what failed tests have left running, and deletes the folder.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'zerosum-tests-'));
  process.env['ZEROSUM_TEST_FOLDER'] = folder;
  if (!process.env['ZEROSUM_ASSEMBLY']) {
    await synthesise(join(folder, 'assembly'), join(folder, 'synthesis.log'));
    process.env['ZEROSUM_ASSEMBLY'] = join(folder, 'assembly');
  }
  return async () => {
    for (const name of readdirSync(folder)) await stopStack(join(folder, name));
    rmSync(folder, { recursive: true, force: true });
  };
}

async function stopStack(data: string): Promise<void> {
  const stackFile = join(data, 'stack.json');
  const info = readStackFile(stackFile);
  if (info === undefined) return;
  if (commandLine(info.processId).includes('localstack/start.ts')) process.kill(info.processId, 'SIGKILL');
  await stopLeftBehind(stackFile, data);
}
