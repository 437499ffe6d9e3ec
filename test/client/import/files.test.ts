import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { ProgressFile } from '../../../client/import/progress-file.ts';
import { RejectsFile } from '../../../client/import/rejects-file.ts';
import { sha256Hex } from '../../../lambdas/domain/digest.ts';
import { startTime } from '../../../localstack/embedded/data/process-identity.ts';
import { temporaryFolder } from '../../support/stack.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

function reject(line: number) {
  const reading = { faults: [{ field: 'metric', message: 'is wrong' }] };
  const row = { line, endByte: 0, text: `row ${line}`, content: '', raw: undefined, reading };
  return { row, key: `row-${line}`, refusal: { status: 400, title: 'No', detail: 'metric: is wrong' } };
}

function linesIn(path: string): number[] {
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  return lines.map((line) => (JSON.parse(line) as { line: number }).line);
}

it('has each reject once, though a run died between writing rejects and counting them', () => {
  const path = join(folder, 'usage.csv.rejects.ndjson');
  const died = new RejectsFile(path, 0);
  expect(existsSync(path)).toBe(false);
  died.append([reject(2), reject(3)]);
  const counted = died.bytes;
  died.append([reject(4)]);
  died.close();
  const next = new RejectsFile(path, counted);
  expect(linesIn(path)).toEqual([2, 3]);
  next.append([reject(4), reject(5)]);
  next.close();
  expect(linesIn(path)).toEqual([2, 3, 4, 5]);
});

it('keeps an older file of rejects, which somebody may be mending', () => {
  const path = join(folder, 'usage.csv.rejects.ndjson');
  writeFileSync(path, 'mended');
  new RejectsFile(path, 0).close();
  expect(readFileSync(join(folder, 'usage.csv.before.rejects.ndjson'), 'utf8')).toBe('mended');
  expect(existsSync(path)).toBe(false);
});

it('goes on only with the same file, read the same way, for the same tenant at the same place', async () => {
  const file = join(folder, 'usage.csv');
  writeFileSync(file, 'metric,quantity\na,1\nb,2\n');
  const path = join(folder, 'progress.json');
  const here = { service: 'http://here as tenant a', recipe: 'r' };
  const prefixHash = sha256Hex('metric,quantity\na,1\n');
  const progress = { endByte: 20, line: 2, prefixHash, rows: 1, accepted: 1, rejected: 0, rejectsBytes: 0 };
  const found = (purpose: Partial<typeof here> = {}) => new ProgressFile(path, { ...here, ...purpose }).read(file);

  expect(await found()).toEqual({ anew: '' });
  new ProgressFile(path, here).save(progress);
  expect(await found()).toMatchObject({ progress });
  expect(await found({ service: 'http://there as tenant a' })).toEqual({
    anew: 'it was being sent elsewhere, or for another tenant',
  });
  expect(await found({ recipe: 's' })).toEqual({ anew: 'it was being read with other options' });
  writeFileSync(file, 'metric,quantity\na,1\nb,2\nc,3\n');
  expect(await found()).toMatchObject({ progress });
  for (const changed of ['metric,quantity\na,2\nb,2\n', 'metric\n']) {
    writeFileSync(file, changed);
    expect(await found()).toEqual({ anew: 'the file has changed since' });
  }
  for (const damaged of ['', 'null', '{"endByte":"20"}']) {
    writeFileSync(path, damaged);
    expect(await found()).toEqual({ anew: '' });
  }
});

it('lets no two processes import one file at once', async () => {
  const path = join(folder, 'progress.json');
  const purpose = { service: 's', recipe: 'r' };
  const other = { processId: process.ppid, startTime: startTime(process.ppid) };
  const counts = { endByte: 0, line: 0, rows: 0, accepted: 0, rejected: 0, rejectsBytes: 0 };
  writeFileSync(path, JSON.stringify({ version: 1, ...purpose, ...counts, ...other, prefixHash: sha256Hex('') }));
  await expect(new ProgressFile(path, purpose).read(path)).rejects.toThrow(`Process ${process.ppid} is importing`);
});
