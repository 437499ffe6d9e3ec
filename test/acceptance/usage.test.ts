import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CrashPoint } from '../../lambdas/crash-point.ts';
import { instantOf } from '../../lambdas/domain/instant.ts';
import { engineClient, scan } from '../support/audit.ts';
import { TenantClient } from '../support/client.ts';
import { Load } from '../support/load.ts';
import { type RunningStack, startStack } from '../support/stack.ts';
import { stackMeters } from '../support/stack-meters.ts';
import { waitFor } from '../support/wait-for.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BURST = 24;
const TEST_TIMEOUT_MS = 180_000;
const COUNT_TIMEOUT_MS = 60_000;
const DAY_MS = 86_400_000;

const points: CrashPoint[] = ['projector:after-meter', 'projector:before-cursor', 'projector:before-acknowledge'];
const rebuildPoints: CrashPoint[] = ['projector:after-rebuilt-meter', 'projector:before-generation'];

let stack: RunningStack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack?.stop());

describe('GET /usage', () => {
  it('comes to what the statement charges for usage, once all is counted', async () => {
    const client = new TenantClient(() => stack.url, 'usage_sums');
    const nowMs = Date.now();
    const dates = [
      undefined,
      instantOf(nowMs - 3_600_000),
      instantOf(nowMs - 40 * DAY_MS),
      instantOf(nowMs + 3_600_000),
    ];
    const events = dates.flatMap((date, index) => [
      { quantity: index + 1, idempotency_key: `a${index}`, ...(date && { event_date: date }) },
      { quantity: 10, metric: 'storage_gb_hour', idempotency_key: `s${index}`, ...(date && { event_date: date }) },
    ]);
    for (const event of events) expect((await client.post(event)).status).toBe(202);
    for (const { idempotency_key: key } of events) await client.settled(`api:${key}`);

    const span = `from=${day(nowMs - 60 * DAY_MS)}&to=${day(nowMs + 3 * DAY_MS)}`;
    await waitFor('every charge to be counted', async () => {
      const { series } = (await client.get(`/usage?${span}`)).json;
      return sum(series, 'amount_minor') === (await chargedMinor(client, nowMs));
    });
    const ofMetric = async (metric: string, granularity: string) =>
      (await client.get(`/usage?${span}&metric=${metric}&granularity=${granularity}`)).json.series;
    for (const granularity of ['day', 'month']) {
      expect(sum(await ofMetric('api_call', granularity), 'quantity')).toBe(10n);
      expect(sum(await ofMetric('storage_gb_hour', granularity), 'amount_minor')).toBe(200n);
    }
    const late = (await ofMetric('api_call', 'day')).find(({ start }: { start: string }) =>
      start.startsWith(day(nowMs - 40 * DAY_MS)),
    );
    expect(late).toEqual({ start: `${day(nowMs - 40 * DAY_MS)}T00:00:00.000Z`, quantity: '3', amount_minor: '3' });
    const { as_of: asOf } = (await client.get('/usage')).json;
    expect(Date.parse(asOf)).toBeGreaterThanOrEqual(nowMs);
    expect(asOf).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it.each([
    'metric=never_priced',
    'from=2026-02-30',
    'from=2026-03-02&to=2026-03-01',
    'granularity=year',
    'from=2020-01-01',
  ])('refuses ?%s and says which field', async (query) => {
    const { status, json, headers } = await new TenantClient(() => stack.url, 'usage_odd').get(`/usage?${query}`);
    expect(status).toBe(400);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(json.errors[0].field).toBe(query.split('=')[0]);
  });

  it('shows nothing of another tenant', async () => {
    const { json } = await new TenantClient(() => stack.url, 'usage_other').get('/usage?granularity=month');
    expect(json.series).toMatchObject([{ quantity: '0', amount_minor: '0' }]);
  });
});

describe('the meters', () => {
  it('equal the pages, whatever dies while they are counted', { timeout: TEST_TIMEOUT_MS }, async () => {
    const load = new Load(['meters_a', 'meters_b'].map((tenant) => new TenantClient(() => stack.url, tenant)));
    for (const point of points) {
      await stack.crash('Projector', point);
      await load.during(BURST, async () => {});
      await waitFor(`a death at ${point}`, async () => (await stack.armed()).length === 0, COUNT_TIMEOUT_MS);
    }
    await load.during(BURST, async () => {
      const victim = stack.info().functions.find(({ label }) => label === 'Projector')?.processIds[0];
      if (victim !== undefined) process.kill(victim, 'SIGKILL');
    });
    await whole();
  });

  it('are whole again by one command, while postings go on and its processes die', {
    timeout: TEST_TIMEOUT_MS,
  }, async () => {
    const load = new Load(['meters_c'].map((tenant) => new TenantClient(() => stack.url, tenant)));
    await load.during(BURST, async () => {});
    await whole();
    const client = engineClient(stack);
    const table = stack.table('Usage');
    for (const item of await scan(client, table)) {
      const damage = item.pk.startsWith('U#') ? { q00: 1_000_000n } : { seq: 1_000_000n };
      await client.send(new PutCommand({ TableName: table, Item: { ...item, ...damage } }));
    }
    await client.send(
      new PutCommand({ TableName: table, Item: { pk: 'U#meters_d#forged', sk: '2026-01-01#2026-01#00', q00: 1n } }),
    );
    client.destroy();

    await load.during(BURST, async () => {
      for (const point of rebuildPoints) {
        await stack.crash('Projector', point);
        await expect(rebuildUsage()).rejects.toMatchObject({ stderr: expect.stringContaining('crash') });
      }
      expect(await rebuildUsage('--tenant', 'meters_c')).toMatch(/^done$/m);
      expect(await rebuildUsage()).toMatch(/ [1-9]\d* meters removed\ndone$/m);
    });
    await whole();
  });

  it('say how they are rebuilt on AWS', async () => {
    expect(await rebuildUsage('--help')).toContain('aws lambda invoke');
    await expect(rebuildUsage('--tenants')).rejects.toMatchObject({ stderr: expect.stringContaining('--tenant <id>') });
  });
});

/** Waits until the meters are what the pages in the ledger come to, and nothing else. */
async function whole(): Promise<void> {
  let latest = await stackMeters(stack);
  await waitFor(
    'every page to be counted',
    async () => {
      latest = await stackMeters(stack);
      return Object.keys(latest.expected).length > 0 && textOf(latest.shown) === textOf(latest.expected);
    },
    COUNT_TIMEOUT_MS,
  ).catch(() => expect(latest.shown).toEqual(latest.expected));
}

async function rebuildUsage(...args: string[]): Promise<string> {
  const env = { ...process.env, ZEROSUM_DATA: stack.data };
  const command = ['run', '--silent', 'rebuild-usage', '--', ...args];
  return (await promisify(execFile)('npm', command, { cwd: ROOT, env })).stdout;
}

/** What the statements of this month and the next charge. */
async function chargedMinor(client: TenantClient, nowMs: number): Promise<bigint> {
  const months = new Set([0, 1].map((days) => day(nowMs + days * DAY_MS).slice(0, 7)));
  let total = 0n;
  for (const month of months) total += BigInt((await client.get(`/statement?period=${month}`)).json.total_minor);
  return total;
}

function sum(series: readonly Record<string, string>[], field: string): bigint {
  return series.reduce((total, bucket) => total + BigInt(bucket[field] ?? ''), 0n);
}

function day(ms: number): string {
  return instantOf(ms).slice(0, 'YYYY-MM-DD'.length);
}

function textOf(meters: object): string {
  return JSON.stringify(meters, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
}
