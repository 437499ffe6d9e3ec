import { describe, expect, it } from 'vitest';
import { jsonObject } from '../../lambdas/http/json-body.ts';
import { httpRequest } from '../support/http-requests.ts';

const read = (body: string | Uint8Array, headers: Record<string, string> = {}) =>
  jsonObject(httpRequest('POST', '/events', { body, headers }));

describe('a body', () => {
  it('is a JSON object, whatever its Content-Type says', () => {
    for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded', 'nonsense']) {
      expect(read('{"a":1}', { 'content-type': type })).toEqual({ a: 1 });
    }
  });

  it.each([
    '',
    ' ',
    '[]',
    '1',
    '"x"',
    'null',
    'true',
    '{',
    '{a:1}',
    "{'a':1}",
    '{"a":1},',
    '{"a":1}{}',
    '{"a":01}',
    'NaN',
    '// c\n{}',
  ])('may not be %j', (body) => {
    expect(() => read(body)).toThrow(expect.objectContaining({ status: 400 }));
  });

  it.each([
    ['a stray byte', [0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]],
    ['an overlong form', [0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d]],
    ['an encoded surrogate', [0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d]],
    ['a cut character', [0x7b, 0x22, 0xe2, 0x82, 0x22, 0x3a, 0x31, 0x7d]],
    ['UTF-16', [...Buffer.from('\ufeff{}', 'utf16le')]],
  ])('that is not UTF-8 is refused, not repaired: %s', (_, bytes) => {
    expect(() => read(Uint8Array.from(bytes))).toThrow(expect.objectContaining({ status: 400 }));
  });

  it('may begin with a byte order mark', () => {
    expect(read('\ufeff{"a":1}')).toEqual({ a: 1 });
  });

  it('has the last of two values under one key, as JSON.parse does', () => {
    expect(read('{"a":1,"a":2}')).toEqual({ a: 2 });
  });

  it('nested 100,000 deep is read or refused, and ends nothing', () => {
    const deep = `{"x":${'['.repeat(100_000)}${']'.repeat(100_000)},"a":1}`;
    expect(read(deep)['a']).toBe(1);
    expect(() => read('['.repeat(100_000))).toThrow(expect.objectContaining({ status: 400 }));
  });

  it('cannot reach a prototype', () => {
    read('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}');
    expect('polluted' in {}).toBe(false);
  });
});
