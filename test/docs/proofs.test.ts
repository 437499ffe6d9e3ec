import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mint, TenantClient } from '../support/client.ts';
import { shellBlocks, typed } from '../support/documented-commands.ts';
import { type RunningStack, startStack, temporaryFolder } from '../support/stack.ts';

const steps = shellBlocks('docs/proofs.md');

let stack: RunningStack;

beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack?.stop());

it('proves a charge as docs/proofs.md shows it', async () => {
  const [charge = '', anchor = '', check = ''] = steps;
  const folder = temporaryFolder();
  const tokens = { ALPHA: await mint({ tenant_id: 'tenant_alpha' }), ADMIN: await mint({ admin: true }) };
  const instead = {
    '.zerosum/stack.json': join(stack.data, 'stack.json'),
    ...Object.fromEntries(['anchor.json', 'receipt.json'].map((name) => [name, join(folder, name)])),
  };
  const shell = (script: string) => typed(script, { url: stack.url, env: tokens, instead });
  expect(await shell(charge)).toBe('{"accepted":true,"event_id":"api:to-prove"}');
  await new TenantClient(() => stack.url, 'tenant_alpha').settled('api:to-prove');
  expect(await shell(anchor)).toContain('"ok":true');
  const said = await shell(check);
  expect(said).toMatch(/^PROVEN: api:to-prove\n/);
  expect(said).toContain('100 minor units');
});
