import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CrashPoint } from '../../lambdas/crash-point.ts';
import { ALL_LANES } from '../../lambdas/domain/lane.ts';
import { nextPeriod, type Period, periodOf } from '../../lambdas/domain/period.ts';
import { CloseNotes } from '../../lambdas/storage/close-notes.ts';
import { AdminClient } from '../support/admin-client.ts';
import { audit, engineClient } from '../support/audit.ts';
import { TenantClient } from '../support/client.ts';
import { addTenants } from '../support/config.ts';
import { daysFromNow } from '../support/dates.ts';
import { instant, must, period } from '../support/events.ts';
import { Load } from '../support/load.ts';
import { type RunningStack, startStack } from '../support/stack.ts';
import { waitFor } from '../support/wait-for.ts';

/** For the whole of a test on a machine that may be loaded; nothing is asserted about time. */
const TEST_TIMEOUT_MS = 240_000;
const SETTLE_TIMEOUT_MS = 120_000;

const LOAD_EVENTS = 160;

const TENANTS = Array.from({ length: 24 }, (_, index) => `closed_${index}`);

const thisMonth = periodOf(instant(daysFromNow(0)));
const nextMonth = nextPeriod(thisMonth);

let stack: RunningStack;
let admin: AdminClient;

beforeAll(async () => {
  // A close is taken for dead after a second: no test need wait out half a minute.
  stack = await startStack({ functionEnvironment: { Admin: { CLOSE_CLAIM_MAX_AGE_MS: '1000' } } });
  admin = new AdminClient(() => stack.url);
  await addTenants(stack, TENANTS);
});
afterAll(() => stack?.stop());

let used = 0;

/** A tenant nobody else uses. */
function newTenant(): TenantClient {
  const tenant = must(TENANTS[used], 'one more tenant');
  used += 1;
  return new TenantClient(() => stack.url, tenant);
}

function close(client: TenantClient, month: Period) {
  return admin.post('/periods/close', { tenant: client.tenant, period: month });
}

async function statusOf(client: TenantClient, month: Period): Promise<string> {
  return (await client.get(`/statement?period=${month}`)).json.status;
}

describe('POST /periods/close', () => {
  it('answers 200 once, and 409 for ever after', async () => {
    const client = newTenant();
    const answer = await close(client, thisMonth);
    expect([answer.status, answer.json]).toEqual([200, { closed: true, tenant: client.tenant, period: thisMonth }]);
    for (let again = 0; again < 2; again += 1) {
      expect((await close(client, thisMonth)).json).toMatchObject({
        ...{ status: 409, type: 'urn:zerosum:problem:period_closed' },
      });
    }
    expect(await statusOf(client, thisMonth)).toBe('closed');
    expect(await statusOf(client, nextMonth)).toBe('open');
  });

  it('has one winner when 50 close the same month at once', { timeout: TEST_TIMEOUT_MS }, async () => {
    const client = newTenant();
    const answers = await Promise.all(Array.from({ length: 50 }, () => close(client, thisMonth)));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, ...new Array(49).fill(409)]);
    expect(await statusOf(client, thisMonth)).toBe('closed');
  });

  it.each([
    ['an unknown tenant', { tenant: 'nobody_knows' }, 'tenant'],
    ['a malformed tenant', { tenant: 'No#Tenant' }, 'tenant'],
    ['no tenant', { tenant: undefined }, 'tenant'],
    ['a month after next month', { period: nextPeriod(nextMonth) }, 'period'],
    ['no month', { period: '2026-13' }, 'period'],
    ['a number for a month', { period: 202611 }, 'period'],
  ])('refuses %s', async (_, change, field) => {
    const answer = await admin.post('/periods/close', { tenant: 'closed_23', period: thisMonth, ...change });
    expect(answer.status).toBe(400);
    expect(answer.json.errors.map((error: { field: string }) => error.field)).toEqual([field]);
    expect(await statusOf(new TenantClient(() => stack.url, 'closed_23'), thisMonth)).toBe('open');
  });

  it('is an administrator’s alone', async () => {
    const client = newTenant();
    const body = JSON.stringify({ tenant: client.tenant, period: thisMonth });
    expect((await client.send('POST', '/periods/close', { body })).status).toBe(403);
    const nobody = await client.send('POST', '/periods/close', { body, headers: { authorization: 'Bearer x' } });
    expect(nobody.status).toBe(401);
    expect(await statusOf(client, thisMonth)).toBe('open');
  });

  it('lets late usage and adjustments roll forward, over every closed month on their way', async () => {
    const client = newTenant();
    const adjust = (key: string, amount: number) =>
      admin.post('/adjustments', {
        ...{ tenant: client.tenant, amount_minor: amount, idempotency_key: key, reason: 'test' },
      });
    await client.post({ quantity: 3, idempotency_key: 'early' });
    await client.settled('api:early');
    expect((await close(client, thisMonth)).status).toBe(200);
    const bytes = (await client.get(`/statement?period=${thisMonth}`)).text;
    expect((await client.post({ quantity: 5, idempotency_key: 'late' })).status).toBe(202);
    expect((await adjust('late', -2)).status).toBe(202);
    await client.settled('api:late');
    await client.settled('adj:late');
    expect((await client.receipt('api:late')).json).toMatchObject({ status: 'posted', period: nextMonth });
    expect((await client.receipt('adj:late')).json).toMatchObject({ status: 'posted', period: nextMonth });

    expect((await close(client, nextMonth)).status).toBe(200);
    const old = { quantity: 7, idempotency_key: 'old', event_date: daysFromNow(-40) };
    expect((await client.post(old)).status).toBe(202);
    expect((await adjust('old', 1)).status).toBe(202);
    await client.settled('api:old');
    await client.settled('adj:old');
    const afterNext = nextPeriod(nextMonth);
    expect((await client.receipt('api:old')).json).toMatchObject({ status: 'posted', period: afterNext });
    expect((await client.receipt('adj:old')).json).toMatchObject({ status: 'posted', period: afterNext });
    const late = (await client.get(`/statement?period=${afterNext}`)).json;
    const [line] = late.lines.filter(({ kind }: { kind: string }) => kind === 'usage');
    expect(line.event_date.slice(0, 10)).toBe(old.event_date.slice(0, 10));
    expect(late).toMatchObject({ status: 'open', total_minor: '8' });

    expect((await client.get(`/statement?period=${thisMonth}`)).text).toBe(bytes);
    expect(JSON.parse(bytes)).toMatchObject({ status: 'closed', total_minor: '3', lines: { length: 1 } });
    expect(await client.balanceMinor()).toBe('14');
  });

  it('gets through while usage streams in, and loses and doubles none of it', {
    timeout: TEST_TIMEOUT_MS,
  }, async () => {
    const clients = [newTenant(), newTenant()];
    const load = new Load(clients);
    let isOver = false;
    const watches = Promise.all(clients.map((client) => watchBalance(client, () => isOver)));
    const closeAll = async (month: Period) => {
      for (const client of clients) expect((await close(client, month)).status).toBe(200);
    };
    await load.during(LOAD_EVENTS, () => closeAll(thisMonth));
    const frozen = await Promise.all(clients.map((client) => client.get(`/statement?period=${thisMonth}`)));
    await load
      .during(LOAD_EVENTS, () => closeAll(nextMonth))
      .finally(() => {
        isOver = true;
      });
    await watches;
    const isTheirs = (event: string) => clients.some(({ tenant }) => event.startsWith(`${tenant} `));
    await waitFor(
      'every accepted event to be posted',
      async () => [...(await audit(stack)).charges.keys()].filter(isTheirs).length >= load.accepted,
      SETTLE_TIMEOUT_MS,
    );
    const { faults, charges, refused } = await audit(stack);
    expect(faults).toEqual([]);
    expect([...refused].filter(isTheirs)).toEqual([]);
    expect([...charges.keys()].filter(isTheirs)).toHaveLength(load.accepted);
    for (const [index, client] of clients.entries()) {
      expect(await client.balanceMinor()).toBe(String(load.expectedMinor.get(client)));
      const months = [thisMonth, nextMonth, nextPeriod(nextMonth)];
      const statements = await Promise.all(months.map((month) => client.get(`/statement?period=${month}`)));
      expect(statements[0]?.text).toBe(frozen[index]?.text);
      expect(statements.map(({ json }) => json.status)).toEqual(['closed', 'closed', 'open']);
      // Each month has its part: the closes came in the middle of the load.
      for (const { json } of statements) expect(json.lines.length).toBeGreaterThan(0);
    }
  });
});

/** Reads a balance again and again: charges only ever add to it, and no close takes from it or counts it twice. */
async function watchBalance(client: TenantClient, isOver: () => boolean): Promise<void> {
  let last = 0n;
  while (!isOver()) {
    const balance = BigInt(await client.balanceMinor());
    expect(balance).toBeGreaterThanOrEqual(last);
    last = balance;
  }
}

describe('a close whose process is killed', () => {
  const points: CrashPoint[] = ['admin:after-claim', 'admin:after-gate', 'admin:before-seal', 'admin:after-seal'];

  it.each(points)('at %s goes on with the next caller', { timeout: TEST_TIMEOUT_MS }, async (point) => {
    const client = await dieAt(point);
    const answered = point === 'admin:after-seal' ? 409 : 200;
    await waitFor('a close to end', async () => (await close(client, thisMonth)).status === answered);
    expect(await isWhole(client)).toBe(true);
  });

  it.each(points)('at %s is finished by the schedule', { timeout: TEST_TIMEOUT_MS }, async (point) => {
    const client = await dieAt(point);
    await waitFor('the schedule to finish it', async () => {
      expect((await stack.invoke('Admin', { task: 'resume-closes' })).kind).toBe('result');
      return (await isWhole(client)) && !(await isNoted(client));
    });
  });

  /** A tenant with some usage whose close of this month died at this point, without an answer. */
  async function dieAt(point: CrashPoint): Promise<TenantClient> {
    const client = newTenant();
    await client.post({ quantity: 9, idempotency_key: 'k' });
    await client.settled('api:k');
    await stack.crash('Admin', point);
    expect((await close(client, thisMonth)).status).toBeGreaterThanOrEqual(500);
    expect(await stack.armed()).toEqual([]);
    expect(await isNoted(client)).toBe(true);
    expect(await statusOf(client, thisMonth)).toBe(point === 'admin:after-seal' ? 'closed' : 'closing');
    expect(await client.balanceMinor()).toBe('9');
    return client;
  }

  /** Closed, with every gate shut, and its money where it was. */
  async function isWhole(client: TenantClient): Promise<boolean> {
    if ((await statusOf(client, thisMonth)) !== 'closed') return false;
    const { lanes, faults } = await audit(stack);
    const shut = lanes.filter(({ tenant, closedAt }) => tenant === client.tenant && closedAt !== undefined);
    expect(shut.map(({ lane }) => lane).sort((left, right) => left - right)).toEqual(ALL_LANES);
    expect(new Set(shut.map(({ closedAt }) => closedAt)).size).toBe(1);
    expect(faults).toEqual([]);
    expect(await client.balanceMinor()).toBe('9');
    return true;
  }

  async function isNoted(client: TenantClient): Promise<boolean> {
    const engine = engineClient(stack);
    const notes = await new CloseNotes(engine, stack.table('Operations')).all();
    engine.destroy();
    return notes.some(({ tenant }) => tenant === client.tenant);
  }
});

it('closes months in any order, and the balance stays the sum of all', async () => {
  const client = newTenant();
  await client.post({ quantity: 4, idempotency_key: 'k' });
  await client.settled('api:k');
  for (const month of [nextMonth, period('2020-02'), thisMonth, period('2019-12')]) {
    expect((await close(client, month)).status).toBe(200);
    expect(await client.balanceMinor()).toBe('4');
  }
  await client.post({ quantity: 2, idempotency_key: 'k2' });
  await client.settled('api:k2');
  expect(await client.balanceMinor()).toBe('6');
});
