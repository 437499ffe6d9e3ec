import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CrashPoint } from '../../lambdas/crash-point.ts';
import { type Audit, audit } from '../support/audit.ts';
import { TenantClient } from '../support/client.ts';
import { Load } from '../support/load.ts';
import { type RunningStack, startStack } from '../support/stack.ts';
import { waitFor } from '../support/wait-for.ts';

/** Events in flight around each kill. */
const BURST = 24;

/** For the whole run on a machine that may be loaded; nothing is asserted about time. */
const TEST_TIMEOUT_MS = 360_000;
const SETTLE_TIMEOUT_MS = 120_000;

const ingestPoints: CrashPoint[] = ['ingest:before-intake', 'ingest:after-intake', 'ingest:after-send'];
const consumerPoints: CrashPoint[] = ['consumer:before-commit', 'consumer:after-commit', 'consumer:before-acknowledge'];
const sweepPoints: CrashPoint[] = ['reconcile:before-send', 'reconcile:after-send', 'reconcile:before-watermark'];

// The sweep takes an event for lost after a second: the test need not wait out a minute for each round.
const impatientSweep = { functionEnvironment: { Reconcile: { SWEEP_MIN_AGE_MS: '1000' } } };

let stack: RunningStack;
let kills = 0;

beforeAll(async () => {
  stack = await startStack(impatientSweep);
});
afterAll(() => stack?.stop());

it('charges every accepted event exactly once, whatever is killed under load', {
  timeout: TEST_TIMEOUT_MS,
}, async () => {
  const load = new Load(['crash_a', 'crash_b'].map((tenant) => new TenantClient(() => stack.url, tenant)));

  for (const point of ingestPoints) await load.during(BURST, () => dieAt('Ingest', point));
  for (const point of consumerPoints) await load.during(BURST, () => dieAt('Consumer', point));
  for (const point of sweepPoints) {
    // Only what is lost on the way gives the sweep something to send.
    await load.during(BURST, killEngine('sqs'));
    await dieAt('Reconcile', point, () => stack.invoke('Reconcile', {}));
  }
  for (let round = 0; round < 3; round += 1) {
    await load.during(BURST, () => killWorker('Ingest'));
    await load.during(BURST, () => killWorker('Consumer'));
    await load.during(BURST, killEngine('dynamodb'));
  }
  for (let round = 0; round < 2; round += 1) await load.during(BURST, killStack);
  expect(kills).toBeGreaterThanOrEqual(20);

  // What killed consumers held is invisible still; without its queue everything open is the sweep's.
  await killEngine('sqs')();
  const after = await settle();
  expect(after.faults).toEqual([]);
  expect(after.refused).toEqual(new Set());
  expect([...after.charges.keys()].sort()).toEqual([...after.accepted].sort());
  expect(after.charges.size).toBe(load.accepted);
  for (const [client, expectedMinor] of load.expectedMinor) {
    expect(await client.balanceMinor()).toBe(String(expectedMinor));
  }
});

/** Kills the first process of the function that reaches the point; `prod` makes it run when the load does not. */
async function dieAt(name: string, point: CrashPoint, prod?: () => Promise<unknown>): Promise<void> {
  await stack.crash(name, point);
  await waitFor(
    `a process to die at ${point}`,
    async () => {
      await prod?.();
      return (await stack.armed()).length === 0;
    },
    SETTLE_TIMEOUT_MS,
  );
  kills += 1;
}

async function killWorker(name: string): Promise<void> {
  const { processIds = [] } = stack.info().functions.find(({ label }) => label === name) ?? {};
  const victim = processIds[Math.floor(Math.random() * processIds.length)];
  if (victim === undefined) throw new Error(`${name} has no process to kill.`);
  process.kill(victim, 'SIGKILL');
  kills += 1;
}

/** Kills an engine and waits until it runs again; the queue engine has then forgotten every message. */
function killEngine(role: 'sqs' | 'dynamodb'): () => Promise<void> {
  return async () => {
    const victim = stack.info().engines[role]?.processId;
    if (victim === undefined) throw new Error(`There is no ${role} engine to kill.`);
    process.kill(victim, 'SIGKILL');
    kills += 1;
    await waitFor(`another ${role} engine`, () => stack.info().engines[role]?.processId !== victim);
  };
}

async function killStack(): Promise<void> {
  await stack.kill();
  kills += 1;
  stack = await startStack({ ...impatientSweep, data: stack.data });
}

/** Sweeps until every accepted event is charged. */
async function settle(): Promise<Audit> {
  let latest = await audit(stack);
  await waitFor(
    'every accepted event to settle',
    async () => {
      await stack.invoke('Reconcile', {});
      latest = await audit(stack);
      return latest.charges.size + latest.refused.size >= latest.accepted.size;
    },
    SETTLE_TIMEOUT_MS,
  );
  return latest;
}
