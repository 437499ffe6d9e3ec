import fc from 'fast-check';
import type { FuzzRequest } from './exchange.ts';

/** Bytes on a connection that HTTP clients don't send. */
export interface RawCase {
  readonly name: string;
  readonly bytes: Buffer;
  /** Whether the sender ends its side: else nobody can know that no more will come. */
  readonly isCut: boolean;
  /** Whether the connection may be closed without a word. */
  readonly maySayNothing: boolean;
  /** What it comes to for who takes it in spite of its form, if that has an effect. */
  readonly meaning?: FuzzRequest;
}

const LONG = 100_000;

interface Line {
  readonly method?: string;
  readonly target?: string;
  readonly version?: string;
  readonly headers?: readonly string[];
  readonly body?: string;
}

/** A request of these lines, as it is. */
function raw({
  method = 'GET',
  target = '/balance',
  version = 'HTTP/1.1',
  headers = ['host: x'],
  body = '',
}: Line): Buffer {
  return Buffer.from([`${method} ${target} ${version}`, ...headers, '', body].join('\r\n'), 'latin1');
}

/** @param token with which what can be understood gets past the door */
export function rawCases(token: string): fc.Arbitrary<RawCase> {
  const known = ['host: x', `authorization: Bearer ${token}`];
  const event = (key: string) =>
    JSON.stringify({ tenant: 'tenant_alpha', metric: 'api_call', quantity: 1, idempotency_key: key });
  const post = (headers: readonly string[], body: string): Buffer =>
    raw({ method: 'POST', target: '/events', headers: [...known, ...headers], body });
  const text = event('raw-1');
  const chunk = `${text.length.toString(16)}\r\n${text}\r\n`;
  const whole: Record<string, Buffer> = {
    ...Object.fromEntries(methods.map((method) => [`method ${method}`, raw({ method, headers: known })])),
    ...Object.fromEntries(targets.map((target) => [`target ${target.slice(0, 30)}`, raw({ target, headers: known })])),
    ...Object.fromEntries(versions.map((version) => [`version ${version}`, raw({ version, headers: known })])),
    ...Object.fromEntries(headers.map((line) => [`header ${line.slice(0, 30)}`, raw({ headers: [...known, line] })])),
    'no host': raw({ headers: known.slice(1) }),
    'two hosts': raw({ headers: ['host: a', 'host: b'] }),
    'two tokens': raw({ headers: [...known, 'authorization: Bearer x'] }),
    'many headers': raw({ headers: [...known, ...Array.from({ length: 500 }, (_, at) => `x-${at}: 1`)] }),
    'length and chunks': post([`content-length: ${text.length}`, 'transfer-encoding: chunked'], `${chunk}0\r\n\r\n`),
    'two lengths': post([`content-length: ${text.length}`, 'content-length: 5'], text),
    'no length': post(['content-length: abc'], text),
    'a negative length': post(['content-length: -1'], text),
    'a huge length': post(['content-length: 99999999999'], text),
    'an unknown coding': post(['transfer-encoding: gzip'], text),
    'chunks and a trailer': post(['transfer-encoding: chunked', 'trailer: x'], `${chunk}0\r\nx: 1\r\n\r\n`),
    'a chunk of no size': post(['transfer-encoding: chunked'], `zz\r\n${text}\r\n0\r\n\r\n`),
    'a chunk of a huge size': post(['transfer-encoding: chunked'], `ffffffffffffffffff\r\n${text}\r\n`),
    'an expectation': post([`content-length: ${text.length}`, 'expect: 100-continue'], text),
    'an unknown expectation': post([`content-length: ${text.length}`, 'expect: wonders'], text),
    'two at once': Buffer.concat([raw({ headers: known }), raw({ target: '/healthz' })]),
    'nothing but lines': Buffer.from('\r\n\r\n\r\n\r\n'),
    'a greeting of another protocol': Buffer.from('\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 'latin1'),
    'no version': Buffer.from('GET /balance\r\n\r\n'),
  };
  const cut: Record<string, Buffer> = {
    'a body cut': post([`content-length: ${text.length + 10}`], text),
    'chunks cut': post(['transfer-encoding: chunked'], chunk),
    'headers cut': Buffer.from('GET /balance HTTP/1.1\r\nhost: x\r\nx: '),
    nothing: Buffer.alloc(0),
  };
  const headersOfEvent = [['authorization', `Bearer ${token}`]] as const;
  const meaning = { method: 'POST', target: '/events', headers: headersOfEvent, body: Buffer.from(text) };
  const fixed: RawCase[] = [
    ...Object.entries(whole).map(([name, bytes]) => ({ name, bytes, isCut: false, maySayNothing: silent.has(name) })),
    ...Object.entries(cut).map(([name, bytes]) => ({ name, bytes, isCut: true, maySayNothing: true })),
  ].map((one) => (one.bytes.includes(text) ? { ...one, meaning } : one));
  const noise = fc
    .uint8Array({ minLength: 1, maxLength: 300 })
    .map((bytes): RawCase => ({ name: 'noise', bytes: Buffer.from(bytes), isCut: true, maySayNothing: true }));
  const pathBytes = fc.uint8Array({ minLength: 1, maxLength: 40 }).map(
    (bytes): RawCase => ({
      ...{ name: 'noise in the path', isCut: true, maySayNothing: true },
      bytes: Buffer.concat([
        Buffer.from('GET /events/'),
        Buffer.from(bytes),
        Buffer.from(' HTTP/1.1\r\nhost: x\r\n\r\n'),
      ]),
    }),
  );
  return fc.oneof({ arbitrary: fc.constantFrom(...fixed), weight: 6 }, noise, pathBytes);
}

const methods = [
  'TRACE',
  'PROPFIND',
  'QUERY',
  'FOO',
  'get',
  'G ET',
  '',
  'CONNECT',
  'OPTIONS',
  'HEAD',
  'M-SEARCH',
  'PURGE',
  'x'.repeat(LONG),
];

const targets = [
  ...[
    '*',
    '//',
    '/./balance',
    '/../balance',
    '/%2e%2e/balance',
    '/events/%2F..%2Fbalance',
    '/balance%00',
    '/balance;x=1',
  ],
  ...[
    '/balance?',
    '/balance??a',
    '/balance?%',
    '/balance#x',
    '\\balance',
    '/\xe9\xff',
    '/bal ance',
    '/balance\x00',
    '',
  ],
  ...[
    'http://x/balance',
    'http://evil.example.com/balance',
    'https://x',
    'x:443',
    '/local/balance',
    '/local/local/balance',
  ],
  ...[
    '/%62alance',
    '/BALANCE',
    '/balance/',
    '//balance',
    '/events//api:k0',
    `/${'x'.repeat(7_000)}`,
    `/${'x'.repeat(LONG)}`,
  ],
  ...[`/balance?${'a=1&'.repeat(2_000)}`, `/${'a/'.repeat(3_000)}`, '/__proto__', '/constructor', '/events/__proto__'],
];

const versions = ['HTTP/1.0', 'HTTP/0.9', 'HTTP/2.0', 'HTTP/9.9', 'HTTP/1.', 'http/1.1', 'ICE/1.0', ''];

const headers = [
  ...[
    `x: ${'x'.repeat(15_000)}`,
    `x: ${'x'.repeat(LONG)}`,
    `${'x'.repeat(LONG)}: 1`,
    'x',
    ': x',
    'x : 1',
    ' x: 1',
    'x: \x00',
    'x: \x7f',
  ],
  ...[
    'x\x00y: 1',
    'x: \xff\xfe',
    'connection: upgrade\r\nupgrade: websocket',
    'connection: close',
    'connection: x, y',
    'te: trailers',
  ],
  ...[
    'upgrade: h2c',
    'host: y',
    'content-length: 0',
    'transfer-encoding: identity',
    'x: a\r\n b',
    'x: a\rb',
    'x: a\nb',
  ],
  ...[
    'http2-settings: AAMAAABkAAQAAP__',
    'authorization: ',
    'cookie: a',
    '__proto__: 1',
    'content-encoding: gzip',
    'accept: x',
  ],
];

/** What a server may leave without an answer: a tunnel it does not dig, another protocol, and what is not yet over. */
const silent = new Set(['method CONNECT', 'nothing but lines', 'a chunk of a huge size', 'a huge length']);
