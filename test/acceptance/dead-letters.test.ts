import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { instantOf } from '../../lambdas/domain/instant.ts';
import type { UsageEvent } from '../../lambdas/domain/usage-event.ts';
import { ATTEMPTS_MAX } from '../../lambdas/reconcile/resend.ts';
import { ConfigWriter } from '../../lambdas/storage/config-writer.ts';
import { intakeKey } from '../../lambdas/storage/keys.ts';
import { SweepProgress } from '../../lambdas/storage/sweep-progress.ts';
import { UsageIntake } from '../../lambdas/storage/usage-intake.ts';
import { encodeUsageMessage } from '../../lambdas/storage/usage-message.ts';
import { AdminClient } from '../support/admin-client.ts';
import { audit, engineClient } from '../support/audit.ts';
import { mint, request, TenantClient } from '../support/client.ts';
import { addTenants } from '../support/config.ts';
import { instant, metric, priceBook, quantity, tenantId, usageEvent } from '../support/events.ts';
import { type RunningStack, startStack } from '../support/stack.ts';
import { StackQueue } from '../support/stack-queue.ts';
import { waitFor } from '../support/wait-for.ts';

const TIMEOUT_MS = 5_000;

/** No table has it until a test adds it. */
const LATER_VERSION = 77;

let stack: RunningStack;
let admin: AdminClient;
let tenants = 0;

beforeAll(async () => {
  stack = await startStack();
  admin = new AdminClient(() => stack.url);
});
afterAll(() => stack?.stop());

function newTenant(): TenantClient {
  tenants += 1;
  return new TenantClient(() => stack.url, `dead_${tenants}`);
}

/** Accepted usage as no caller can hand it in: at a price version that may not exist. */
async function accept(client: TenantClient, key: string, changes: Partial<UsageEvent> = {}): Promise<UsageEvent> {
  const event = usageEvent(key, {
    ...{ tenant: tenantId(client.tenant), receivedAt: instantOf(Date.now()), ...changes },
  });
  const engine = engineClient(stack);
  await new UsageIntake(engine, stack.table('UsageIntake')).accept(event, TIMEOUT_MS);
  engine.destroy();
  return event;
}

function send(...events: readonly UsageEvent[]): Promise<void> {
  const [first] = events;
  if (first === undefined) throw new RangeError('a message has events');
  return new StackQueue(stack, 'UsageQueueUsage').send(encodeUsageMessage({ tenant: first.tenant, events }));
}

async function list(query = ''): Promise<{ dead_letters: Record<string, unknown>[]; next_cursor?: string }> {
  const answer = await admin.get(`/dead-letters${query}`);
  expect(answer.status).toBe(200);
  return answer.json;
}

async function listed(client: TenantClient): Promise<unknown[]> {
  return (await list(`?tenant=${client.tenant}`)).dead_letters.map(({ event_id: id }) => id);
}

async function redrive(client: TenantClient, ...ids: string[]): Promise<unknown> {
  const answer = await admin.post('/dead-letters/redrive', { tenant: client.tenant, event_ids: ids });
  expect(answer.status).toBe(200);
  return answer.json.results.map((result: { event_id: string; status: string }) => result.status);
}

describe('GET /dead-letters', () => {
  it('lists what was refused, with reason, first and last failure and attempts, oldest first, one tenant at a time', async () => {
    const [client, other] = [newTenant(), newTenant()];
    for (const key of ['a', 'b', 'c']) {
      await send(await accept(client, key, { metric: metric('ghost') }));
      await client.settled(`api:${key}`);
    }
    await send(await accept(other, 'theirs', { metric: metric('ghost') }));
    await other.settled('api:theirs');
    await waitFor('three refusals', async () => (await listed(client)).length === 3);
    const { dead_letters: letters } = await list(`?tenant=${client.tenant}`);
    expect(letters[0]).toEqual({
      ...{ tenant: client.tenant, event_id: 'api:a', status: 'refused', attempts: 1 },
      reason: 'the price book it was accepted under has no price for its metric',
      ...{ first_failed_at: expect.any(String), last_failed_at: letters[0]?.['first_failed_at'] },
    });
    expect(letters.map(({ event_id: id }) => id)).toEqual(['api:a', 'api:b', 'api:c']);
    const first = await list(`?tenant=${client.tenant}&limit=2`);
    const second = await list(`?tenant=${client.tenant}&limit=2&cursor=${first.next_cursor}`);
    expect([...first.dead_letters, ...second.dead_letters]).toEqual(letters);
    expect(await everything(1)).toEqual(
      expect.arrayContaining([`${client.tenant} api:a`, `${client.tenant} api:c`, `${other.tenant} api:theirs`]),
    );
  });

  it('keeps a refused payload on the list though another one is posted under its id', async () => {
    const client = newTenant();
    const event = await accept(client, 'k', { quantity: quantity(2) });
    await send(event);
    await client.settled('api:k');
    await send({ ...event, quantity: quantity(1_000) });
    await waitFor('the conflict', async () => (await listed(client)).length === 1);
    const { dead_letters: letters } = await list(`?tenant=${client.tenant}`);
    expect(letters).toMatchObject([{ status: 'refused', reason: 'another payload was already posted under this id' }]);
    expect(await redrive(client, 'api:k')).toEqual(['already_posted']);
    expect(await client.balanceMinor()).toBe('2');
    expect((await client.receipt('api:k')).json).toMatchObject({ status: 'posted', amount_minor: '2' });
  });

  it('names messages nobody could read, apart from every tenant’s', async () => {
    const client = newTenant();
    const message = { MessageBody: 'not json', MessageGroupId: `${client.tenant}#1`, MessageDeduplicationId: 'junk' };
    await new StackQueue(stack, 'UsageQueueUsage').send(message);
    await waitFor('the unreadable message', async () => {
      const { dead_letters: letters } = await list('?limit=100');
      return letters.some(({ status, reason }) => status === 'unreadable' && reason === 'not a usage message');
    });
    const { dead_letters: letters } = await list('?limit=100');
    const unreadable = letters.find(({ status }) => status === 'unreadable');
    expect(unreadable).toMatchObject({ tenant: null, event_id: null, message_id: expect.any(String), attempts: 1 });
    expect(await listed(client)).toEqual([]);
  });

  it('takes a limit from 1 to 100 and its own cursors, for administrators alone', async () => {
    const { next_cursor: cursor } = await list('?limit=1');
    for (const query of [
      'limit=0',
      'limit=101',
      'limit=x',
      'cursor=',
      'cursor=e30',
      'tenant=A',
      `tenant=a&cursor=${cursor}`,
    ]) {
      expect((await admin.get(`/dead-letters?${query}`)).status, query).toBe(400);
    }
    expect((await admin.get('/dead-letters?limit=100')).status).toBe(200);
    for (const [claims, status] of [[{ tenant_id: 'dead_1' }, 403] as const, [{}, 401] as const]) {
      const headers = { authorization: `Bearer ${await mint(claims)}` };
      expect((await request(`${stack.url}/dead-letters`, { headers })).status).toBe(status);
      const body = JSON.stringify({ tenant: 'dead_1', event_ids: ['api:a'] });
      const redriven = await request(`${stack.url}/dead-letters/redrive`, { method: 'POST', body, headers });
      expect(redriven.status).toBe(status);
    }
  });
});

describe('POST /dead-letters/redrive', () => {
  it('tries a refused event again, as often as asked; once there is a price it is posted, and no dead letter any more', async () => {
    const client = newTenant();
    const event = await accept(client, 'k', { priceVersion: LATER_VERSION, quantity: quantity(7) });
    await send(event);
    await client.settled('api:k');
    expect((await client.receipt('api:k')).json).toMatchObject({ status: 'refused' });
    expect(await redrive(client, 'api:k')).toEqual(['redriven']);
    await waitFor('the second failure', async () => {
      const { dead_letters: letters } = await list(`?tenant=${client.tenant}`);
      return letters[0]?.['attempts'] === 2;
    });
    const { dead_letters: letters } = await list(`?tenant=${client.tenant}`);
    expect(String(letters[0]?.['last_failed_at']) > String(letters[0]?.['first_failed_at'])).toBe(true);

    const engine = engineClient(stack);
    await new ConfigWriter(engine, stack.table('Config')).addPriceBook(
      priceBook(LATER_VERSION, { effectiveAt: instant('2035-01-01T00:00:00Z') }),
    );
    engine.destroy();
    expect(await redrive(client, 'api:k')).toEqual(['redriven']);
    await waitFor('the charge', async () => (await client.receipt('api:k')).json.status === 'posted');
    expect(await listed(client)).toEqual([]);
    expect(await redrive(client, 'api:k')).toEqual(['already_posted']);
    expect(await client.balanceMinor()).toBe('7');
  });

  it('says of each id what became of it, and charges nothing that is posted', async () => {
    const client = newTenant();
    await client.post({ quantity: 5, idempotency_key: 'posted' });
    await client.settled('api:posted');
    await accept(client, 'lost', { quantity: quantity(3) });
    const damaged = await accept(client, 'damaged');
    const engine = engineClient(stack);
    const Item = { ...intakeKey(damaged.tenant, damaged.eventId), tenant: client.tenant, event_id: 'api:else' };
    await engine.send(new PutCommand({ TableName: stack.table('UsageIntake'), Item }));
    engine.destroy();
    const ids = ['api:posted', 'api:lost', 'api:nothing', 'adj:nothing', 'api:damaged', 'api:lost'];
    const statuses = ['already_posted', 'redriven', 'unknown', 'unknown', 'damaged', 'redriven'];
    expect(await redrive(client, ...ids)).toEqual(statuses);
    await waitFor('the lost event', async () => (await client.balanceMinor()) === '8');
    // Nobody else's: an id means nothing outside its tenant.
    expect(await redrive(newTenant(), 'api:posted', 'api:lost')).toEqual(['unknown', 'unknown']);
  });

  it('sends adjustments through their own queue', async () => {
    const client = newTenant();
    await addTenants(stack, [client.tenant]);
    const queue = new StackQueue(stack, 'AdjustmentQueueAdjustments');
    await queue.holdBack(900);
    const body = { tenant: client.tenant, amount_minor: -4, idempotency_key: 'k', reason: 'late' };
    expect((await admin.post('/adjustments', body)).status).toBe(202);
    // The same content again, seconds later: a deliberate resend is none that SQS may drop.
    expect(await redrive(client, 'adj:k')).toEqual(['redriven']);
    expect(await redrive(client, 'adj:k')).toEqual(['redriven']);
    expect(await queue.depth()).toBe(3);
    await queue.holdBack(0);
    await waitFor('the credit', async () => (await client.balanceMinor()) === '-4');
    await waitFor('an empty queue', async () => (await queue.depth()) === 0);
    expect(await client.balanceMinor()).toBe('-4');
  });

  it('lets the sweep begin anew with what it had given up', async () => {
    const client = newTenant();
    const event = await accept(client, 'k', { quantity: quantity(9) });
    const engine = engineClient(stack);
    const progress = new SweepProgress(engine, stack.table('Operations'), 'usage');
    const [firstAt, gaveUpAt] = [instant('2026-11-01T00:00:00Z'), instant('2026-11-03T00:00:00Z')];
    const { tenant } = event;
    const givenUp = { tenant, eventId: event.eventId, attempts: ATTEMPTS_MAX, firstAt, nextAt: gaveUpAt, gaveUp: true };
    await progress.restart(givenUp);
    expect((await list(`?tenant=${client.tenant}`)).dead_letters).toEqual([
      {
        ...{ tenant: client.tenant, event_id: 'api:k', status: 'given_up', attempts: ATTEMPTS_MAX },
        ...{ reason: expect.any(String), first_failed_at: firstAt, last_failed_at: gaveUpAt },
      },
    ]);
    expect(await redrive(client, 'api:k')).toEqual(['redriven']);
    expect(await progress.attempt(tenant, event.eventId)).toMatchObject({ attempts: 1, gaveUp: false });
    engine.destroy();
    await waitFor('the charge', async () => (await client.balanceMinor()) === '9');
    expect(await listed(client)).toEqual([]);
  });

  it.each([
    ['no tenant', { tenant: undefined }],
    ['no list', { event_ids: 'api:k' }],
    ['an empty list', { event_ids: [] }],
    ['a hundred and one ids', { event_ids: Array.from({ length: 101 }, (_, index) => `api:${index}`) }],
    ['what is no id', { event_ids: ['api:k', 'k'] }],
    ['a number', { event_ids: [7] }],
  ])('refuses %s', async (_, change) => {
    const answer = await admin.post('/dead-letters/redrive', { tenant: 'dead_1', event_ids: ['api:k'], ...change });
    expect(answer.json).toMatchObject({ status: 400, type: 'urn:zerosum:problem:malformed' });
  });
});

it('leaves tables that balance, chain and agree (I1, I6, I9)', async () => {
  expect((await audit(stack)).faults).toEqual([]);
});

/** All dead letters in pages of so many, as `tenant id`, each once. */
async function everything(limit: number): Promise<string[]> {
  const names: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await list(`?limit=${limit}${cursor === undefined ? '' : `&cursor=${cursor}`}`);
    for (const { tenant, event_id: id } of page.dead_letters) names.push(`${tenant} ${id}`);
    cursor = page.next_cursor;
  } while (cursor !== undefined);
  expect(new Set(names).size).toBe(names.length);
  return names;
}
