import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runRotateSecret } from '../../bin/rotate-secret.ts';
import { runToken } from '../../bin/token.ts';
import { request } from '../support/client.ts';
import { forget } from '../support/forget.ts';
import { type RunningStack, startStack } from '../support/stack.ts';
import { meterco, ownHeaders } from '../support/webhook-signer.ts';

let stack: RunningStack;

beforeAll(async () => {
  stack = await startStack();
  vi.stubEnv('ZEROSUM_DATA', stack.data);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await stack?.stop();
});

async function newToken(): Promise<string> {
  const { out = '' } = await runToken(['--local', '--tenant', 'tenant_alpha']);
  return out;
}

async function balance(token: string): Promise<number> {
  return (await request(`${stack.url}/balance`, { headers: { authorization: `Bearer ${token}` } })).status;
}

let deliveries = 0;

async function deliver(): Promise<number> {
  const body = JSON.stringify({ event_id: `delivery-${++deliveries}`, metric: 'api_call', quantity: 1 });
  const headers = ownHeaders(meterco, body, Math.floor(Date.now() / 1_000));
  return (await request(`${stack.url}/webhooks/usage`, { method: 'POST', body, headers })).status;
}

describe('a token that an operator mints', () => {
  it('is all that the command prints, and is accepted', async () => {
    const script = ['--import', 'tsx', 'bin/token.ts', '--local', '--tenant', 'tenant_alpha'];
    const { stdout, stderr, status } = spawnSync(process.execPath, script, { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    expect(await balance(stdout.trim())).toBe(200);
  });
});

describe('a rotation of the token secret', () => {
  it('leaves older tokens valid until the next one, which comes no sooner than it may', async () => {
    const first = await newToken();
    expect((await runRotateSecret(['--local', '--secret', 'jwt'])).code).toBe(0);
    const second = await newToken();
    await forget(stack, 'Read');
    expect([await balance(first), await balance(second)]).toEqual([200, 200]);
    expect((await runRotateSecret(['--local', '--secret', 'jwt'])).code).toBe(1);
    expect((await runRotateSecret(['--local', '--secret', 'jwt', '--force'])).code).toBe(0);
    await forget(stack, 'Read');
    expect([await balance(first), await balance(second), await balance(await newToken())]).toEqual([401, 200, 200]);
  });
});

describe('a rotation of the seal secret', () => {
  it('keeps every webhook key working, however often it comes', async () => {
    for (const rotation of ['first', 'second', 'third']) {
      const { code, out } = await runRotateSecret(['--local', '--secret', 'webhook-seal', '--force']);
      expect({ code, out }, rotation).toEqual({ code: 0, out: expect.stringContaining('damaged: 0') });
      await forget(stack, 'Ingest');
      expect(await deliver(), rotation).toBe(202);
    }
  });
});
