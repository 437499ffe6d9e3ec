import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { addConsolePage, buildConsolePage } from '../../lib/console-page.ts';
import { FIRST_LOAD_BUDGET_BYTES, pageTransferBytes } from '../../localstack/bench/bundle-size.ts';
import { temporaryFolder } from '../support/stack.ts';

let page: string;

beforeAll(async () => {
  page = await buildConsolePage(join(temporaryFolder(), 'page'));
});

function contents(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(paths.sort().map((path) => [path.slice(folder.length), readFileSync(path, 'utf8')]));
}

it('is the same page whenever it is built, with nothing of an earlier build', async () => {
  const folder = join(temporaryFolder(), 'page');
  mkdirSync(folder);
  writeFileSync(join(folder, 'of-an-earlier-build.js'), '');
  const again = await buildConsolePage(folder);
  expect(contents(again)).toEqual(contents(page));
  expect(Object.keys(contents(page)).filter((name) => name.endsWith('.map'))).toEqual([]);
});

it('weighs less in all than what a first look may transfer', () => {
  const bytes = pageTransferBytes(page);
  expect(
    Object.values(bytes).reduce((total, each) => total + each, 0),
    JSON.stringify(bytes),
  ).toBeLessThan(FIRST_LOAD_BUDGET_BYTES);
});

it('leaves nothing of an earlier page in a bundle', () => {
  const bundle = temporaryFolder();
  mkdirSync(join(bundle, 'page'));
  writeFileSync(join(bundle, 'page', 'old.js'), '');
  addConsolePage(bundle, page);
  expect(existsSync(join(bundle, 'page', 'old.js'))).toBe(false);
  expect(contents(join(bundle, 'page'))).toEqual(contents(page));
});

it('says what is wrong with a page that does not build', async () => {
  await expect(buildConsolePage('/dev/null/page')).rejects.toThrow(/page does not build: mend it\. .*\/dev\/null/s);
});
