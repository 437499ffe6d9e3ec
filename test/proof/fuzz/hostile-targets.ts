import fc from 'fast-check';

const LONG = 3_000;

/** Texts for a query as they are sent: some well encoded, some not. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    ...[
      '',
      '%',
      '%E0%A4%A',
      '%ff',
      '%00',
      '%C0%AF',
      '%ED%A0%80',
      '+',
      '%2B',
      '&',
      '=',
      '%0d%0aSet-Cookie:x',
      '%F0%9F%92%B6',
    ],
    ...[
      '__proto__=1',
      'limit=1&limit=2',
      'limit=-1',
      'limit=1e3',
      'limit=00000000001',
      'limit=%201',
      'limit[]=1',
      'cursor=e30',
    ],
    ...[
      'constructor=1',
      'period=2026-13',
      'from=2026-02-30',
      'proof=FULL',
      '2026-02-30',
      '-1',
      '1e3',
      '0',
      '1.5',
      'NaN',
    ],
    ...['9999-12', '0000-01', '2026-1', "'%20OR%201=1", 'x'.repeat(LONG), '%F0%9F%98%80'.repeat(LONG / 12)],
  ),
  fc.string({ unit: 'binary', maxLength: 30 }).map((text) => encodeURIComponent(text.toWellFormed())),
);

/** For a path's segment, which none of these may turn into another path. */
export const hostileSegment: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    ...[
      '%2F',
      '..',
      '.',
      '%2e%2e',
      '%2e%2e%2fbalance',
      '%00',
      '%',
      '%E0%A4%A',
      '%ff',
      '%ED%A0%80',
      'api:',
      'adj:',
      'wh::',
    ],
    ...[
      'api:%00',
      'api:%2F..%2F..',
      'batch',
      'api%3Ak0',
      'API:k0',
      'api:k0%20',
      'api:k0;x=1',
      '*',
      '%23',
      'run_',
      '__proto__',
    ],
    ...[`api:${'x'.repeat(200)}`, `api:${'x'.repeat(201)}`, `api:${'%F0%9F%92%B6'.repeat(51)}`, 'x'.repeat(LONG)],
    ...[
      'run_20200101000000000_00000000',
      'run_99999999999999999_ffffffff',
      'wh:whk_alpha_meterco:d0',
      'adj:a0',
      'api:k0',
    ],
  ),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }).map((text) => encodeURIComponent(text.toWellFormed())),
);

/** Headers that must change nothing, or make it refused. */
export const hostileHeaders: fc.Arbitrary<[name: string, value: string][]> = fc.array(
  fc.constantFrom<[name: string, value: string]>(
    ...([
      ['content-encoding', 'gzip'],
      ['content-encoding', 'identity'],
      ['content-encoding', 'br, gzip'],
      ['content-type', 'text/xml'],
      ['content-type', 'application/json; charset=utf-16'],
      ['content-type', ''],
      ['content-type', 'x'.repeat(LONG)],
      ['content-type', 'multipart/form-data'],
      ['accept', 'text/html'],
      ['accept', 'application/octet-stream'],
      ['accept', ''],
      ['accept-encoding', 'gzip'],
      ['x-http-method-override', 'DELETE'],
      ['x-forwarded-for', '127.0.0.1'],
      ['x-forwarded-prefix', '/admin'],
      ['x-request-id', 'mine'],
      ['x-tenant-id', 'tenant_beta'],
      ['x-amzn-trace-id', 'Root=1-x;Sampled=?'],
      ['origin', 'https://evil.example.com'],
      ['access-control-request-method', 'POST'],
      ['if-none-match', '*'],
      ['if-match', '"1"'],
      ['range', 'bytes=0-1'],
      ['cookie', 'a=b'],
      ['__proto__', 'x'],
      ['x-latin', '\u00e9\u00ff'],
      ['x-long', 'x'.repeat(LONG)],
      ['idempotency-key', 'mine'],
    ] as [string, string][]),
  ),
  { minLength: 1, maxLength: 3 },
);
