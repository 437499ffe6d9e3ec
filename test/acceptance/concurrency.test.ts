import type { SQSEvent } from 'aws-lambda';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { USAGE_LANES, usageLane } from '../../lambdas/domain/lane.ts';
import { stored } from '../../lambdas/storage/item.ts';
import { encodeUsageMessage } from '../../lambdas/storage/usage-message.ts';
import { audit } from '../support/audit.ts';
import { TenantClient } from '../support/client.ts';
import { type RunningStack, startStack } from '../support/stack.ts';
import { waitFor } from '../support/wait-for.ts';

let stack: RunningStack;

beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack?.stop());

function clientOf(tenant: string): TenantClient {
  return new TenantClient(() => stack.url, tenant);
}

it('charges one event once when 50 clients send it at once', async () => {
  const client = clientOf('same_event');
  const answers = await Promise.all(range(50).map(() => client.post({ quantity: 3, idempotency_key: 'k' })));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
  await posted('same_event', ['api:k']);
  expect(await client.balanceMinor()).toBe('3');
});

it('lets one payload of an id win when 50 clients race with two', async () => {
  const client = clientOf('two_payloads');
  const quantities = range(50).map((index) => (index % 2) + 1);
  const answers = await Promise.all(quantities.map((quantity) => client.post({ quantity, idempotency_key: 'k' })));
  const winners = new Set(quantities.filter((_, index) => answers[index]?.status === 202));
  const losers = new Set(quantities.filter((_, index) => answers[index]?.status === 409));
  expect([winners.size, losers.size]).toEqual([1, 1]);
  await posted('two_payloads', ['api:k']);
  expect(await client.balanceMinor()).toBe(String([...winners][0]));
});

it('posts to all sixteen lanes of a tenant at once', async () => {
  const client = clientOf('all_lanes');
  const keys = range(160).map((index) => `k${index}`);
  const answers = await Promise.all(keys.map((key) => client.post({ idempotency_key: key })));
  expect(answers.every(({ status }) => status === 202)).toBe(true);
  await posted(
    'all_lanes',
    keys.map((key) => `api:${key}`),
  );
  const { lanes } = await audit(stack);
  expect(lanes.filter(({ tenant }) => tenant === 'all_lanes')).toHaveLength(USAGE_LANES);
  expect(await client.balanceMinor()).toBe('160');
});

it('keeps a lane whole when several consumer processes post to it at once', async () => {
  const lane = usageLane([stored.eventId.parse('api:two-writers-0')]);
  const sameLane = range(1_000)
    .map((index) => `api:two-writers-${index}`)
    .filter((id) => usageLane([stored.eventId.parse(id)]) === lane)
    .slice(0, 40);
  // Four processes, each with all the events, in other orders: every event is raced for.
  const orders = range(4).map((shift) => [...sameLane.slice(shift * 10), ...sameLane.slice(0, shift * 10)]);
  const batches = orders.flatMap((ids) => range(4).map((part) => ids.slice(part * 10, part * 10 + 10)));
  const outcomes = await Promise.all(
    batches.map((ids) =>
      consume(
        'two_writers',
        ids.map((id) => [id]),
      ),
    ),
  );
  expect(new Set(outcomes.flat())).toEqual(new Set());
  await posted('two_writers', sameLane);
  expect(await clientOf('two_writers').balanceMinor()).toBe(String(sameLane.length));
});

it('charges nothing twice when a batch comes again in another composition', async () => {
  const ids = range(30).map((index) => `api:composed-${index}`);
  await consume('composed', [ids.slice(0, 10), ids.slice(10, 20)]);
  await Promise.all([
    consume('composed', [ids.slice(5, 25), ids.slice(0, 1)]),
    consume('composed', ids.map((id) => [id]).slice(0, 10)),
    consume('composed', [[...ids].reverse()]),
  ]);
  await posted('composed', ids);
  expect(await clientOf('composed').balanceMinor()).toBe('30');
});

it('leaves tables that balance, chain and agree', async () => {
  expect((await audit(stack)).faults).toEqual([]);
});

/** Hands messages of these ids to a consumer process as the event source does; gives the ids of those it returned. */
async function consume(tenant: string, messages: readonly (readonly string[])[]): Promise<string[]> {
  const receivedAt = stored.instant.parse('2026-11-20T10:00:00.000Z');
  const records = messages.map((ids, index) => {
    const events = ids.map((id) => ({
      ...{
        tenant: stored.tenant.parse(tenant),
        eventId: stored.eventId.parse(id),
        metric: stored.metric.parse('api_call'),
      },
      ...{ quantity: stored.quantity.parse(1n), eventDate: null, receivedAt, priceVersion: 1 },
    }));
    const message = encodeUsageMessage({ tenant: stored.tenant.parse(tenant), events });
    const attributes = { MessageGroupId: message.MessageGroupId, ApproximateReceiveCount: '1' };
    const eventSourceARN = stack.queueArn('UsageQueueUsage');
    return { messageId: `${ids[0]}-${index}`, body: message.MessageBody, attributes, eventSourceARN };
  });
  const result = await stack.invoke('Consumer', { Records: records } as unknown as SQSEvent);
  expect(result.kind).toBe('result');
  const { batchItemFailures } = result.payload as { batchItemFailures: { itemIdentifier: string }[] };
  return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}

/** Waits until all of a tenant's events are in the ledger. */
async function posted(tenant: string, eventIds: readonly string[]): Promise<void> {
  await waitFor(`${eventIds.length} events of ${tenant} to be posted`, async () => {
    const { charges } = await audit(stack);
    return eventIds.every((id) => charges.has(`${tenant} ${id}`));
  });
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
