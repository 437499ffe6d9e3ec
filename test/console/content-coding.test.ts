import { expect, it } from 'vitest';
import { acceptsGzip } from '../../lambdas/console/content-coding.ts';

it.each([
  [undefined, false],
  ['', false],
  ['gzip', true],
  ['GZIP', true],
  ['gzip, deflate, br, zstd', true],
  ['br;q=1.0, gzip;q=0.8, *;q=0.1', true],
  ['deflate, br', false],
  ['identity', false],
  ['*', true],
  ['*;q=0', false],
  ['gzip;q=0', false],
  ['gzip; q=0.000, *', false],
  ['gzip;q=0.001', true],
  ['identity;q=1, *;q=0', false],
  ['x-gzip', false],
])('%j lets an answer be compressed: %s', (accepted, expected) => {
  expect(acceptsGzip(accepted)).toBe(expected);
});
