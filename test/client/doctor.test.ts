import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { type JWTPayload, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../client/doctor/finding.ts';
import { checkNode, checkProxy } from '../../client/doctor/this-machine.ts';
import { freePort } from '../../localstack/embedded/engines/free-port.ts';
import { AdminClient } from '../support/admin-client.ts';
import { mint } from '../support/client.ts';
import { CommandLine } from '../support/command-line.ts';
import { type EmbeddedStack, startEmbeddedStack, temporaryFolder } from '../support/stack.ts';

const FAILED = 1;

/** 2036. */
const FAR_SECONDS = 2_082_758_400;

let stack: EmbeddedStack;
let cli: CommandLine;
const servers: { close(): unknown }[] = [];

beforeAll(async () => {
  [stack, cli] = await Promise.all([startEmbeddedStack(), CommandLine.build()]);
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});
afterAll(() => stack?.stop());

interface Surroundings {
  readonly url?: string;
  readonly token?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** What the doctor finds, by check; it must never show the credential. */
async function examined({ url = stack.url, token, env }: Surroundings) {
  const surroundings = {
    url,
    env: { ZEROSUM_DATA: stack.data, PORT: String(await freePort()), ...env },
    ...(token !== undefined && { token }),
  };
  const { code, stdout, stderr } = await cli.run(['doctor', '--json'], surroundings);
  expect(stderr).toBe('');
  if (token !== undefined) expect(stdout).not.toContain(token.slice(-20));
  const { ok, findings } = JSON.parse(stdout) as { ok: boolean; findings: Finding[] };
  for (const { state, cure } of findings) expect(cure === undefined).toBe(state === 'ok');
  expect(ok).toBe(code === 0);
  return { code, found: Object.fromEntries(findings.map((finding) => [finding.check, finding])) };
}

async function listening(server: Server | ReturnType<typeof createTcpServer>): Promise<string> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const serving = (listener: RequestListener) => listening(createServer(listener));

/** A service that looks like Zerosum, whose clock is off by so many seconds. */
function skewed(seconds: number): Promise<string> {
  return serving((_, response) => {
    response.sendDate = false;
    const date = new Date(Date.now() + seconds * 1_000).toUTCString();
    response.writeHead(200, { date }).end('{"status":"alive"}');
  });
}

describe('of a healthy stack', () => {
  it('says that all is well, for a tenant, an administrator and an API key', async () => {
    const admin = new AdminClient(() => stack.url);
    const issued = await admin.post('/api-keys', { tenant: 'tenant_alpha', scopes: ['usage:write'] });
    const cases = [
      [
        await signed({ tenant_id: 'tenant_alpha', exp: FAR_SECONDS }),
        'tenant tenant_alpha',
        'GET /balance is answered',
      ],
      [await signed({ admin: true, exp: FAR_SECONDS }), 'an administrator', 'GET /tenants'],
      [issued.json.secret as string, 'API key', 'the key has usage:write'],
    ] as const;
    for (const [token, who, access] of cases) {
      const { code, found } = await examined({ token });
      expect(code, JSON.stringify(found)).toBe(0);
      expect(found['Credential']?.seen).toContain(who);
      expect(found['Access']?.seen).toContain(access);
      for (const check of ['Node', 'Engine', 'Data folder', 'Stack', 'Service', 'Readiness', 'Clock', 'Access']) {
        expect(found[check]?.state, check).toBe('ok');
      }
    }
  });

  it('tells a person what was seen, and the cure below it', async () => {
    const { code, stdout } = await cli.run(['doctor'], { url: stack.url, env: { ZEROSUM_DATA: stack.data } });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ok {4}Service {6}Zerosum \S+ answers at http/m);
    expect(stdout).toMatch(/^warn {2}Credential {3}there is none in ZEROSUM_TOKEN\n +-> export ZEROSUM_TOKEN=/m);
  });
});

describe('of a credential', () => {
  it('finds what is wrong with it', async () => {
    const nowSeconds = Math.floor(Date.now() / 1_000);
    const claim = (claims: object) => mint({ tenant_id: 'tenant_alpha', ...claims });
    const cases = [
      ['not-a-token-of-any-kind-at-all', 'Credential', 'FAIL', 'it is neither a token nor an API key'],
      [await signed({ tenant_id: 'tenant_alpha', exp: nowSeconds - 7_200 }), 'Credential', 'FAIL', 'expired 2 h ago'],
      [await claim({}), 'Credential', 'warn', 'good for 60 min'],
      [await claim({ nbf: nowSeconds + 600 }), 'Credential', 'FAIL', 'not valid for another'],
      [await mint({ sub: 'nobody' }), 'Credential', 'FAIL', 'no tenant_id'],
      [
        await mint({ tenant_id: 'tenant_alpha' }, 'a secret of another stage entirely'),
        'Access',
        'FAIL',
        'refuses the token',
      ],
      [`zs_made_up_${'0'.repeat(64)}`, 'Access', 'FAIL', 'does not know the key'],
    ] as const;
    for (const [token, check, state, seen] of cases) {
      const { code, found } = await examined({ token });
      expect(found[check], seen).toMatchObject({ state, seen: expect.stringContaining(seen) });
      expect(code).toBe(state === 'FAIL' ? FAILED : 0);
    }
  });
});

describe('of an address', () => {
  it('at which nothing listens, says how to start, or where a stack runs', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const elsewhere = await examined({ url });
    expect(elsewhere.code).toBe(FAILED);
    expect(elsewhere.found['Service']).toMatchObject({
      state: 'FAIL',
      seen: `nothing listens at ${new URL(url).host}`,
    });
    expect(elsewhere.found['Service']?.cure).toContain(`export ZEROSUM_URL=${stack.url}`);
    const nowhere = await examined({ url, env: { ZEROSUM_DATA: temporaryFolder() } });
    expect(nowhere.found['Service']?.cure).toContain('npm start');
  });

  it('at which something else listens, says who', async () => {
    const web = await serving((_, response) => void response.writeHead(404, { server: 'other' }).end('<html>'));
    const { code, found } = await examined({ url: web });
    expect(code).toBe(FAILED);
    expect(found['Service']).toMatchObject({ state: 'FAIL', seen: expect.stringContaining('answers 404') });
    if (process.platform === 'linux') expect(found['Service']?.seen).toContain(`process ${process.pid} (`);

    const silent = await listening(createTcpServer((socket) => socket.end('220 hello\r\n')));
    expect((await examined({ url: silent })).found['Service']?.seen).toContain('gives no answer in HTTP');
    const tls = stack.url.replace('http:', 'https:');
    expect((await examined({ url: tls })).found['Service']?.cure).toContain('http:// instead of https://');
  });

  it.each([
    [0, 'ok', "agrees with the service's"],
    [-60, 'warn', 's ahead of'],
    [600, 'FAIL', 's behind'],
  ])('whose clock is off by %d seconds, measures it', async (seconds, state, seen) => {
    const { found } = await examined({ url: await skewed(seconds) });
    expect(found['Clock']).toMatchObject({ state, seen: expect.stringContaining(seen) });
  });

  it('that is alive and not ready, says so', async () => {
    const url = await serving(({ url: path }, response) => {
      response.writeHead(path === '/healthz' ? 200 : 503).end('{"status":"alive"}');
    });
    expect((await examined({ url })).found['Readiness']).toMatchObject({
      state: 'FAIL',
      cure: expect.stringContaining('npm start'),
    });
  });
});

describe('of this machine', () => {
  it('finds a stack that was left behind, a port that is taken and a folder that is no place for data', async () => {
    const data = temporaryFolder();
    mkdirSync(data, { recursive: true });
    // No process has this id: it is beyond what Linux gives.
    writeFileSync(join(data, 'stack.json'), '{"processId":4194305,"url":"http://127.0.0.1:1"}');
    const taken = await serving((_, response) => void response.end());
    const { found } = await examined({ env: { ZEROSUM_DATA: data, PORT: new URL(taken).port } });
    expect(found['Stack']).toMatchObject({ state: 'warn', seen: expect.stringContaining('process 4194305') });
    expect(found['Port']).toMatchObject({ state: 'warn', seen: expect.stringContaining('is taken by') });
    const noFolder = await examined({ env: { ZEROSUM_DATA: '/proc/zerosum' } });
    expect(noFolder.found['Data folder']?.state).toBe('FAIL');
  });

  it('wants a Node that runs it, and tells of a proxy that is not asked', () => {
    expect(checkNode('20.18.3')).toMatchObject({ state: 'FAIL' });
    for (const version of ['20.19.0', '24.1.0']) expect(checkNode(version).state).toBe('ok');
    const env = { https_proxy: 'http://user:secret@proxy:8080' };
    const [found] = checkProxy('https://api.example.com', env);
    expect(found).toMatchObject({ state: 'warn', seen: 'HTTPS_PROXY is set, and is not used' });
    expect(checkProxy('http://localhost:3000', env)).toEqual([]);
  });
});

/** A token of the development stack with exactly these claims. */
function signed(claims: JWTPayload): Promise<string> {
  const secret = new TextEncoder().encode('dev_jwt_secret_1');
  return new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(secret);
}
