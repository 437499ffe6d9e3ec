import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lambda, writeAssembly } from '../support/handwritten-assembly.ts';
import { handler, resources, smallApp, startSmallApp } from '../support/small-app.ts';
import { type StackOptions, StackProcess, temporaryFolder } from '../support/stack.ts';
import { waitFor } from '../support/wait-for.ts';

/** Starts a stack that must refuse; gives the one sentence it says. */
async function refusal(options: StackOptions): Promise<string> {
  const stack = new StackProcess({ ...options, env: { ZEROSUM_ASSEMBLY: smallApp, ...options.env } });
  expect(await stack.exited).toBe(1);
  expect(stack.stdout).not.toContain('ready');
  expect(stack.stderr.trim().split('\n')).toHaveLength(1);
  return stack.stderr;
}

describe('refusing to start', () => {
  test.concurrent('on a taken port', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await waitFor('the port', () => server.listening);
    const address = server.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const data = temporaryFolder();
    expect(await refusal({ data, env: { PORT: port } })).toBe(
      `Port ${port} is taken: stop what listens there, or choose another with PORT.\n`,
    );
    expect(readdirSync(data)).toEqual([]);
    server.close();
  });

  test.concurrent('on the data folder of a live stack, which goes on unharmed', async () => {
    const stack = await startSmallApp();
    expect(await refusal({ data: stack.data })).toMatch(
      /^Another stack \(process \d+\) is running on this data folder/,
    );
    expect(await refusal({ data: stack.data, args: ['--reset'] })).toMatch(/^Another stack/);
    expect((await fetch(stack.url)).status).toBe(200);
    await stack.stop();
  });

  test.concurrent('on a data folder that is a file, holds something else or has another format', async () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    expect(await refusal({ data: file })).toMatch(/file is not a folder/);

    const other = temporaryFolder();
    writeFileSync(join(other, 'precious.txt'), 'mine');
    expect(await refusal({ data: other, args: ['--reset'] })).toMatch(/is not an intact data folder of Zerosum/);
    expect(readFileSync(join(other, 'precious.txt'), 'utf8')).toBe('mine');

    const future = temporaryFolder();
    writeFileSync(join(future, 'format.json'), JSON.stringify({ product: 'zerosum-embedded-stack', format: 99 }));
    expect(await refusal({ data: future })).toMatch(/has format 99, this version writes \d+/);
  });

  test.concurrent('on a database that does not open', async () => {
    const data = temporaryFolder();
    const stack = await startSmallApp({ data });
    await stack.stop();
    const folder = join(data, 'dynamodb');
    for (const name of readdirSync(folder)) writeFileSync(join(folder, name), 'no database at all, '.repeat(1_000));
    expect(await refusal({ data })).toMatch(/^The database in .* does not open .*--reset\.$/m);
    await (await startSmallApp({ data, args: ['--reset'] })).stop();
  });

  test.skipIf(process.getuid?.() === 0)('on a data folder that cannot be written', async () => {
    const data = temporaryFolder();
    mkdirSync(join(data, 'inner'));
    chmodSync(join(data, 'inner'), 0o500);
    expect(await refusal({ data: join(data, 'inner') })).toMatch(/cannot be used/);
  });

  test.concurrent.each([
    ['PORT', 'http', /^PORT is "http"/],
    ['ZEROSUM_FUNCTION_ENVIRONMENT', '{"Nobody":{}}', /names Nobody, which is no function/],
    ['ZEROSUM_ENGINE', 'mysql', /^ZEROSUM_ENGINE is "mysql"/],
    ['ZEROSUM_FUNCTION_ENVIRONMENT', '{', /^ZEROSUM_FUNCTION_ENVIRONMENT is not JSON/],
    ['ZEROSUM_ASSEMBLY', '/nowhere', /^The synthesised \/nowhere\/manifest\.json cannot be read/],
  ])('with a senseless %s', async (name, value, sentence) => {
    expect(await refusal({ env: { [name]: value } })).toMatch(sentence);
  });

  test.concurrent('with a function that does not load, or a property nobody knows', async () => {
    const broken = writeAssembly({ app: { Resources: resources } }, { handler: "throw new Error('no configuration')" });
    expect(await refusal({ env: { ZEROSUM_ASSEMBLY: broken } })).toMatch(
      /^The function Function does not load \(no configuration\)/,
    );
    const vpc = writeAssembly(
      { app: { Resources: { ...resources, Function: lambda('handler', { VpcConfig: {} }) } } },
      { handler },
    );
    expect(await refusal({ env: { ZEROSUM_ASSEMBLY: vpc } })).toMatch(
      /^Function \(AWS::Lambda::Function\) .*VpcConfig/,
    );
  });
});
