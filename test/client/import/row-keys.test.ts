import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { Occurrences } from '../../../client/import/occurrences.ts';
import { RowKeys } from '../../../client/import/row-keys.ts';
import { readOptions, rowsOf } from './rows.ts';

async function keysOf(text: string, { name = 'usage.csv', source = '' } = {}): Promise<string[]> {
  const keys = new RowKeys(source);
  return (await rowsOf([text], readOptions(name))).map((row) => keys.keyOf(row));
}

const HEADER = 'metric,quantity,note\n';

it("takes a row's own key, and makes one where it has none", async () => {
  const [own, made] = await keysOf('metric,quantity,idempotency_key\na,1,mine\na,1,\n');
  expect(own).toBe('mine');
  expect(made).toMatch(/^row-[0-9a-f]{32}$/);
});

it('makes two keys for two rows that say the same, and the same keys in every run', async () => {
  const text = `${HEADER}a,1,x\na,1,x\na,2,x\n`;
  const keys = await keysOf(text);
  expect(new Set(keys).size).toBe(3);
  expect(await keysOf(text)).toEqual(keys);
});

it('keeps the keys when rows are added, sorted anew, quoted otherwise, or columns moved or renamed by none', async () => {
  const [first, second] = await keysOf(`${HEADER}a,1,x\nb,2,y\n`);
  expect(await keysOf(`${HEADER}a,1,x\nb,2,y\nc,3,z\n`)).toEqual([first, second, expect.any(String)]);
  expect(await keysOf(`${HEADER}b,2,y\na,1,x\n`)).toEqual([second, first]);
  expect(await keysOf('\ufeffnote,metric,quantity,empty\r\n"x",a,1,\r\n"y","b","2",\r\n')).toEqual([first, second]);
  const [json] = await keysOf('{"metric":"a","quantity":1}', { name: 'x.ndjson' });
  expect(await keysOf('[\n{ "quantity" : 1.0 , "metric" : "a" }\n]', { name: 'x.json' })).toEqual([json]);
});

it('makes other keys for rows that say something else, and for another source', async () => {
  const [plain] = await keysOf(`${HEADER}a,1,x\n`);
  expect(await keysOf(`${HEADER}a,1,y\n`)).not.toEqual([plain]);
  expect(await keysOf(`${HEADER}a,1,x\n`, { source: 'tuesday' })).not.toEqual([plain]);
});

it('counts as a map would, growing as it must', () => {
  const [occurrences, counts] = [new Occurrences(), new Map<number, number>()];
  for (let step = 0; step < 20_000; step += 1) {
    const value = (step * step) % 13_001;
    const count = (counts.get(value) ?? 0) + 1;
    counts.set(value, count);
    const digest = createHash('sha256').update(String(value)).digest();
    // Few first words, so that many collide.
    digest.writeUInt32LE((value % 97) * 100);
    if (occurrences.count(digest) !== count) throw new Error(`${value} was counted wrongly at step ${step}.`);
  }
  expect(Math.max(...counts.values())).toBeGreaterThan(2);
});
