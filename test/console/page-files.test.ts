import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { readPageFiles } from '../../lambdas/console/page-files.ts';
import { temporaryFolder } from '../support/stack.ts';

it('holds every file of the folder, as it is and compressed', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'a-1.js'), 'let a;');
  writeFileSync(join(folder, 'b-2.png'), Uint8Array.of(0, 255));
  const files = readPageFiles(folder);
  expect([...files].map(([name, { contentType }]) => [name, contentType])).toEqual([
    ['a-1.js', 'text/javascript; charset=utf-8'],
    ['b-2.png', 'image/png'],
  ]);
  for (const { bytes, gzipped } of files.values()) expect([...gunzipSync(gzipped)]).toEqual([...bytes]);
});

it('refuses a file whose type nobody has named', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'a-1.wasm'), '');
  expect(() => readPageFiles(folder)).toThrow('a-1.wasm');
});
