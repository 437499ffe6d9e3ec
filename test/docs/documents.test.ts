import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands as commandLine } from '../../client/cli/commands.ts';
import { developmentTokens } from '../../localstack/embedded/dev-tokens.ts';
import { request } from '../support/client.ts';
import { CommandLine } from '../support/command-line.ts';
import { shellBlocks, typed, typedTogether } from '../support/documented-commands.ts';
import { type EmbeddedStack, startEmbeddedStack, temporaryFolder } from '../support/stack.ts';
import { waitFor } from '../support/wait-for.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

/** The commands a reader is told to type, less those that `.ci/run` runs. */
const commands = shellBlocks('README.md').filter((block) => !block.startsWith('npm ci'));

/** Of the command line; of the keys the families alone. */
const commandNames = commandLine.map(({ name }) => (name.startsWith('keys ') ? name.split(' ', 2).join(' ') : name));

describe('the README and the command line, as a newcomer follows them', () => {
  let stack: EmbeddedStack;

  beforeAll(async () => {
    stack = await startEmbeddedStack();
  });
  afterAll(() => stack?.stop());

  it('makes the first charge and reads it back', async () => {
    const [, charge = '', reads = '', month = '', delivery = '', mint = ''] = commands;
    const alpha = /^ALPHA=.*$/m.exec(charge)?.[0];
    expect(await shell(charge)).toBe('{"accepted":true,"event_id":"api:first"}');
    expect(await shell(charge)).toBe('{"accepted":true,"event_id":"api:first"}');
    await waitFor('the charge', async () => (await shell(`${alpha}\n${reads}`)).includes('"balance_minor":"100"'));
    const said = await shell(`${alpha}\n${reads}`);
    expect(said).toContain('{"balance_minor":"100","currency":"USD"}');
    expect(said).toContain('"status":"posted"');
    expect(said).toContain('"total_minor":"100"');

    expect(await shell(delivery)).toBe('{"accepted":true,"event_id":"wh:whk_alpha_meterco:delivery-1"}');
    const wholeMonth = await shell(`${alpha}\n${month}`);
    expect(wholeMonth).toContain('"accepted":1,"rejected":1');
    expect(wholeMonth).toContain('{"accepted":true,"event_id":"adj:sorry"}');
    expect(wholeMonth).toContain('{"closed":true,"tenant":"tenant_alpha"');
    expect(wholeMonth).toContain('{"ok":true,"discrepancies":[]');
    expect(wholeMonth).toContain('"sum_minor":"0"');
    // 100 + 8 * 5 + 7 - 15, on whichever side of the month's end each of them landed.
    await waitFor('all of it', async () => (await shell(`${alpha}\n${reads}`)).includes('"balance_minor":"132"'));

    const authorization = `Bearer ${(await shell(mint)).trim()}`;
    expect((await request(`${stack.url}/balance`, { headers: { authorization } })).json.balance_minor).toBe('0');
  });

  it('takes the tour from a shell, and a file twice without charging twice', async () => {
    const { file } = await CommandLine.build();
    const csv = join(temporaryFolder(), 'usage.csv');
    const instead = { 'npx zerosum': `'${process.execPath}' '${file}'`, 'usage.csv': csv };
    const said = await typed(commands[0] ?? '', { url: stack.url, env: { ZEROSUM_URL: stack.url }, instead });
    expect(said).toMatch(/^Status {4}posted$/m);
    const authorization = `Bearer ${(await developmentTokens()).beta}`;
    const balance = async () => (await request(`${stack.url}/balance`, { headers: { authorization } })).json;
    await waitFor('the file to be posted', async () => (await balance()).balance_minor === '115');
  });

  it('breaks nothing in a simulation', async () => {
    const [simulate = ''] = commands.filter((block) => block.startsWith('npm run simulate'));
    expect(await shell(simulate)).toMatch(/^violations: 0$/m);
  });

  it('prints the same tokens and seeds as the start does', async () => {
    for (const token of Object.values(await developmentTokens())) {
      expect(README).toContain(`\`${token}\``);
      expect(stack.stdout).toContain(token);
    }
    for (const seed of ['tenant_beta', 'Beta Industries', 'whk_alpha_meterco', 'whsec_dev_alpha_meterco_1']) {
      expect(README).toContain(seed);
      expect(stack.stdout).toContain(seed);
    }
  });

  it('does what docs/command-line.md says, in one shell', async () => {
    const { file } = await CommandLine.build();
    const folder = temporaryFolder();
    const csv = join(folder, 'statement.csv');
    const instead = {
      'npx zerosum': `'${process.execPath}' '${file}'`,
      'statement.csv': csv,
      'usage.csv': join(folder, 'usage.csv'),
    };
    const blocks = shellBlocks('docs/command-line.md');
    const said = await typedTogether(blocks, { url: stack.url, env: { ZEROSUM_URL: stack.url }, instead });
    const [charge = '', programs = '', books = '', close = '', configuration = '', imported = '', examined = ''] = said;
    expect(charge).toMatch(/^Status {4}posted$/m);
    expect(charge).toMatch(/^receivable +1.00$/m);
    expect(programs).toMatch(/^{"balance_minor":"\d+","currency":"USD"}\n{"period":/);
    expect(readFileSync(csv, 'utf8')).toMatch(/^event_id,txn_id,/);
    expect(books).toContain('Accepted as adj:outage-1: -0.25 USD for tenant_alpha\n');
    expect(books).toMatch(/^Result {3}all clear$/m);
    expect(close).toContain('Closed 2026-01 of tenant_alpha\n');
    expect(imported).toMatch(/^Would be sent +1$/m);
    expect(imported).toMatch(/^Rejected +0$/m);
    expect(examined).toMatch(/^ok {4}Service {6}Zerosum /m);
    expect(configuration).toMatch(/^Secret: {2}zs_gamma_meter_/m);
  });

  function shell(script: string): Promise<string> {
    return typed(script, { url: stack.url, env: { ZEROSUM_DATA: stack.data } });
  }
});

describe('links', () => {
  const pages = ['README.md', 'docs', 'docs/adr'].flatMap((path) =>
    path.endsWith('.md')
      ? [path]
      : readdirSync(join(ROOT, path))
          .filter((name) => name.endsWith('.md'))
          .map((name) => join(path, name)),
  );

  it.each(pages)('%s links to what exists', (page) => {
    const links = [...readFileSync(join(ROOT, page), 'utf8').matchAll(/\]\(([^)#]+)/g)].map((match) => match[1] ?? '');
    const broken = links.filter((link) => !link.startsWith('http') && !existsSync(join(ROOT, dirname(page), link)));
    expect(broken).toEqual([]);
  });
});

it('names every command in docs/command-line.md', () => {
  const page = readFileSync(join(ROOT, 'docs/command-line.md'), 'utf8');
  const missing = commandNames.filter((name) => !page.includes(`\`${name}\``));
  expect(missing).toEqual([]);
});

it('names every dependency in docs/dependencies.md, and none besides', () => {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const python = ['test/proof/fuzz/requirements.txt', 'localstack/deployed/requirements.txt'].flatMap((path) => [
    ...readFileSync(join(ROOT, path), 'utf8').matchAll(/^([\w-]+)==(\S+)$/gm),
  ]);
  const used = [
    ...[manifest.dependencies, manifest.devDependencies, manifest.optionalDependencies].flatMap(Object.entries),
    ...python.map(([, name, version]) => [name, version]),
  ];
  const rows = readFileSync(join(ROOT, 'docs/dependencies.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  const named = rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1]));
  expect(named.sort()).toEqual(used.map(([name]) => name).sort());
  for (const [name, version] of used) expect(`${name} ${version}`).toMatch(/ \d+\.\d+\.\d+$/);
});
