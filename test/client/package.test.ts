import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mint } from '../support/client.ts';
import { type RunningStack, startEmbeddedStack, temporaryFolder } from '../support/stack.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');

/** The services of docs/client.md. */
const services = [...readFileSync(join(ROOT, 'docs/client.md'), 'utf8').matchAll(/```ts\n(.*?)```/gs)].map(
  (match) => match[1] ?? '',
);

const run = promisify(execFile);

/** A strict consumer's settings; nothing of a library's types goes unchecked. */
const compilerOptions = {
  ...{ target: 'ES2022', module: 'nodenext', moduleResolution: 'nodenext', types: ['node'], outDir: 'built' },
  ...{ strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, skipLibCheck: false },
};

describe('the package, as npm packs it, in a project that has nothing else', () => {
  const project = temporaryFolder();
  let stack: RunningStack;

  beforeAll(async () => {
    writeFileSync(join(project, 'package.json'), '{"type":"module"}');
    const installing = async () => {
      await run('npm', ['run', '--silent', 'build:client'], { cwd: ROOT });
      await run('npm', ['pack', './client/dist', '--pack-destination', project], { cwd: ROOT });
      const [archive = ''] = readdirSync(project).filter((name) => name.endsWith('.tgz'));
      // Offline: whatever it depended on could not be had.
      await run('npm', ['install', '--offline', '--no-audit', '--no-fund', archive], { cwd: project });
    };
    [stack] = await Promise.all([startEmbeddedStack(), installing()]);
    expect(readdirSync(join(project, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['zerosum']);
    mkdirSync(join(project, 'node_modules/@types'));
    symlinkSync(join(ROOT, 'node_modules/@types/node'), join(project, 'node_modules/@types/node'));
    for (const [index, service] of services.entries()) writeFileSync(join(project, `service-${index}.ts`), service);
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  });
  afterAll(() => stack?.stop());

  it('has the services of docs/client.md compile, and work', async () => {
    await run(TSC, ['-p', '.'], { cwd: project }).catch((error) => expect.fail(error.stdout));
    const env = {
      ...process.env,
      ZEROSUM_URL: stack.url,
      ZEROSUM_TOKEN: await mint({ tenant_id: 'tenant_alpha' }),
      ZEROSUM_ADMIN_TOKEN: await mint({ admin: true }),
    };
    const said: string[] = [];
    for (const index of services.keys()) {
      const { stdout, stderr } = await run('node', [`built/service-${index}.js`], { cwd: project, env });
      said.push(stdout + stderr);
    }
    const [reads, admin, buffer, errors] = said;
    expect(reads).toMatch(/event_id: 'api:invoice-run-7'.*owed: \d+ minor units.*total \d+/s);
    expect(admin).toMatch(/complete\nall clear\n$/);
    expect(buffer).toContain('{ recorded: 1, accepted: 1, rejected: 0, retries: 0, pendingBytes: 0 }');
    expect(errors).toMatch(/^malformed metric: /);
    expect(readdirSync(join(project, 'usage-spool'))).toEqual([]);
  });

  it('refuses a request that the document does not know', async () => {
    const wrong = `import { ZerosumClient } from 'zerosum/client';
      const zerosum = new ZerosumClient({ url: 'http://127.0.0.1:1' });
      await zerosum.statement({ perod: '2026-11' });
      const owed: bigint = (await zerosum.balance()).balance_minor;`;
    writeFileSync(join(project, 'wrong.ts'), wrong);
    const files = { compilerOptions: { ...compilerOptions, noEmit: true }, files: ['wrong.ts'] };
    writeFileSync(join(project, 'tsconfig.wrong.json'), JSON.stringify(files));
    const { stdout } = await run(TSC, ['-p', 'tsconfig.wrong.json'], { cwd: project }).catch((error) => error);
    expect(stdout).toContain("'perod' does not exist in type 'GetStatementQuery'");
    expect(stdout).toContain("Type 'string' is not assignable to type 'bigint'");
  });

  it('needs Node only for the disk', async () => {
    const bundle = (entry: string) =>
      build({
        stdin: { contents: `export * from '${entry}'`, resolveDir: project },
        ...{ bundle: true, platform: 'browser', format: 'esm', write: false, logLevel: 'silent' },
      });
    await bundle('zerosum/client');
    await expect(bundle('zerosum/client/spool')).rejects.toThrow('node:');
  });

  it('has the command line, in one file', async () => {
    const { stdout } = await run(join(project, 'node_modules/.bin/zerosum'), ['--help'], { cwd: project });
    expect(stdout).toContain('Usage: zerosum');
  });
});
