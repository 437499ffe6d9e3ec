import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AdjustmentEvent } from '../../lambdas/domain/adjustment-event.ts';
import type { TenantId } from '../../lambdas/domain/ids.ts';
import { instantOf } from '../../lambdas/domain/instant.ts';
import { messageGroupOf, usageLane } from '../../lambdas/domain/lane.ts';
import { genesisHash, type LaneKey } from '../../lambdas/domain/page.ts';
import { periodOf } from '../../lambdas/domain/period.ts';
import type { UsageEvent } from '../../lambdas/domain/usage-event.ts';
import { NEARLY_DRAINED_MESSAGES } from '../../lambdas/reconcile/sweep.ts';
import { AdjustmentIntake } from '../../lambdas/storage/adjustment-intake.ts';
import { encodeAdjustmentMessage } from '../../lambdas/storage/adjustment-message.ts';
import { headKey } from '../../lambdas/storage/keys.ts';
import type { QueueMessage } from '../../lambdas/storage/queue-sender.ts';
import { UsageIntake } from '../../lambdas/storage/usage-intake.ts';
import { encodeUsageMessage } from '../../lambdas/storage/usage-message.ts';
import { AdminClient } from '../support/admin-client.ts';
import { audit, engineClient } from '../support/audit.ts';
import { TenantClient } from '../support/client.ts';
import {
  adjustmentAmount,
  adjustmentEvent,
  lane,
  metric,
  must,
  quantity,
  tenantId,
  usageEvent,
} from '../support/events.ts';
import { type RunningStack, startStack } from '../support/stack.ts';
import { StackQueue } from '../support/stack-queue.ts';
import { waitFor } from '../support/wait-for.ts';

const TIMEOUT_MS = 5_000;

/** Above what any test waits, below the 30 s after which the queue itself would bring a message back. */
const SOON_MS = 25_000;

/** For a thousand messages on a machine that may be loaded; nothing is asserted about time. */
const DRAIN_TIMEOUT_MS = 60_000;

/** The lane all of it happens in. */
const LANE = lane(3);

let stack: RunningStack;
let admin: AdminClient;
let usage: StackQueue;
let adjustments: StackQueue;

beforeAll(async () => {
  stack = await startStack({ functionEnvironment: { Reconcile: { SWEEP_MIN_AGE_MS: '1000' } } });
  admin = new AdminClient(() => stack.url);
  usage = new StackQueue(stack, 'UsageQueueUsage');
  adjustments = new StackQueue(stack, 'AdjustmentQueueAdjustments');
});
afterAll(() => stack?.stop());

function clientOf(tenant: TenantId): TenantClient {
  return new TenantClient(() => stack.url, tenant);
}

/** Keys whose lone events post into the lane. */
function keys(count: number): string[] {
  const all = Array.from({ length: 40 * count }, (_, index) => `k${index}`);
  return all.filter((key) => usageLane([usageEvent(key).eventId]) === LANE).slice(0, count);
}

async function accept(tenant: TenantId, key: string, changes: Partial<UsageEvent> = {}): Promise<UsageEvent> {
  const event = usageEvent(key, { tenant, receivedAt: instantOf(Date.now()), ...changes });
  const engine = engineClient(stack);
  await new UsageIntake(engine, stack.table('UsageIntake')).accept(event, TIMEOUT_MS);
  engine.destroy();
  return event;
}

function messageOf(event: UsageEvent): QueueMessage {
  return encodeUsageMessage({ tenant: event.tenant, events: [event] });
}

function junk(tenant: TenantId, id: string, MessageBody: string): QueueMessage {
  return { MessageBody, MessageGroupId: messageGroupOf(tenant, LANE), MessageDeduplicationId: id };
}

/** Lets the queue hand all of these out together, as the one batch their group gets. */
async function deliverTogether(queue: StackQueue, messages: readonly QueueMessage[]): Promise<void> {
  await queue.holdBack(900);
  await queue.sendAll(messages);
  await queue.holdBack(0);
}

function settled(client: TenantClient, event: UsageEvent): Promise<void> {
  return waitFor(
    `${event.eventId} to settle`,
    async () => (await client.receipt(event.eventId)).json.status !== 'accepted',
    SOON_MS,
  );
}

describe('poison in the middle of a lane', () => {
  it('that no one can read is put aside, and what comes after it is posted', async () => {
    const tenant = tenantId('poison_unreadable');
    const client = clientOf(tenant);
    const [first, second] = await Promise.all(keys(2).map((key) => accept(tenant, key)));
    const bodies = ['not json', '[]', '{"version":1,"events":[{}]}', 'null', '\u{1f4a3}'.repeat(5_000)];
    await deliverTogether(usage, [
      messageOf(must(first)),
      ...bodies.map((body, index) => junk(tenant, `unreadable-${index}`, body)),
      messageOf(must(second)),
    ]);
    await settled(client, must(second));
    expect(await client.balanceMinor()).toBe('2');
    await waitFor('five unreadable messages', async () => {
      const { dead_letters: letters } = (await admin.get('/dead-letters?limit=100')).json;
      return letters.filter(({ status }: { status: string }) => status === 'unreadable').length === bodies.length;
    });
  });

  it('that has no price is refused, and what comes after it is posted', async () => {
    const tenant = tenantId('poison_unpriced');
    const client = clientOf(tenant);
    const [first, bad, second] = keys(3);
    const events = [
      await accept(tenant, must(first)),
      await accept(tenant, must(bad), { metric: metric('ghost') }),
      await accept(tenant, must(second)),
    ];
    await deliverTogether(usage, events.map(messageOf));
    await settled(client, must(events[2]));
    expect(await statuses(client, events)).toEqual(['posted', 'refused', 'posted']);
    expect(await client.balanceMinor()).toBe('2');
  });

  it('that no table can store is refused, and what comes after it is posted', async () => {
    const tenant = tenantId('poison_unstorable');
    const client = clientOf(tenant);
    const place = { tenant, period: periodOf(instantOf(Date.now())), lane: LANE };
    // A total of 38 digits, which one more would overflow.
    await plantHead(place, 10n ** 38n - 10n);
    const [first, bad, second] = keys(3);
    const events = [
      await accept(tenant, must(first)),
      await accept(tenant, must(bad), { quantity: quantity(20) }),
      await accept(tenant, must(second)),
    ];
    await deliverTogether(usage, events.map(messageOf));
    await settled(client, must(events[2]));
    expect(await statuses(client, events)).toEqual(['posted', 'refused', 'posted']);
    expect((await client.receipt(must(events[1]).eventId)).json.reason).toBe('the ledger could not store it');
  });

  it('among adjustments holds none of them up', async () => {
    const tenant = tenantId('poison_adjustments');
    const client = clientOf(tenant);
    const events = ['a', 'b'].map((key) => adjustmentEvent(key, { tenant, amountMinor: adjustmentAmount(7n) }));
    const [first, second] = await Promise.all(events.map(acceptAdjustment));
    const group = { MessageGroupId: messageGroupOf(tenant, lane(16)) };
    await deliverTogether(adjustments, [
      encodeAdjustmentMessage({ tenant, events: [must(first)] }),
      { ...junk(tenant, 'adjustment-junk', '{"version":1,"adjustments":[{"amount_minor":"1"}]}'), ...group },
      encodeAdjustmentMessage({ tenant, events: [must(second)] }),
    ]);
    await waitFor('both adjustments', async () => (await client.balanceMinor()) === '14', SOON_MS);
  });
});

it('posts what a passing fault gave back after seconds, in its order', async () => {
  const tenant = tenantId('passing_fault');
  const client = clientOf(tenant);
  const place = { tenant, period: periodOf(instantOf(Date.now())), lane: LANE };
  const events = await Promise.all(keys(3).map((key) => accept(tenant, key)));
  const returned = await returnedGroups();
  await changeHead(place, 'SET next_seq = :broken', { ':broken': 'x' });
  await deliverTogether(usage, events.map(messageOf));
  await waitFor('a first failure', async () => (await returnedGroups()) > returned);
  await changeHead(place, 'REMOVE next_seq');
  await Promise.all(events.map((event) => settled(client, event)));
  const { charges } = await audit(stack);
  const order = [...charges.keys()].filter((name) => name.startsWith(`${tenant} `));
  expect(order).toEqual(events.map(({ eventId }) => `${tenant} ${eventId}`));
  expect(await client.balanceMinor()).toBe('3');
});

it('names what had its last delivery as undelivered, and charges it once when it is redriven', async () => {
  const tenant = tenantId('undelivered');
  const client = clientOf(tenant);
  const place = { tenant, period: periodOf(instantOf(Date.now())), lane: LANE };
  const event = await accept(tenant, must(keys(1)[0]));
  await changeHead(place, 'SET next_seq = :broken', { ':broken': 'x' });
  const { MessageBody: body, MessageGroupId } = messageOf(event);
  const attributes = { MessageGroupId, ApproximateReceiveCount: '5' };
  const record = {
    ...{ messageId: 'm', receiptHandle: 'gone', body, attributes },
    eventSourceARN: stack.queueArn('UsageQueueUsage'),
  };
  const { payload } = await stack.invoke('Consumer', { Records: [record] });
  expect(payload).toEqual({ batchItemFailures: [{ itemIdentifier: 'm' }] });
  const list = async () => (await admin.get(`/dead-letters?tenant=${tenant}`)).json.dead_letters;
  await waitFor('the dead letter', async () => (await list()).length === 1);
  expect(await list()).toMatchObject([{ event_id: event.eventId, status: 'undelivered', attempts: 5 }]);
  expect((await client.receipt(event.eventId)).json.status).toBe('accepted');
  await changeHead(place, 'REMOVE next_seq');
  const redriven = { tenant, event_ids: [event.eventId] };
  expect((await admin.post('/dead-letters/redrive', redriven)).json.results).toMatchObject([{ status: 'redriven' }]);
  await settled(client, event);
  expect(await list()).toEqual([]);
  expect(await client.balanceMinor()).toBe('1');
});

it('is fed nothing by the sweep while a queue is full of undelivered work', {
  timeout: 2 * DRAIN_TIMEOUT_MS,
}, async () => {
  const tenant = tenantId('outage');
  const client = clientOf(tenant);
  await usage.holdBack(900);
  const backlog = Array.from({ length: NEARLY_DRAINED_MESSAGES + 1 }, (_, index) => {
    return messageOf(usageEvent(`backlog-${index}`, { tenant, receivedAt: instantOf(Date.now()) }));
  });
  await usage.sendAll(backlog);
  const answers = await Promise.all(keys(20).map((key) => client.post({ idempotency_key: key })));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
  const depth = await usage.depth();
  const young = Date.now();
  await waitFor('the events to be old enough for the sweep', () => Date.now() - young > 1_100);
  for (let run = 0; run < 3; run += 1) {
    const { payload } = await stack.invoke('Reconcile', { task: 'sweep' });
    expect(payload).toMatchObject({ usage: { complete: false, looked: 0, resent: 0 } });
  }
  expect(await usage.depth()).toBe(depth);
  await usage.holdBack(0);
  await waitFor('the backlog to drain', async () => (await usage.depth()) === 0, DRAIN_TIMEOUT_MS);
  await waitFor('a complete sweep that finds nothing of it', async () => {
    const { payload } = await stack.invoke('Reconcile', { task: 'sweep' });
    return (payload as { usage: { complete: boolean } }).usage.complete;
  });
  expect(await client.balanceMinor()).toBe(String(backlog.length + answers.length));
});

it('leaves tables that balance, chain and agree (I1, I6, I9)', async () => {
  const { faults } = await audit(stack);
  expect(faults.filter((fault) => !fault.includes('poison_unstorable'))).toEqual([]);
});

async function statuses(client: TenantClient, events: readonly UsageEvent[]): Promise<string[]> {
  const receipts = await Promise.all(events.map(({ eventId }) => client.receipt(eventId)));
  return receipts.map(({ json }) => json.status);
}

async function acceptAdjustment(event: AdjustmentEvent): Promise<AdjustmentEvent> {
  const engine = engineClient(stack);
  await new AdjustmentIntake(engine, stack.table('AdjustmentIntake')).accept(event, TIMEOUT_MS);
  engine.destroy();
  return event;
}

/** A head as if one page had been posted. */
function plantHead(place: LaneKey, receivable: bigint): Promise<void> {
  const names = 'next_seq = :next, chain = :chain, totals = :totals, entry_count = :one, last_posted_at = :at';
  return changeHead(place, `SET ${names}`, {
    ...{ ':next': 2, ':chain': genesisHash(place), ':one': 1, ':at': instantOf(Date.now()) },
    ':totals': { receivable, revenue: -receivable, adjustments: 0n },
  });
}

async function changeHead(place: LaneKey, expression: string, values?: Record<string, unknown>): Promise<void> {
  const engine = engineClient(stack);
  const update = { UpdateExpression: expression, ...(values && { ExpressionAttributeValues: values }) };
  await engine.send(new UpdateCommand({ TableName: stack.table('Balances'), Key: { ...headKey(place) }, ...update }));
  engine.destroy();
}

/** How many message groups the consumer has given back so far, by its log. */
async function returnedGroups(): Promise<number> {
  return (await stack.log('Consumer')).split('A message group goes back to its queue.').length - 1;
}
