import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const BIOME = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');
const CONFIGURATION = fileURLToPath(new URL('../../biome.json', import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'zerosum-layers-'));
copyFileSync(CONFIGURATION, join(folder, 'biome.json'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the project's linter says of a file of this text at this place in a project. */
function lint(path: string, text: string): { readonly passes: boolean; readonly report: string } {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
  const args = [BIOME, 'lint', '--vcs-enabled=false', '--colors=off', path];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  return { passes: status === 0, report: `${stdout}${stderr}` };
}

describe('the domain', () => {
  it.each([
    [
      'an AWS client',
      "import { DynamoDBClient } from '@aws-sdk/client-dynamodb';\nexport const client = DynamoDBClient;\n",
    ],
    ['Powertools', "import { Logger } from '@aws-lambda-powertools/logger';\nexport const logger = Logger;\n"],
    ['the file system', "import { readFileSync } from 'node:fs';\nexport const read = readFileSync;\n"],
    ['the network', "import { request } from 'node:http';\nexport const ask = request;\n"],
    ['a storage adapter', "import { Ledger } from '../storage/ledger.ts';\nexport const ledger = Ledger;\n"],
    ['a request', "import { Problem } from '../http/problem.ts';\nexport const problem = Problem;\n"],
    ['a handler', "import { sweep } from '../reconcile/sweep.ts';\nexport const run = sweep;\n"],
    ['the clock', "import { systemClock } from '../clock.ts';\nexport const clock = systemClock;\n"],
    ['the environment', "export const stage = process.env['STAGE'];\n"],
    ['a fetch', "export const get = () => fetch('https://example.com');\n"],
    ['a timer', 'export const wait = (then: () => void) => setTimeout(then, 1);\n'],
  ])('may not reach %s', (_, text) => {
    const { passes, report } = lint('lambdas/domain/x.ts', text);
    expect(passes, report).toBe(false);
    expect(report).toMatch(/noRestricted(Imports|Globals)/);
  });

  it.each([
    ['hashes', "import { createHash } from 'node:crypto';\nexport const hash = createHash;\n"],
    ['itself', "import { parsePeriod } from './period.ts';\nexport const parse = parsePeriod;\n"],
  ])('may use %s', (_, text) => {
    const { passes, report } = lint('lambdas/domain/x.ts', text);
    expect(passes, report).toBe(true);
  });
});

describe('storage', () => {
  it('may know the domain and AWS, and no handler or request', () => {
    const uses = (module: string) =>
      lint('lambdas/storage/x.ts', `import * as used from '${module}';\nexport const x = used;\n`).passes;
    expect(uses('../domain/ids.ts')).toBe(true);
    expect(uses('@aws-sdk/lib-dynamodb')).toBe(true);
    for (const layer of ['http/problem', 'ingest/handler', 'consumer/ports', 'read/ports', 'reconcile/ports']) {
      expect(uses(`../${layer}.ts`), layer).toBe(false);
    }
  });
});
