import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { corruptionKinds } from './corruption/corruption.ts';
import { simulateSeed } from './run.ts';

/** As small as keeps all kinds of operation in, so that many fit into the time a test may take. */
const EVENTS = 120;

/** Fixed, so that what passed once fails only by a change of ours; fresh ones are for `npm run simulate`. */
const SEEDS = ['1', '2', '3', '4', '5', '6'];

describe('a simulation', () => {
  it('has the same trace from the same seed, in this process and in another, and another from another', async () => {
    const [first, again, other] = [await hashOf('77'), await hashOf('77'), await hashOf('78')];
    expect(again).toBe(first);
    expect(other).not.toBe(first);
    const command = ['--import', 'tsx', 'test/simulation/simulate.ts', '--seed', '77', '--events', String(EVENTS)];
    const { stdout } = await promisify(execFile)(process.execPath, command);
    expect(stdout).toContain(`trace: ${first}`);
  });

  it.each(SEEDS)('keeps every promise, whatever befalls it: seed %s', async (seed) => {
    const { violations, figures } = await simulateSeed({ seed, events: EVENTS });
    expect(violations).toEqual([]);
    expect(figures['events charged']).toBeGreaterThan(0);
  });

  it('does what is planned and no more when operations are left out', async () => {
    const whole = await simulateSeed({ seed: '9', events: EVENTS });
    const only = new Set(whole.operations.slice(0, 3));
    const some = await simulateSeed({ seed: '9', events: EVENTS, only });
    expect(some.operations).toEqual([...only]);
    expect(some.violations).toEqual([]);
  });

  it('finds and locates every way in which its books are corrupted', async () => {
    const { violations, figures } = await simulateSeed({ seed: '10', events: EVENTS, corruptions: corruptionKinds });
    expect(violations).toEqual([]);
    expect(figures['corruptions injected']).toBeGreaterThan(corruptionKinds.length * 0.6);
    expect(figures['corruptions found']).toBe(figures['corruptions injected']);
  });
});

async function hashOf(seed: string): Promise<string> {
  return (await simulateSeed({ seed, events: EVENTS })).traceHash;
}
