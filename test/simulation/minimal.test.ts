import { expect, it, vi } from 'vitest';
import { faultKinds } from './faults.ts';
import { attempt, describeMinimal, minimalRun } from './minimal.ts';

/** A bug: quantities make no difference between two payloads, so that a conflict passes for a replay. */
vi.mock('../../lambdas/domain/usage-event.ts', async (original) => {
  const real = await original<typeof import('../../lambdas/domain/usage-event.ts')>();
  const payloadHash: typeof real.payloadHash = (payload) => {
    return real.payloadHash({ ...payload, quantity: 1n as typeof payload.quantity });
  };
  return { ...real, payloadHash };
});

/** Nothing has to go wrong for this bug to show. */
const without = new Set(faultKinds);

it('comes down from a whole run to the two requests that show a bug, and says how to see it again', async () => {
  const options = { seed: '3', events: 60, without };
  const failed = await attempt(options);
  expect(failed.violations).toContainEqual(expect.objectContaining({ invariant: 'I4' }));
  const minimal = await minimalRun(options, failed);
  expect(minimal.result.operations).toHaveLength(2);
  const [first, second] = minimal.result.operations;
  expect(minimal.command).toBe(`npm run simulate -- --seed 3 --events 60 --only ${first},${second} --without all`);
  expect(describeMinimal(minimal)).toMatch(/client \d+ send[\s\S]*\nI4 .* was accepted as .* and as /);
});
