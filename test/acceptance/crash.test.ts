import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CrashPoint } from '../../lambdas/crash-point.ts';
import { type Audit, audit } from '../support/audit.ts';
import { TenantClient } from '../support/client.ts';
import { type Death, dieAt, impatientSweep, killEngine, killStack, killWorker } from '../support/kills.ts';
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

let stack: RunningStack;
const deaths: Death[] = [];

beforeAll(async () => {
  stack = await startStack(impatientSweep);
});
afterAll(() => stack?.stop());

it('charges every accepted event exactly once, whatever is killed under load', {
  timeout: TEST_TIMEOUT_MS,
}, async () => {
  const load = new Load(['crash_a', 'crash_b'].map((tenant) => new TenantClient(() => stack.url, tenant)));

  const during = (kill: () => Promise<Death>) => load.during(BURST, async () => deaths.push(await kill()));
  for (const point of ingestPoints) await during(() => dieAt(stack, 'Ingest', point));
  for (const point of consumerPoints) await during(() => dieAt(stack, 'Consumer', point));
  for (const point of sweepPoints) {
    // Only what is lost on the way gives the sweep something to send.
    await during(() => killEngine(stack, 'sqs'));
    deaths.push(await dieAt(stack, 'Reconcile', point, () => stack.invoke('Reconcile', {})));
  }
  for (let round = 0; round < 3; round += 1) {
    await during(() => killWorker(stack, 'Ingest'));
    await during(() => killWorker(stack, 'Consumer'));
    await during(() => killEngine(stack, 'dynamodb'));
  }
  for (let round = 0; round < 2; round += 1) {
    await during(async () => {
      const next = await killStack(stack, impatientSweep);
      stack = next.stack;
      return next.death;
    });
  }
  expect(deaths.length).toBeGreaterThanOrEqual(20);

  // What killed consumers held is invisible still; without its queue everything open is the sweep's.
  await killEngine(stack, 'sqs');
  const after = await settle();
  expect(after.faults).toEqual([]);
  expect(after.refused).toEqual(new Set());
  expect([...after.charges.keys()].sort()).toEqual([...after.accepted].sort());
  expect(after.charges.size).toBe(load.accepted);
  for (const [client, expectedMinor] of load.expectedMinor) {
    expect(await client.balanceMinor()).toBe(String(expectedMinor));
  }
});

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
