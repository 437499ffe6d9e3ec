import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ZerosumBufferFull, ZerosumSpoolLocked } from '../../client/errors.ts';
import { DiskSpool, type DiskSpoolOptions } from '../../client/spool/disk-spool.ts';
import { temporaryFolder } from '../support/stack.ts';

const ALL = { events: 1_000, bytes: 4_194_304 };

/** One file each `segmentBytesMax` bytes, and no waiting for the disk. */
const small: DiskSpoolOptions = { durability: 'process', segmentBytesMax: 60 };

/** As a process that was killed leaves it: open files, a lock of nobody, nothing tidied. */
async function abandoned(events: readonly string[], options = small): Promise<string> {
  const folder = temporaryFolder();
  const spool = new DiskSpool(folder, options);
  for (const event of events) await spool.append(event);
  await spool.close();
  return folder;
}

function segments(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.events'));
  return names.sort().map((name) => join(folder, name));
}

async function drained(folder: string, limits = ALL): Promise<string[]> {
  const spool = new DiskSpool(folder, small);
  const mark = await spool.mark();
  const found: string[] = [];
  while (!spool.hasReached(mark)) {
    const events = await spool.next(limits);
    found.push(...events.map(({ json, isDamaged }) => (isDamaged ? `damaged: ${json}` : json)));
    await spool.confirm(events.length);
  }
  await spool.close();
  return found;
}

describe('a spool on disk', () => {
  const events = fc.array(fc.json(), { minLength: 1, maxLength: 8 });

  it('gives back what was recorded, in order and once, in whichever portions it is asked for', async () => {
    await fc.assert(
      fc.asyncProperty(
        events,
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 80 }),
        async (all, count, bytes) => {
          const folder = await abandoned(all);
          expect(await drained(folder, { events: count, bytes })).toEqual(all);
          expect(segments(folder)).toEqual([]);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('loses nothing but the line a file was cut off in, wherever that was', async () => {
    await fc.assert(
      fc.asyncProperty(events, fc.nat(), fc.nat(), async (all, file, cut) => {
        const folder = await abandoned(all);
        const paths = segments(folder);
        const path = paths[file % paths.length] ?? '';
        const whole = readFileSync(path);
        const length = cut % (whole.length + 1);
        truncateSync(path, length);
        const kept = paths.flatMap((one) => {
          const lines = one === path ? whole.subarray(0, length) : readFileSync(one);
          // A line counts when it is all there, with or without its end.
          const ends = [...whole.toString('latin1').matchAll(/\n/g)].map(({ index }) => index);
          const text = lines.toString('utf8');
          const isWhole = one !== path || text === '' || text.endsWith('\n') || ends.includes(length);
          const complete = text.split('\n').filter((line) => line !== '');
          return isWhole ? complete : complete.slice(0, -1);
        });
        expect(await drained(folder)).toEqual(kept.map((line) => line.slice('01234567 '.length)));
      }),
      { numRuns: 100 },
    );
  });

  it('goes on where it was confirmed, and begins the oldest file again without its note', async () => {
    const folder = await abandoned(['1', '2', '3'], { ...small, segmentBytesMax: 1_000 });
    const spool = new DiskSpool(folder, small);
    expect(await spool.next({ events: 2, bytes: 1_000 })).toHaveLength(2);
    await spool.confirm(2);
    await spool.close();
    const note = join(folder, 'progress.json');
    const noted = readFileSync(note);

    writeFileSync(note, noted.subarray(0, 5));
    const again = new DiskSpool(folder, small);
    expect((await again.next(ALL)).map(({ json }) => json)).toEqual(['1', '2', '3']);
    await again.close();

    writeFileSync(note, noted);
    expect(await drained(folder)).toEqual(['3']);
  });

  it('tells of a line that is not as it was written, instead of sending it', async () => {
    const folder = await abandoned(['{"quantity":1}', '{"quantity":2}'], { ...small, segmentBytesMax: 1_000 });
    const [path = ''] = segments(folder);
    writeFileSync(path, readFileSync(path, 'utf8').replace('"quantity":1', '"quantity":9'));
    expect(await drained(folder)).toEqual([expect.stringMatching(/^damaged: .*"quantity":9/), '{"quantity":2}']);
  });

  it('never takes the name of a file that a note speaks of', async () => {
    const folder = await abandoned(['1', '2'], { ...small, segmentBytesMax: 1_000 });
    writeFileSync(join(folder, 'progress.json'), JSON.stringify({ segment: 7, offset: 9_999 }));
    const spool = new DiskSpool(folder, small);
    await spool.append('3');
    await spool.close();
    expect(segments(folder)).toEqual(['000000000001.events', '000000000008.events'].map((name) => join(folder, name)));
    expect(await drained(folder)).toEqual(['1', '2', '3']);
    const later = new DiskSpool(folder, small);
    await later.append('4');
    await later.close();
    expect(segments(folder)).toEqual([join(folder, '000000000008.events')]);
    expect(await drained(folder)).toEqual(['4']);
  });

  it('is full at its limit, names what to do, and has room again when something is confirmed', async () => {
    const spool = new DiskSpool(temporaryFolder(), { ...small, bytesMax: 100 });
    const event = 'x'.repeat(30);
    await spool.append(event);
    await spool.append(event);
    await expect(spool.append(event)).rejects.toThrow(ZerosumBufferFull);
    await expect(spool.append(event)).rejects.toThrow(/holds 80 of 100 bytes.*bytesMax/);
    await spool.mark();
    await spool.next({ events: 1, bytes: 100 });
    await spool.confirm(1);
    await spool.confirm(0);
    await spool.next(ALL);
    await spool.confirm(1);
    await spool.append(event);
    await spool.reject([{ status: 409, reason: 'r'.repeat(50), event: 'e' }]);
    await expect(spool.append(event)).rejects.toThrow(/of them rejects.ndjson: move that away/);
    await spool.close();
  });
});

describe('the lock of a spool', () => {
  it('refuses a second one, here and in another process, and says what to do', async () => {
    const folder = temporaryFolder();
    const spool = new DiskSpool(folder, small);
    expect(() => new DiskSpool(folder, small)).toThrow(ZerosumSpoolLocked);
    expect(() => new DiskSpool(folder, small)).toThrow(/This process has the spool .* open already/);
    await spool.close();

    const other = spawn('node', ['--import', 'tsx', 'test/client/hold-spool.process.ts', folder]);
    await once(other.stdout, 'data');
    expect(() => new DiskSpool(folder, small)).toThrow(`Process ${other.pid} works on the spool ${folder}: stop it`);
    other.kill('SIGKILL');
    await once(other, 'exit');
    await new DiskSpool(folder, small).close();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('takes one over from another machine that has been silent for long, and from no other', async () => {
    const folder = temporaryFolder();
    const held = join(folder, `lock-not-${hostname()}-7-12345`);
    writeFileSync(held, '');
    expect(() => new DiskSpool(folder, small)).toThrow(/Process 7 on not-.* certainly gone, delete .*lock-not-/);
    expect(readdirSync(folder)).toHaveLength(1);
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(held, longAgo, longAgo);
    await new DiskSpool(folder, small).close();
    expect(readdirSync(folder)).toEqual([]);
  });
});
