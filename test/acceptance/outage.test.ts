import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { audit } from '../support/audit.ts';
import { request, TenantClient } from '../support/client.ts';
import { type RunningStack, startStack } from '../support/stack.ts';
import { waitFor } from '../support/wait-for.ts';

let stack: RunningStack;
const paused = new Set<number>();

beforeAll(async () => {
  stack = await startStack({ functionEnvironment: { Reconcile: { SWEEP_MIN_AGE_MS: '1000' } } });
});
afterEach(resume);
afterAll(() => stack?.stop());

it('accepts while the queue is down, and settles when it is back (I3)', async () => {
  const client = new TenantClient(() => stack.url, 'queue_down');
  pause('sqs');
  expect((await client.post({ quantity: 4, idempotency_key: 'k' })).status).toBe(202);
  expect((await client.receipt('api:k')).json).toMatchObject({ event_id: 'api:k', status: 'accepted' });
  resume();
  await waitFor('the event to settle', async () => {
    await stack.invoke('Reconcile', {});
    return (await client.receipt('api:k')).json.status === 'posted';
  });
  expect(await client.balanceMinor()).toBe('4');
});

it('answers 503 while the tables are down; the same request afterwards is charged once', async () => {
  const client = new TenantClient(() => stack.url, 'tables_down');
  expect((await client.post({ quantity: 1, idempotency_key: 'before' })).status).toBe(202);
  // Settled first: a consumer that hangs with its message keeps the lane locked for the visibility timeout.
  await waitFor('the first charge', async () => (await client.balanceMinor()) === '1');
  pause('dynamodb');
  const [refused, notReady, alive] = await Promise.all([
    client.post({ quantity: 4, idempotency_key: 'k' }),
    request(`${stack.url}/readyz`),
    request(`${stack.url}/healthz`),
  ]);
  expect([refused.status, notReady.status, alive.status]).toEqual([503, 503, 200]);
  expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
  expect(refused.json).toMatchObject({ status: 503, type: 'urn:zerosum:problem:unavailable' });
  resume();
  await waitFor('readiness', async () => (await request(`${stack.url}/readyz`)).status === 200);
  expect((await client.post({ quantity: 4, idempotency_key: 'k' })).status).toBe(202);
  await waitFor('both events to be charged', async () => {
    await stack.invoke('Reconcile', {});
    return (await client.balanceMinor()) === '5';
  });
  expect((await audit(stack)).faults).toEqual([]);
});

/** Stops an engine as a hung host does: it takes connections and answers nothing. */
function pause(role: 'sqs' | 'dynamodb'): void {
  const processId = stack.info().engines[role]?.processId;
  if (processId === undefined) throw new Error(`There is no ${role} engine to pause.`);
  process.kill(processId, 'SIGSTOP');
  paused.add(processId);
}

function resume(): void {
  for (const processId of paused) process.kill(processId, 'SIGCONT');
  paused.clear();
}
