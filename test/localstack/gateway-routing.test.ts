import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lambda, restApi, writeAssembly } from '../support/handwritten-assembly.ts';
import { rawRequest } from '../support/raw-request.ts';
import { type RunningStack, startStack } from '../support/stack.ts';

interface ProxyEvent {
  readonly resource: string;
  readonly path: string;
  readonly httpMethod: string;
  readonly headers: Record<string, string>;
  readonly multiValueHeaders: Record<string, string[]>;
  readonly pathParameters: Record<string, string> | null;
  readonly queryStringParameters: Record<string, string> | null;
  readonly multiValueQueryStringParameters: Record<string, string[]> | null;
  readonly requestContext: { requestId: string; stage: string; path: string; identity: { sourceIp: string } };
  readonly body: string | null;
  readonly isBase64Encoded: boolean;
}

/** Answers with the event, and with its own name. */
const echo = (name: string) => `
  export const handler = async (event) => ({
    statusCode: 200, headers: { 'x-function': '${name}' }, body: JSON.stringify(event),
  });`;

let stack: RunningStack;

async function get(path: string, init: RequestInit = {}): Promise<{ event: ProxyEvent; answeredBy: string | null }> {
  const response = await fetch(`${stack.url}${path}`, init);
  return { event: (await response.json()) as ProxyEvent, answeredBy: response.headers.get('x-function') };
}

beforeAll(async () => {
  const routes = {
    '/': { ANY: 'One' },
    '/things': { GET: 'Two', ANY: 'One' },
    '/things/{id}': { ANY: 'One' },
    '/things/special': { ANY: 'Two' },
    '/things/{id}/parts': { GET: 'Two' },
    '/{proxy+}': { ANY: 'Rest' },
  };
  const assembly = writeAssembly(
    {
      app: {
        Resources: {
          One: lambda('one'),
          Two: lambda('two'),
          Rest: lambda('rest'),
          ...restApi(routes, { BinaryMediaTypes: ['*/*'] }),
        },
      },
    },
    { one: echo('one'), two: echo('two'), rest: echo('rest') },
  );
  stack = await startStack({ env: { ZEROSUM_ASSEMBLY: assembly } });
});

afterAll(() => stack?.stop());

describe('routing', () => {
  test.each([
    ['GET', '/', 'one', '/'],
    ['GET', '/things', 'two', '/things'],
    ['POST', '/things', 'one', '/things'],
    ['GET', '/things/special', 'two', '/things/special'],
    ['GET', '/things/other', 'one', '/things/{id}'],
    ['GET', '/things/other/parts', 'two', '/things/{id}/parts'],
    ['GET', '/things/special/parts', 'two', '/things/{id}/parts'],
    ['GET', '/things/other/wholes', 'rest', '/{proxy+}'],
    ['GET', '/things/', 'rest', '/{proxy+}'],
    ['GET', '/elsewhere/far/away', 'rest', '/{proxy+}'],
  ])('%s %s is answered by %s as %s, also under the stage', async (method, path, by, resource) => {
    for (const prefix of ['', '/live']) {
      const { event, answeredBy } = await get(prefix + path, { method });
      expect(answeredBy).toBe(by);
      expect(event).toMatchObject({ resource, path, httpMethod: method });
      expect(event.requestContext).toMatchObject({ stage: 'live', path: prefix + path });
    }
  });

  test('a stage prefix alone is the root, and a path that only begins like it is not', async () => {
    expect((await get('/live')).event.path).toBe('/');
    expect((await get('/lively')).event.path).toBe('/lively');
  });

  test('HEAD belongs to ANY and has no body', async () => {
    const response = await fetch(`${stack.url}/things/x`, { method: 'HEAD' });
    expect([response.status, response.headers.get('x-function'), await response.text()]).toEqual([200, 'one', '']);
  });

  test('a method the resource lacks is the default gateway response', async () => {
    const response = await fetch(`${stack.url}/things/x/parts`, { method: 'DELETE' });
    expect(response.status).toBe(403);
    expect(await response.json()).toEqual({ message: 'Missing Authentication Token' });
  });
});

describe('the event', () => {
  test('carries path parameters as they were sent, percent-encoded', async () => {
    const { event } = await get('/things/api%3Aa%2Fb%20c%C3%A9%00');
    expect(event.pathParameters).toEqual({ id: 'api%3Aa%2Fb%20c%C3%A9%00' });
    expect(event.path).toBe('/things/api%3Aa%2Fb%20c%C3%A9%00');
    expect((await get('/x/y%2fz')).event.pathParameters).toEqual({ proxy: 'x/y%2fz' });
  });

  test('carries the query decoded, single and multiple', async () => {
    const { event } = await get('/things?a=1&a=2%20x&b=%C3%A9&c');
    expect(event.queryStringParameters).toEqual({ a: '2 x', b: 'é', c: '' });
    expect(event.multiValueQueryStringParameters).toEqual({ a: ['1', '2 x'], b: ['é'], c: [''] });
    const bare = (await get('/things')).event;
    expect([bare.queryStringParameters, bare.multiValueQueryStringParameters]).toEqual([null, null]);
  });

  test('carries repeated headers, whatever their names', async () => {
    const text = await rawRequest(
      stack.url,
      'GET /things/x HTTP/1.1\r\nHost: here\r\nX-A: 1\r\nx-a: 2\r\n__proto__: p\r\nConnection: close\r\n\r\n',
    );
    const event = JSON.parse(text.slice(text.indexOf('\r\n\r\n'))) as ProxyEvent;
    expect(event.headers['X-A']).toBe('2');
    expect(event.multiValueHeaders['X-A']).toEqual(['1', '2']);
    expect(Object.getOwnPropertyDescriptor(event.headers, '__proto__')?.value).toBe('p');
    expect(event.headers['Connection']).toBeUndefined();
  });

  test('carries the very bytes of a body, valid text or not', async () => {
    const bytes = Buffer.from([0xff, 0xfe, 0x00, 0x7b, 0xc3]);
    for (const headers of [{}, { 'content-type': 'application/json' }]) {
      const { event } = await get('/things', { method: 'POST', body: bytes, headers });
      expect(event.isBase64Encoded).toBe(true);
      expect(Buffer.from(event.body ?? '', 'base64')).toEqual(bytes);
    }
    expect((await get('/things', { method: 'POST' })).event).toMatchObject({ body: null, isBase64Encoded: false });
  });

  test('has a request id of its own and the sender’s address', async () => {
    const [a, b] = [(await get('/')).event.requestContext, (await get('/')).event.requestContext];
    expect(a.requestId).not.toBe(b.requestId);
    expect(a.identity.sourceIp).toBe('127.0.0.1');
  });
});
