import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
    ['the time', 'export const now = () => Date.now();\n'],
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

describe('the calendar', () => {
  it.each([
    ['the time', 'export const now = () => Date.now();\n'],
    ['today', 'export const today = () => new Date();\n'],
    ['a local date', 'export const month = (ms: number) => new Date(ms).getMonth();\n'],
    ['a place', 'export const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;\n'],
    ['a stopwatch', 'export const now = () => performance.now();\n'],
    ['a timer', 'export const wait = (then: () => void) => setTimeout(then, 1);\n'],
  ])('is the clock’s and the domain’s: no other code may ask for %s', (_, text) => {
    for (const path of ['lambdas/read/x.ts', 'lambdas/domain/x.ts']) {
      const { passes, report } = lint(path, text);
      expect(passes, path).toBe(false);
      expect(report).toContain('noRestrictedGlobals');
    }
  });

  it('has a clock to ask', () => {
    expect(lint('lambdas/clock.ts', 'export const now = () => Date.now();\n').passes).toBe(true);
    const parse = 'export const parse = (text: string) => Date.parse(text);\n';
    expect(lint('lambdas/domain/instant.ts', parse).passes).toBe(true);
  });

  it('knows no local time, also where it is made', () => {
    const local =
      /\b(?:get|set)(?:FullYear|Month|Date|Day|Hours|Minutes|Seconds|Milliseconds)\b|getTimezoneOffset|toLocale/;
    const moment = /Date\.now|new Date\(\)/;
    const source = (path: string) =>
      readFileSync(fileURLToPath(new URL(`../../lambdas/${path}`, import.meta.url)), 'utf8');
    expect(source('clock.ts')).not.toMatch(local);
    expect(source('domain/instant.ts')).not.toMatch(local);
    expect(source('domain/instant.ts')).not.toMatch(moment);
  });
});
