import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lambda, restApi, writeAssembly } from '../support/handwritten-assembly.ts';
import { rawRequest } from '../support/raw-request.ts';
import { type RunningStack, startStack } from '../support/stack.ts';

/** Answers what the body asks for. */
const obedient = `
  export const handler = async (event) => {
    const wish = event.body === null ? {} : JSON.parse(event.body);
    if (wish.throw) throw new Error(wish.throw);
    if (wish.exit) process.exit(3);
    if (wish.hang) await new Promise(() => setInterval(() => {}, 1000));
    if (wish.mirror) return { statusCode: 200, body: event.body };
    return wish.answer;
  };`;

let stack: RunningStack;

function gatewayResponse(ResponseType: string, StatusCode: string, title: string): object {
  return {
    Type: 'AWS::ApiGateway::GatewayResponse',
    Properties: {
      RestApiId: { Ref: 'Api' },
      ResponseType,
      StatusCode,
      ResponseParameters: {
        'gatewayresponse.header.content-type': "'application/problem+json'",
        'gatewayresponse.header.x-request-id': 'context.requestId',
      },
      ResponseTemplates: { 'application/json': `{"title":"${title}","request_id":"$context.requestId"}` },
    },
  };
}

function ask(wish: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${stack.url}/ask`, { method: 'POST', body: JSON.stringify(wish), headers });
}

beforeAll(async () => {
  const resources = {
    Obedient: lambda('obedient', { Timeout: 1 }),
    Unknown: gatewayResponse('MISSING_AUTHENTICATION_TOKEN', '404', 'no such route'),
    Large: gatewayResponse('REQUEST_TOO_LARGE', '413', 'too large'),
    Client: gatewayResponse('DEFAULT_4XX', '400', 'unreadable'),
    Server: gatewayResponse('DEFAULT_5XX', '503', 'unavailable'),
    ...restApi({ '/ask': { POST: 'Obedient' } }, { BinaryMediaTypes: ['image/*'] }),
  };
  const assembly = writeAssembly({ app: { Resources: resources } }, { obedient });
  stack = await startStack({ env: { ZEROSUM_ASSEMBLY: assembly } });
});

afterAll(() => stack?.stop());

describe('refusals by the gateway', () => {
  test('an unknown route is worded by its gateway response, with the request id in header and body', async () => {
    const response = await fetch(`${stack.url}/elsewhere`);
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    const id = response.headers.get('x-request-id');
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(await response.json()).toEqual({ title: 'no such route', request_id: id });
  });

  test.each([
    ['throws', { throw: 'no' }],
    ['dies', { exit: true }],
    ['outstays its timeout', { hang: true }],
    ['answers nothing', { answer: null }],
    ['answers text', { answer: 'hello' }],
    ['answers without a status', { answer: { body: 'hello' } }],
    ['answers a body that is no text', { answer: { statusCode: 200, body: { a: 1 } } }],
    ['answers headers that cannot be sent', { answer: { statusCode: 200, headers: { a: 'b\nc' } } }],
    ['answers headers that are no text', { answer: { statusCode: 200, headers: { a: {} } } }],
  ])('a function that %s is a 5XX', async (_name, wish) => {
    const response = await ask(wish);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ title: 'unavailable' });
  });

  test('a body over 10 MB is refused, announced or streamed, and so is an event over Lambda’s 6 MB', async () => {
    for (const size of [10 * 1_048_576 + 1, 7 * 1_048_576]) {
      const response = await fetch(`${stack.url}/ask`, { method: 'POST', body: Buffer.alloc(size, ' ') });
      expect(response.status).toBe(413);
    }
    const status = await new Promise((fulfil, reject) => {
      const sending = request(`${stack.url}/ask`, { method: 'POST' }, (response) => {
        fulfil(response.statusCode);
        sending.destroy();
      });
      sending.once('error', reject);
      for (let sent = 0; sent <= 10; sent += 1) sending.write(Buffer.alloc(1_048_576, ' '));
    });
    expect(status).toBe(413);
  });

  test('what is not HTTP is answered too', async () => {
    const text = await rawRequest(stack.url, 'nonsense\r\n\r\n');
    expect(text).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(text).toContain('"title":"unreadable"');
  });

  test('so is what HTTP/1.1 itself refuses: a request that names no host', async () => {
    const text = await rawRequest(stack.url, 'GET /ask HTTP/1.1\r\nConnection: close\r\n\r\n');
    expect(text).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(text).toContain('"title":"unreadable"');
  });
});

test('an expectation nobody knows is no reason to refuse', async () => {
  const head = 'POST /ask HTTP/1.1\r\nHost: x\r\nExpect: wonders\r\nContent-Length: 15\r\n';
  const text = await rawRequest(stack.url, `${head}Connection: close\r\n\r\n{"mirror":true}`);
  expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
});

describe('a function’s answer', () => {
  test('keeps status, headers and repeated headers; what API Gateway renames is renamed', async () => {
    const response = await ask({
      answer: {
        statusCode: 401,
        headers: { 'x-one': 1, 'WWW-Authenticate': 'Bearer' },
        multiValueHeaders: { 'set-cookie': ['a=1', 'b=2'] },
        body: 'é',
      },
    });
    expect(response.status).toBe(401);
    expect(response.headers.get('x-one')).toBe('1');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(response.headers.get('x-amzn-remapped-www-authenticate')).toBe('Bearer');
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.text()).toBe('é');
  });

  test('in base64 is decoded when the client accepts a binary type, else passed on as it is', async () => {
    const body = Buffer.from([0, 255, 1]).toString('base64');
    const answer = { statusCode: 200, isBase64Encoded: true, body };
    const image = await ask({ answer }, { accept: 'image/png' });
    expect(Buffer.from(await image.arrayBuffer())).toEqual(Buffer.from([0, 255, 1]));
    expect(await (await ask({ answer }, { accept: 'text/plain' })).text()).toBe(body);
  });

  test('sees a body that is not declared binary as text, mangled where it is not UTF-8', async () => {
    const bytes = Buffer.concat([Buffer.from('{"mirror":"'), Buffer.from([0xff]), Buffer.from('"}')]);
    const response = await fetch(`${stack.url}/ask`, { method: 'POST', body: bytes });
    expect(await response.text()).toBe('{"mirror":"\uFFFD"}');
  });
});
