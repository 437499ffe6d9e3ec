import { plain } from '../../lambdas/storage/dynamo.ts';
import type { Item, Tables } from './model/books.ts';
import type { Scheduler } from './scheduler.ts';
import type { Clients } from './workload/client.ts';
import type { SimulatedZerosum } from './zerosum.ts';

/** Between two looks at what is still under way. */
const LOOK_MS = 5_000;
const GLANCE_MS = 500;

/** Whatever is not settled after a day without a fault never will be. */
const SETTLING_MS = 86_400_000;

/** Lets time run on until nothing is under way, or for a day; says what is still open then. */
export async function settle(system: SimulatedZerosum, clients: Clients): Promise<readonly string[]> {
  const { scheduler } = system;
  const endMs = scheduler.nowMs + SETTLING_MS;
  for (;;) {
    await scheduler.runUntil(scheduler.nowMs + LOOK_MS);
    const open = underWay(system, clients);
    if (open.length === 0 || scheduler.nowMs >= endMs) return open;
  }
}

function underWay(system: SimulatedZerosum, clients: Clients): string[] {
  const number = (table: string, prefix = '') => {
    let items = 0;
    for (const item of system.dynamodb.items(table)) if (item['pk']?.S?.startsWith(prefix)) items += 1;
    return items;
  };
  const recorded = number('UsageIntake') + number('AdjustmentIntake');
  const open: string[] = [];
  if (!clients.areDone) open.push('a client still waits');
  if (number('Ledger', 'E#') !== recorded) open.push('an event was neither posted nor refused');
  if (number('Operations', 'CLOSING#') > 0) open.push('a close is not finished');
  if (number('Operations', 'RUN#-') > 0) open.push('a reconciliation is not finished');
  if (!system.isProjected) open.push('a stream is not read to its end');
  return open;
}

/** Lets time run on until something planned in it has come to its end. */
export async function finished<Result>(scheduler: Scheduler, work: Promise<Result>): Promise<Result> {
  const endMs = scheduler.nowMs + SETTLING_MS;
  let isDone = false;
  const ending = work.finally(() => {
    isDone = true;
  });
  // Thrown by whoever awaits it below, once time has come that far.
  ending.catch(() => undefined);
  while (!isDone && scheduler.nowMs < endMs) await scheduler.runUntil(scheduler.nowMs + GLANCE_MS);
  if (!isDone) throw new Error('Something never came to its end, though nothing goes wrong.');
  return ending;
}

/** What lies in the tables, as it is now. */
export function tablesOf({ dynamodb }: SimulatedZerosum): Tables {
  return (table) => [...dynamodb.items(table)].map((item): Item => plain(item));
}
