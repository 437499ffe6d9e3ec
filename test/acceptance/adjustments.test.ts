import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CrashPoint } from '../../lambdas/crash-point.ts';
import { ADJUSTMENT_LANE } from '../../lambdas/domain/lane.ts';
import { nextPeriod, parsePeriod } from '../../lambdas/domain/period.ts';
import { payloadHash } from '../../lambdas/domain/usage-event.ts';
import { encodeAdjustmentMessage } from '../../lambdas/storage/adjustment-message.ts';
import { headKey, intakeKey, timeIndexKey } from '../../lambdas/storage/keys.ts';
import { encodeUsageMessage } from '../../lambdas/storage/usage-message.ts';
import { AdminClient } from '../support/admin-client.ts';
import { audit, engineClient, scan } from '../support/audit.ts';
import { TenantClient } from '../support/client.ts';
import { addTenants } from '../support/config.ts';
import {
  adjustmentAmount,
  adjustmentEvent,
  eventId,
  instant,
  must,
  NOW,
  quantity,
  tenantId,
  usageEvent,
} from '../support/events.ts';
import { type RunningStack, startStack } from '../support/stack.ts';
import { StackQueue } from '../support/stack-queue.ts';
import { waitFor } from '../support/wait-for.ts';

const TENANTS = Array.from({ length: 24 }, (_, index) => `adjusted_${index}`);

let stack: RunningStack;
let admin: AdminClient;
let paused: number | undefined;

beforeAll(async () => {
  // The sweep takes an event for lost after a second: no test need wait out a minute.
  stack = await startStack({ functionEnvironment: { Reconcile: { SWEEP_MIN_AGE_MS: '1000' } } });
  admin = new AdminClient(() => stack.url);
  await addTenants(stack, TENANTS);
});
afterEach(resumeQueue);
afterAll(() => stack?.stop());

let used = 0;

/** A tenant nobody else uses, so that tests do not see each other's money. */
function newTenant(): TenantClient {
  const tenant = must(TENANTS[used], 'one more tenant');
  used += 1;
  return new TenantClient(() => stack.url, tenant);
}

function adjust(client: TenantClient, change: Record<string, unknown> = {}) {
  return admin.post('/adjustments', {
    ...{ tenant: client.tenant, amount_minor: -250, idempotency_key: 'k', reason: 'goodwill' },
    ...change,
  });
}

function balanceOf(client: TenantClient, minor: string): Promise<void> {
  return waitFor(`${client.tenant} to owe ${minor}`, async () => (await client.balanceMinor()) === minor);
}

describe('POST /adjustments', () => {
  it('answers 202 with the namespaced id; the credit is on balance and statement, below zero if it must', async () => {
    const client = newTenant();
    await client.post({ quantity: 100, idempotency_key: 'k' });
    const answer = await adjust(client);
    expect([answer.status, answer.json]).toEqual([202, { accepted: true, event_id: 'adj:k' }]);
    await balanceOf(client, '-150');
    const { lines, total_minor: total } = (await client.get('/statement')).json;
    expect(total).toBe('-150');
    expect(lines).toHaveLength(2);
    expect(lines).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: 'usage', metric: 'api_call', quantity: '100', amount_minor: '100' }),
        expect.objectContaining({ kind: 'adjustment', metric: null, quantity: null, amount_minor: '-250' }),
      ]),
    );
  });

  it('answers the same 202 to a replay and charges once; with another payload it is a 409', async () => {
    const client = newTenant();
    const first = await adjust(client, { amount_minor: 70 });
    await balanceOf(client, '70');
    const replay = await adjust(client, { amount_minor: 70, note: 'ignored' });
    expect([replay.status, replay.text]).toEqual([first.status, first.text]);
    for (const change of [{ amount_minor: 71 }, { amount_minor: -70 }, { amount_minor: 70, reason: 'another' }]) {
      const conflict = await adjust(client, change);
      expect(conflict.json).toMatchObject({ status: 409, type: 'urn:zerosum:problem:conflict' });
    }
    // Adjustments of a tenant are posted in order: once the next one is, so is whatever came before.
    await adjust(client, { amount_minor: 5, idempotency_key: 'next' });
    await balanceOf(client, '75');
  });

  it('charges once what 50 send at the same time', async () => {
    const client = newTenant();
    const answers = await Promise.all(Array.from({ length: 50 }, () => adjust(client, { amount_minor: 3 })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    await adjust(client, { amount_minor: 1, idempotency_key: 'next' });
    await balanceOf(client, '4');
  });

  it('takes amounts and texts at their limits', async () => {
    const client = newTenant();
    for (const [index, amount] of [10 ** 12, -(10 ** 12), 1, -1].entries()) {
      const change = { amount_minor: amount, idempotency_key: `k${index}`, reason: 'é'.repeat(512) };
      expect((await adjust(client, change)).status).toBe(202);
    }
    expect((await adjust(client, { amount_minor: 9, idempotency_key: '€'.repeat(66) })).status).toBe(202);
    await balanceOf(client, '9');
  });

  it.each([
    ['no tenant', { tenant: undefined }, 'tenant'],
    ['an unknown tenant', { tenant: 'nobody_at_all' }, 'tenant'],
    ['a malformed tenant', { tenant: 'A#b' }, 'tenant'],
    ['an amount of zero', { amount_minor: 0 }, 'amount_minor'],
    ['an amount of minus zero', { amount_minor: -0 }, 'amount_minor'],
    ['an amount too large', { amount_minor: 10 ** 12 + 1 }, 'amount_minor'],
    ['a credit too large', { amount_minor: -(10 ** 12) - 1 }, 'amount_minor'],
    ['a broken amount', { amount_minor: 1.5 }, 'amount_minor'],
    ['a text for an amount', { amount_minor: '7' }, 'amount_minor'],
    ['no amount', { amount_minor: undefined }, 'amount_minor'],
    ['no reason', { reason: undefined }, 'reason'],
    ['an empty reason', { reason: '' }, 'reason'],
    ['a reason of 1,025 bytes', { reason: 'x'.repeat(1_025) }, 'reason'],
    ['a reason with NUL', { reason: 'a\0' }, 'reason'],
    ['a reason with an unpaired surrogate', { reason: '\ud800' }, 'reason'],
    ['an empty key', { idempotency_key: '' }, 'idempotency_key'],
    ['a key of 201 bytes', { idempotency_key: 'x'.repeat(201) }, 'idempotency_key'],
  ])('refuses %s and leaves nothing behind', async (_, change, field) => {
    const before = await acceptedAdjustments();
    const client = new TenantClient(() => stack.url, 'adjusted_0');
    const answer = await adjust(client, { idempotency_key: 'refused', ...change });
    expect(answer.json).toMatchObject({ status: 400, errors: [{ field }] });
    expect(await acceptedAdjustments()).toEqual(before);
  });

  it('is no route for a tenant, nor for whoever has no valid credential', async () => {
    const client = newTenant();
    const body = JSON.stringify({ tenant: client.tenant, amount_minor: -1, idempotency_key: 'k', reason: 'mine' });
    expect((await client.send('POST', '/adjustments', { body })).status).toBe(403);
    const headers = { authorization: 'Bearer nonsense' };
    expect((await client.send('POST', '/adjustments', { body, headers })).status).toBe(401);
    expect((await client.send('GET', '/adjustments')).status).toBe(405);
    expect(await acceptedAdjustments()).not.toContain(`${client.tenant} adj:k`);
  });

  it('accepts while the queue is down, and the sweep settles it once when it is back', async () => {
    const client = newTenant();
    paused = must(stack.info().engines.sqs?.processId);
    process.kill(paused, 'SIGSTOP');
    expect((await adjust(client, { amount_minor: 8 })).status).toBe(202);
    expect(await acceptedAdjustments()).toContain(`${client.tenant} adj:k`);
    resumeQueue();
    await waitFor('the adjustment to settle', async () => {
      await stack.invoke('Reconcile', { task: 'sweep' });
      return (await client.balanceMinor()) === '8';
    });
  });

  it.each<CrashPoint>(['adjustment:after-intake', 'adjustment:after-send'])(
    'is charged once when the process dies at %s, whether or not the caller tries again',
    async (point) => {
      const [patient, gone] = [newTenant(), newTenant()];
      for (const client of [patient, gone]) {
        await stack.crash('Admin', point);
        expect((await adjust(client, { amount_minor: 6 })).status).toBe(503);
        expect(await stack.armed()).toEqual([]);
      }
      expect((await adjust(patient, { amount_minor: 6 })).status).toBe(202);
      for (const client of [patient, gone]) {
        await waitFor('the adjustment to settle', async () => {
          await stack.invoke('Reconcile', { task: 'sweep' });
          return (await client.balanceMinor()) === '6';
        });
      }
    },
  );

  it('rolls forward past every month whose lane is shut', async () => {
    const client = newTenant();
    const tenant = tenantId(client.tenant);
    const first = must(parsePeriod(new Date().toISOString().slice(0, 7)));
    const second = nextPeriod(first);
    const engine = engineClient(stack);
    for (const period of [first, second]) {
      const update = {
        UpdateExpression: 'SET closed_at = :at',
        ExpressionAttributeValues: { ':at': new Date().toISOString() },
      };
      const Key = { ...headKey({ tenant, period, lane: ADJUSTMENT_LANE }) };
      await engine.send(new UpdateCommand({ TableName: stack.table('Balances'), Key, ...update }));
    }
    engine.destroy();
    await adjust(client, { amount_minor: 12 });
    await balanceOf(client, '12');
    const lines = async (period: string) => (await client.get(`/statement?period=${period}`)).json.lines.length;
    expect([await lines(first), await lines(second), await lines(nextPeriod(second))]).toEqual([0, 0, 1]);
  });
});

describe('what claims to be an adjustment', () => {
  const credit = { amountMinor: adjustmentAmount(-(10n ** 12n)) };

  it('on the usage queue is none, whatever its body or its attributes say', async () => {
    const client = newTenant();
    const tenant = tenantId(client.tenant);
    const queue = new StackQueue(stack, 'UsageQueueUsage');
    const honest = encodeUsageMessage({ tenant, events: [usageEvent('k', { tenant, quantity: quantity(5) })] });
    const forged = adjustmentEvent('forged', { tenant, ...credit });
    const dressed = JSON.parse(honest.MessageBody);
    Object.assign(dressed.events[0], { kind: 'adjustment', amount_minor: '-1000', reason: 'mine', lane: 16 });
    const asAdjustment = structuredClone(dressed);
    Object.assign(asAdjustment.events[0], { event_id: 'adj:taken', quantity: '-1000' });
    const attributes = { kind: 'adjustment' };
    const send = (body: string, id: string) =>
      queue.send({ ...honest, MessageBody: body, MessageDeduplicationId: id }, attributes);
    await send(encodeAdjustmentMessage({ tenant, events: [forged] }).MessageBody, 'a');
    await send(JSON.stringify(asAdjustment), 'b');
    await send(JSON.stringify({ ...dressed, kind: 'adjustment', adjustments: asAdjustment.events }), 'c');
    await balanceOf(client, '5');
    const { lines } = (await client.get(`/statement?period=${NOW.slice(0, 7)}`)).json;
    expect(lines).toEqual([expect.objectContaining({ kind: 'usage', quantity: '5' })]);
    expect(await charged(client.tenant)).toEqual(['api:k']);
  });

  it('has a queue that takes no usage', async () => {
    const client = newTenant();
    const tenant = tenantId(client.tenant);
    const queue = new StackQueue(stack, 'AdjustmentQueueAdjustments');
    await queue.send(encodeUsageMessage({ tenant, events: [usageEvent('k', { tenant })] }), { kind: 'usage' });
    await adjust(client, { amount_minor: 2 });
    await balanceOf(client, '2');
    expect(await charged(client.tenant)).toEqual(['adj:k']);
  });

  it('planted in the usage intake stays usage or is damaged, also through the sweep', async () => {
    const client = newTenant();
    const tenant = tenantId(client.tenant);
    const receivedAt = instant(new Date().toISOString());
    const engine = engineClient(stack);
    const plant = (id: string, changes: object) => {
      const event = usageEvent('k', { tenant, eventId: eventId(id), receivedAt });
      const Item = {
        ...{ ...intakeKey(tenant, event.eventId), ...timeIndexKey(tenant, event.eventId, receivedAt), tenant },
        ...{ event_id: id, metric: 'api_call', event_date: null, received_at: receivedAt, quantity: 3 },
        ...{ price_version: 1, kind: 'adjustment', amount_minor: -5_000, reason: 'mine', lane: 16 },
        payload_hash: payloadHash({ ...event, quantity: quantity(3) }),
        ...changes,
      };
      return engine.send(new PutCommand({ TableName: stack.table('UsageIntake'), Item }));
    };
    await plant('api:dressed', {});
    await plant('adj:planted', {});
    await plant('api:negative', { quantity: -5_000 });
    await plant('api:altered', { quantity: 5_000 });
    engine.destroy();
    await waitFor('the sweep to take up what was planted', async () => {
      await stack.invoke('Reconcile', { task: 'sweep' });
      return (await client.balanceMinor()) !== '0';
    });
    // An honest adjustment afterwards, and whatever the sweep would still send.
    await adjust(client, { amount_minor: 40 });
    await balanceOf(client, '43');
    await stack.invoke('Reconcile', { task: 'sweep' });
    await adjust(client, { amount_minor: 2, idempotency_key: 'next' });
    await balanceOf(client, '45');
    expect(await charged(client.tenant)).toEqual(['adj:k', 'adj:next', 'api:dressed']);
  });
});

it('leaves tables that balance, chain and agree (I1, I6, I9)', async () => {
  const { faults, charges } = await audit(stack);
  expect(faults).toEqual([]);
  expect(charges.size).toBeGreaterThan(10);
});

async function charged(tenant: string): Promise<string[]> {
  const { charges } = await audit(stack);
  return [...charges.keys()]
    .filter((name) => name.startsWith(`${tenant} `))
    .map((name) => must(name.split(' ')[1]))
    .sort();
}

async function acceptedAdjustments(): Promise<string[]> {
  const engine = engineClient(stack);
  const items = await scan(engine, stack.table('AdjustmentIntake'));
  engine.destroy();
  return items.map((item) => `${item['tenant']} ${item.sk}`).sort();
}

function resumeQueue(): void {
  if (paused !== undefined) process.kill(paused, 'SIGCONT');
  paused = undefined;
}
