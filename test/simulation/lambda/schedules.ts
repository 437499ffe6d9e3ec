import type { Random } from '../random.ts';
import type { Scheduler } from '../scheduler.ts';
import type { FunctionName } from './functions.ts';
import type { SimulatedLambda } from './lambda.ts';

const MINUTE_MS = 60_000;

/** What runs by the clock, as often as the embedded stack has it. */
export const schedules: readonly { readonly task: string; readonly target: FunctionName; readonly everyMs: number }[] =
  [
    { task: 'sweep', target: 'reconcile', everyMs: MINUTE_MS },
    { task: 'resume-closes', target: 'admin', everyMs: MINUTE_MS },
    { task: 'verify-new', target: 'reconcile', everyMs: 5 * MINUTE_MS },
    { task: 'verify-all', target: 'reconcile', everyMs: 24 * 60 * MINUTE_MS },
  ];

/** Starts them all; what fails is not repeated, for the next one comes. */
export function startSchedules(scheduler: Scheduler, lambda: SimulatedLambda, random: Random): void {
  for (const { task, target, everyMs } of schedules) {
    const run = () => {
      lambda.invoke(target, { task });
      scheduler.after(everyMs, `schedule ${task}`, run);
    };
    scheduler.after(random.integer(1, everyMs), `schedule ${task}`, run);
  }
}
