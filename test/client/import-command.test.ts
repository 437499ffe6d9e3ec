import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { mint, request, TenantClient } from '../support/client.ts';
import { CommandLine, ended } from '../support/command-line.ts';
import { type EmbeddedStack, startEmbeddedStack, temporaryFolder } from '../support/stack.ts';
import { waitFor } from '../support/wait-for.ts';

const REFUSED = 1;
const INTERRUPTED = 130;

let stack: EmbeddedStack;
let cli: CommandLine;
let folder: string;
let paused: number | undefined;

beforeAll(async () => {
  [stack, cli] = await Promise.all([
    startEmbeddedStack({ functionEnvironment: { Reconcile: { SWEEP_MIN_AGE_MS: '1000' } } }),
    CommandLine.build(),
  ]);
  folder = temporaryFolder();
});
afterEach(resume);
afterAll(() => stack?.stop());

/** A tenant of a test's own, with a file that it imports. */
async function importing(name: string, content: string) {
  const tenant = name.replace(/\W.*/, '').toLowerCase();
  const file = join(folder, name);
  writeFileSync(file, content);
  const surroundings = { url: stack.url, token: await mint({ tenant_id: tenant }) };
  const client = new TenantClient(() => stack.url, tenant);
  const run = (...more: string[]) => cli.run(['import', file, ...more], surroundings);
  const start = (...more: string[]) => cli.start(['import', file, ...more], surroundings);
  const owes = (minor: number) =>
    waitFor(`${tenant} to owe ${minor}`, async () => (await client.balanceMinor()) === String(minor), 30_000);
  const progressFile = `${file}.rejects.ndjson.progress.json`;
  const rowsDone = (): number =>
    existsSync(progressFile) ? (JSON.parse(readFileSync(progressFile, 'utf8')) as { rows: number }).rows : 0;
  const rejects = () => linesOf(`${file}.rejects.ndjson`);
  return { file, client, surroundings, run, start, owes, rowsDone, rejects, progressFile };
}

/** So many rows of quantity 1 that say the same but for every tenth, which are no rows at all. */
function manyRows(count: number): string {
  const rows = Array.from({ length: count }, (_, index) => (index % 10 === 9 ? `bad ${index}` : 'api_call,1'));
  return `metric,quantity\n${rows.join('\n')}\n`;
}

/** A line of the rejects file, as far as somebody mends it. */
interface RejectLine {
  readonly line: number;
  readonly event: Readonly<Record<string, unknown>>;
}

function linesOf(path: string): RejectLine[] {
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as RejectLine);
}

describe('a mixed file', () => {
  it('is charged once, however often it is imported; what is rejected can be mended and imported', async () => {
    const content = [
      'metric,quantity,idempotency_key,event_date,note',
      'api_call,100,first,,with a key',
      'api_call,7,,,"the same,\n  twice"',
      'api_call,7,,,"the same,\n  twice"',
      'api_call,1.5,,,no integer',
      'teapots,3,teapot,,not in the price book',
      'api_call,200,first,,the key of another',
      'api_call,1,,2001-01-01T00:00:00Z,too old',
      'storage_gb_hour,2,,,',
      '',
    ].join('\n');
    const { file, run, owes, rejects } = await importing('mixed.csv', content);
    const once = await run('--json');
    expect(once.code).toBe(REFUSED);
    expect(JSON.parse(once.stdout)).toMatchObject({
      ...{ complete: true, rows: 8, accepted: 4, rejected: 4, rows_of_earlier_runs: 0 },
      rejects_file: `${file}.rejects.ndjson`,
    });
    expect(once.stderr).toContain('Line 3 has neither an idempotency_key nor an event_date');
    await owes(124);
    const found = rejects();
    expect(found).toMatchObject([
      {
        line: 7,
        status: 400,
        errors: [{ field: 'quantity' }],
        row: 'api_call,1.5,,,no integer',
        event: { quantity: '1.5' },
      },
      { line: 8, status: 400, errors: [{ field: 'metric', message: 'is not in the price book' }] },
      { line: 9, status: 409, event: { idempotency_key: 'first' } },
      { line: 10, status: 400, errors: [{ field: 'event_date' }], event: { event_date: '2001-01-01T00:00:00Z' } },
    ]);
    expect((await run()).stdout).toMatch(/^Accepted +4, or known already\nRejected +4, see /m);

    const mended = found
      .slice(0, 2)
      .map(({ event, ...rest }) => ({ ...rest, event: { ...event, metric: 'api_call', quantity: 3 } }));
    const mendedFile = join(folder, 'mended.rejects.ndjson');
    writeFileSync(mendedFile, mended.map((line) => JSON.stringify(line)).join('\n'));
    const surroundings = { url: stack.url, token: await mint({ tenant_id: 'mixed' }) };
    for (const _ of [1, 2]) expect((await cli.run(['import', mendedFile], surroundings)).code).toBe(0);
    await owes(130);
  });

  it('comes through standard input as well, as NDJSON and as CloudEvents', async () => {
    const token = await mint({ tenant_id: 'stdin' });
    const event = (id: string) => ({ specversion: '1.0', id, source: '/m', type: 'api_call', data: { quantity: 2 } });
    const events = JSON.stringify([event('a'), event('b'), event('a')]);
    const lines =
      '{"metric":"api_call","quantity":3,"idempotency_key":"c"}\n{"metric":"api_call","quantity":2,"idempotency_key":"a","tenant":"stdin"}\n';
    for (const input of [events, lines, lines]) {
      const { code, stdout } = await cli.run(['import', '-', '--json'], { url: stack.url, token, input });
      expect([code, JSON.parse(stdout)]).toMatchObject([0, { file: '-', rejected: 0 }]);
    }
    const client = new TenantClient(() => stack.url, 'stdin');
    await waitFor('both forms to be charged', async () => (await client.balanceMinor()) === '7');
  });

  it('is only read in a rehearsal', async () => {
    const { run, client, file } = await importing('rehearsed.csv', 'metric,quantity\napi_call,7\napi_call,x\n');
    const { code, stdout, stderr } = await run('--dry-run');
    expect([code, stderr]).toEqual([REFUSED, 'Line 3: quantity must be an integer from 1 to 1000000000000\n']);
    expect(stdout).toMatch(/^Would be sent +1$/m);
    expect(existsSync(`${file}.rejects.ndjson`)).toBe(false);
    expect(await client.balanceMinor()).toBe('0');
  });
});

describe('an import that is ended', () => {
  it('goes on where it was after a kill, and has each reject once', async () => {
    const { run, start, owes, rowsDone, rejects, progressFile } = await importing('killed.csv', manyRows(4_000));
    const victim = start('--parallel', '2');
    await waitFor('some of it to be settled', () => rowsDone() > 0);
    victim.kill('SIGKILL');
    await ended(victim);
    const done = rowsDone();
    expect(done).toBeLessThan(4_000);
    const { code, stdout, stderr } = await run('--json');
    expect(code).toBe(REFUSED);
    expect(stderr).toContain(`Going on behind line ${done + 1}`);
    const summary = { complete: true, rows: 4_000, accepted: 3_600, rejected: 400, rows_of_earlier_runs: done };
    expect(JSON.parse(stdout)).toMatchObject(summary);
    const lines = rejects().map(({ line }) => line);
    expect(lines).toEqual(Array.from({ length: 400 }, (_, index) => 11 + index * 10));
    expect(existsSync(progressFile)).toBe(false);
    await owes(3_600);
  });

  it('stops for Ctrl-C between two batches, notices that the file was changed, and charges nothing twice', async () => {
    const { file, run, start, owes, rowsDone } = await importing('stopped.csv', manyRows(4_000));
    const stopped = start('--parallel', '1');
    await waitFor('some of it to be settled', () => rowsDone() > 0);
    stopped.kill('SIGINT');
    const { code, stdout } = await ended(stopped);
    expect([code, stdout]).toEqual([
      INTERRUPTED,
      expect.stringContaining('Not complete. The same command goes on from here.'),
    ]);
    expect(rowsDone()).toBeLessThan(4_000);
    writeFileSync(file, readFileSync(file, 'utf8').replace('bad 9\n', 'api_call,1\n'));
    const again = await run();
    expect(again.stderr).toContain('Beginning anew, for the file has changed since.');
    await owes(3_601);
  });

  it('waits while the service is down, and is done when it is back', async () => {
    const { start, owes, rowsDone } = await importing('outage.csv', manyRows(3_000));
    const child = start('--parallel', '2');
    const end = ended(child);
    await waitFor('some of it to be settled', () => rowsDone() > 0);
    pause();
    await waitFor('the outage to be felt', async () => (await request(`${stack.url}/readyz`)).status === 503);
    resume();
    expect((await end).code).toBe(REFUSED);
    await waitFor('the sweep to find what was accepted meanwhile', async () => {
      await stack.invoke('Reconcile', {});
      return rowsDone() === 0;
    });
    await owes(2_700);
  });
});

it('takes no more memory for a large file than for a small one', async () => {
  const note = 'x'.repeat(1_000);
  const rows = Array.from({ length: 44_000 }, (_, index) => ({
    metric: 'api_call',
    quantity: 1,
    note: `${note}${index}`,
  }));
  const file = join(folder, 'large.json');
  writeFileSync(file, JSON.stringify(rows));
  const env = { NODE_OPTIONS: '--max-old-space-size=32' };
  const { code, stdout, stderr } = await cli.run(['import', file, '--dry-run', '--json'], {
    ...{ url: stack.url, token: await mint({ tenant_id: 'large' }), env },
  });
  expect([code, stderr]).toEqual([0, '']);
  expect(JSON.parse(stdout)).toMatchObject({ rows: 44_000, valid: 44_000 });
});

describe('what can not be imported', () => {
  it.each([
    ['nothing.csv', undefined, 1, 'There is no file'],
    ['empty.csv', 'metric,amount\n', 1, 'say which column it is with --map quantity=COLUMN'],
    ['what.txt', 'metric,quantity\n', 1, 'give --format csv'],
  ])('is told of: %s', async (name, content, code, words) => {
    const file = join(folder, name);
    if (content !== undefined) writeFileSync(file, content);
    const said = await cli.run(['import', file], { url: stack.url, token: await mint({ tenant_id: 'none' }) });
    expect(said).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(words) });
  });

  it('ends at once for a token that is no good, and for an address at which nothing is', async () => {
    const file = join(folder, 'fine.csv');
    writeFileSync(file, 'metric,quantity,idempotency_key\napi_call,1,k\n');
    const token = await mint({ tenant_id: 'none' }, 'another secret of the same length');
    expect(await cli.run(['import', file], { url: stack.url, token })).toMatchObject({ code: 77 });
    expect(await cli.run(['import', file], { url: 'http://127.0.0.1:9', token })).toMatchObject({ code: 69 });
  });
});

/** Stops the tables' engine as a hung host does: it takes connections and answers nothing. */
function pause(): void {
  paused = stack.info().engines.dynamodb?.processId;
  if (paused === undefined) throw new Error('There is no engine to pause.');
  process.kill(paused, 'SIGSTOP');
}

function resume(): void {
  if (paused !== undefined) process.kill(paused, 'SIGCONT');
  paused = undefined;
}
