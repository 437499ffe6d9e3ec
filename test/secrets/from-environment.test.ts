import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { sealSecretFrom, secretsFrom } from '../../lambdas/secrets/from-environment.ts';

const TOKENS = { current: 'token-secret', previous: 'older' };
const SEAL = { current: 'seal-secret' };
const arns = { JWT_SECRET_ARN: 'arn:tokens', WEBHOOK_SEAL_SECRET_ARN: 'arn:seal' };

describe('a deployed function', () => {
  const kept: Record<string, string> = {
    'arn:tokens': JSON.stringify(TOKENS),
    'arn:seal': JSON.stringify(SEAL),
    'arn:broken': '{"current":7}',
  };
  let server: Server;

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const { SecretId } = (await json(request)) as { SecretId: string };
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify({ SecretString: kept[SecretId] }));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    vi.stubEnv('AWS_REGION', 'us-east-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    server.closeAllConnections();
    server.close();
  });

  it('reads each secret from Secrets Manager, and never repeats one that has another form', async () => {
    const environment = { ...arns, ZEROSUM_SECRETS_FILE: undefined };
    expect(await secretsFrom(environment).jwt()).toEqual(TOKENS);
    expect(await sealSecretFrom(environment)()).toEqual(SEAL);
    const broken = secretsFrom({ ...environment, JWT_SECRET_ARN: 'arn:broken' }).jwt();
    await expect(broken).rejects.toThrow('The secret in arn:broken does not have the form {"current": "..."}.');
  });
});

describe('the embedded stack', () => {
  it('has a file in its place', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'zerosum-secrets-'));
    const ZEROSUM_SECRETS_FILE = join(folder, 'secrets.json');
    writeFileSync(ZEROSUM_SECRETS_FILE, JSON.stringify({ jwt: TOKENS, webhookSeal: SEAL }));
    const environment = { ...arns, ZEROSUM_SECRETS_FILE };
    expect(await secretsFrom(environment).jwt()).toEqual(TOKENS);
    expect(await sealSecretFrom(environment)()).toEqual(SEAL);
    writeFileSync(ZEROSUM_SECRETS_FILE, JSON.stringify({ jwt: TOKENS }));
    await expect(sealSecretFrom(environment)()).rejects.toThrow('does not have the form');
    rmSync(folder, { recursive: true });
  });
});
