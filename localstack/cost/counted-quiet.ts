import { MeteredSystem } from './metered-system.ts';
import type { Tally } from './tally.ts';

const HOUR_MS = 3_600_000;

/** What each quiet tenant has once sent, in one request, and never since. */
const EVENTS_OF_OLD = 10;

/** What the schedules ask for. */
export const tasks = [
  { task: 'sweep', target: 'reconcile' },
  { task: 'resume-closes', target: 'admin' },
  { task: 'verify-new', target: 'reconcile' },
  { task: 'verify-all', target: 'reconcile' },
] as const;

export type TaskName = (typeof tasks)[number]['task'];

/** What one run of each task asks of AWS while nobody sends anything. */
export interface CountedQuiet {
  readonly tenants: number;
  readonly byTask: ReadonlyMap<TaskName, Tally>;
  readonly storedBytes: ReadonlyMap<string, number>;
  /** Custom metrics that are written though nothing happens. */
  readonly metrics: number;
}

/** Lets so many tenants send a little, then nothing, and counts what the schedules do all the same. */
export async function countedQuiet(tenants: number): Promise<CountedQuiet> {
  const names = Array.from({ length: tenants }, (_, index) => `quiet_${index}`);
  const system = await MeteredSystem.start(names);
  for (const name of names) await system.send(name, EVENTS_OF_OLD);
  await system.settle();
  await system.pass(HOUR_MS);
  // What was new is dealt with once.
  for (const { target, task } of tasks) await system.run(target, task);
  await system.pass(HOUR_MS);
  await system.run('reconcile', 'sweep');
  const byTask = new Map<TaskName, Tally>();
  system.meter.metrics.clear();
  for (const { target, task } of tasks) {
    await system.pass(5 * 60_000);
    byTask.set(task, await system.run(target, task));
  }
  return { tenants, byTask, storedBytes: system.storedBytes(), metrics: system.meter.metrics.size };
}
