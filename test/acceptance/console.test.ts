import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runRotateSecret } from '../../bin/rotate-secret.ts';
import { FIRST_LOAD_BUDGET_BYTES } from '../../localstack/bench/bundle-size.ts';
import { developmentTokens } from '../../localstack/embedded/dev-tokens.ts';
import { type Answer, request } from '../support/client.ts';
import { loadedBy, loadedByScript } from '../support/console-page.ts';
import { forget } from '../support/forget.ts';
import { rawRequest } from '../support/raw-request.ts';
import { type RunningStack, startStack } from '../support/stack.ts';
import { ownHeaders } from '../support/webhook-signer.ts';

const PLAIN = { 'accept-encoding': 'identity' };
const GZIP = { 'accept-encoding': 'gzip', accept: '*/*' };

let stack: RunningStack;
let document: Answer;

beforeAll(async () => {
  stack = await startStack();
  document = await request(`${stack.url}/console`);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await stack?.stop();
});

function file(name: string, headers: Record<string, string> = PLAIN): Promise<Answer> {
  return request(`${stack.url}/console/${name}`, { headers });
}

/** Everything that the page loads wherever one goes, by name. */
async function everyFile(): Promise<Map<string, Answer>> {
  const found = new Map<string, Answer>();
  const visit = async (name: string): Promise<void> => {
    if (found.has(name)) return;
    const answer = await file(name);
    found.set(name, answer);
    for (const next of name.endsWith('.js') ? loadedByScript(answer.text) : []) await visit(next);
  };
  for (const name of loadedBy(document.text)) await visit(name);
  return found;
}

/** An answer's body as it was transferred. */
async function transferred(path: string): Promise<Buffer> {
  const asked = get(`${stack.url}${path}`, { headers: GZIP });
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  return buffer(answer);
}

describe('the document', () => {
  it('may load and call its own origin alone, run no text, and be held by no other page', () => {
    expect(document.status).toBe(200);
    expect(Object.fromEntries(document.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
      'cache-control': 'no-store',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': expect.stringContaining('camera=()'),
      'referrer-policy': 'no-referrer',
      'strict-transport-security': expect.stringContaining('max-age='),
      'x-content-type-options': 'nosniff',
      'x-request-id': expect.stringMatching(/./),
    });
    expect(document.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('has no script, style or handler in itself, and names no other origin', () => {
    expect(document.text).toMatch(/^<!doctype html>/);
    expect(document.text).not.toMatch(/<style|<base|<form|\sstyle=|\son\w+=|javascript:/i);
    expect([...document.text.matchAll(/<script\b[^>]*>(.*?)<\/script>/gs)].map(([, inside]) => inside)).toEqual(['']);
    const links = [...document.text.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, link]) => link);
    expect(links.filter((link) => !/^(?:\.\/console\/[\w-]+\.(?:js|css)|data:image\/)/.test(link ?? ''))).toEqual([]);
  });

  it('says which stage it is of', () => {
    const stage = /<meta name="zerosum-stage" content="([^"]*)">/.exec(document.text)?.[1];
    expect(stage).toBe(stack.info().stage);
  });
});

describe('what the document loads', () => {
  it('is served, wherever one goes: for ever, as what it is', async () => {
    const files = await everyFile();
    expect(files.size).toBeGreaterThan(2);
    for (const [name, { status, headers, text }] of files) {
      expect(status, name).toBe(200);
      expect(name).toMatch(/^[\w-]+-[\w-]{8}\.(?:js|css)$/);
      expect(headers.get('content-type')).toBe(`text/${name.endsWith('.js') ? 'javascript' : 'css'}; charset=utf-8`);
      expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(text.includes('sourceMappingURL'), name).toBe(false);
    }
  });

  it('is compressed for who takes that, and the same', async () => {
    const name = loadedBy(document.text)[0] ?? '';
    const [plain, compressed, refused] = await Promise.all([
      file(name),
      file(name, GZIP),
      file(name, { 'accept-encoding': 'gzip;q=0' }),
    ]);
    expect([plain, compressed, refused].map((one) => one?.headers.get('content-encoding'))).toEqual([
      null,
      'gzip',
      null,
    ]);
    for (const answer of [plain, compressed, refused]) {
      expect(answer.text).toBe(plain.text);
      expect(answer.headers.get('vary')).toContain('accept-encoding');
    }
    expect(gunzipSync(await transferred(`/console/${name}`)).toString()).toBe(plain.text);
  });

  it('is less in all than what a first look may transfer', async () => {
    const paths = ['/console', ...[...(await everyFile()).keys()].map((name) => `/console/${name}`)];
    let total = 0;
    for (const path of paths) total += (await transferred(path)).byteLength;
    expect(total).toBeLessThan(FIRST_LOAD_BUDGET_BYTES);
  });
});

it.each([
  ...['index.html', 'unknown.js', '__proto__', 'constructor', '%00', '%ff', 'a/b'],
  ...['..%2findex.html', '%2e%2e%2f%2e%2e%2findex.mjs', '..%5cindex.mjs', '%2fetc%2fpasswd', '....//index.mjs'],
])('what the page does not load is not there: %s', async (name) => {
  const answer = await file(name);
  expect(answer.status).toBe(404);
  expect(answer.json).toMatchObject({ type: 'urn:zerosum:problem:not_found', request_id: expect.any(String) });
  expect(answer.text).not.toContain('/index');
});

it('is not at the address with a slash, from where its URLs would lead elsewhere', async () => {
  const { status, headers } = await request(`${stack.url}/console/`, { redirect: 'manual' });
  // Which of the two, a gateway decides.
  expect([status, headers.get('location')]).toEqual(status === 404 ? [404, null] : [308, '../console']);
});

it.each(['HEAD', 'POST', 'PUT', 'DELETE'])('the console takes no %s', async (method) => {
  for (const path of ['/console', `/console/${loadedBy(document.text)[0]}`]) {
    const { status, headers } = await request(`${stack.url}${path}`, { method });
    expect([status, headers.get('allow')], path).toEqual([405, 'GET']);
  }
});

it('only a stage on this machine has a route that hands out credentials', async () => {
  const answer = await request(`${stack.url}/development`);
  expect(answer.status).toBe(process.env['ZEROSUM_EMULATOR'] === undefined ? 200 : 404);
  expect(answer.text.includes('tokens')).toBe(answer.status === 200);
});

describe('the development route', () => {
  const ask = (prefix = '') => request(`${stack.url}${prefix}/development`);
  const statusAs = async (host: string) =>
    (await rawRequest(stack.url, `GET /development HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`)).slice(
      9,
      12,
    );
  const balance = async (token: string) =>
    (await request(`${stack.url}/balance`, { headers: { authorization: `Bearer ${token}` } })).status;

  it('hands out the tokens of the README and the webhook key, all of which work', async () => {
    const { json, headers } = await ask();
    expect(json).toEqual({
      tokens: await developmentTokens(),
      tenants: { alpha: 'tenant_alpha', beta: 'tenant_beta' },
      webhook_key: { key_id: 'whk_alpha_meterco', secret: 'whsec_dev_alpha_meterco_1' },
    });
    expect((await ask('/local')).json).toEqual(json);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-request-id': expect.stringMatching(/./),
    });
    expect([await balance(json.tokens.alpha), await balance(json.tokens.beta)]).toEqual([200, 200]);
    const body = JSON.stringify({ event_id: 'delivery-1', metric: 'api_call', quantity: 1 });
    const key = { keyId: json.webhook_key.key_id, secret: json.webhook_key.secret };
    const signed = ownHeaders(key, body, Math.floor(Date.now() / 1_000));
    expect((await request(`${stack.url}/webhooks/usage`, { method: 'POST', body, headers: signed })).status).toBe(202);
  });

  it('answers who came by a name of this machine alone', async () => {
    const here = ['127.0.0.1', '127.0.0.1:3000', 'localhost', 'LocalHost:80', '[::1]:3000'];
    const elsewhere = [
      'evil.example',
      '127.0.0.1.evil.example',
      'localhost.evil.example:3000',
      '127.0.0.1@evil.example',
    ];
    expect(await Promise.all(here.map(statusAs))).toEqual(here.map(() => '200'));
    expect(await Promise.all(elsewhere.map(statusAs))).toEqual(elsewhere.map(() => '403'));
  });

  it('lets no other origin read it, and takes GET alone', async () => {
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'GET' };
    for (const method of ['GET', 'OPTIONS', 'POST', 'HEAD']) {
      const answer = await request(`${stack.url}/development`, { method, headers });
      expect(answer.status, method).toBe(method === 'GET' ? 200 : 405);
      expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });

  it('signs with the secret that the stack has now', async () => {
    vi.stubEnv('ZEROSUM_DATA', stack.data);
    expect((await runRotateSecret(['--local', '--secret', 'jwt', '--force'])).code).toBe(0);
    const { json } = await ask();
    expect(json.tokens).not.toEqual(await developmentTokens());
    await forget(stack, 'Read');
    expect(await balance(json.tokens.alpha)).toBe(200);
  });
});
