import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mint, TenantClient } from '../support/client.ts';
import { type RunningStack, startStack, temporaryFolder } from '../support/stack.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PAGE = readFileSync(join(ROOT, 'docs/proofs.md'), 'utf8');
const steps = [...PAGE.matchAll(/```sh\n(.*?)```/gs)].map((match) => match[1] ?? '');

let stack: RunningStack;

beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack?.stop());

it('proves a charge as docs/proofs.md shows it', async () => {
  const [charge = '', anchor = '', check = ''] = steps;
  const folder = temporaryFolder();
  const tokens = { ALPHA: await mint({ tenant_id: 'tenant_alpha' }), ADMIN: await mint({ admin: true }) };
  const shell = async (script: string) => {
    const here = script
      .replaceAll('http://127.0.0.1:3000', stack.url)
      .replaceAll('.zerosum/stack.json', join(stack.data, 'stack.json'))
      .replaceAll(/\b(anchor|receipt)\.json/g, (name) => join(folder, name));
    const env = { ...process.env, ...tokens };
    return (await promisify(execFile)('bash', ['-euc', here], { cwd: ROOT, env })).stdout;
  };
  expect(await shell(charge)).toBe('{"accepted":true,"event_id":"api:to-prove"}');
  await new TenantClient(() => stack.url, 'tenant_alpha').settled('api:to-prove');
  expect(await shell(anchor)).toContain('"ok":true');
  const said = await shell(check);
  expect(said).toMatch(/^PROVEN: api:to-prove\n/);
  expect(said).toContain('100 minor units');
});
