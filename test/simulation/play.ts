import { AuthorityWatch } from './checks/authority.ts';
import { type ClosedMonths, monthAsItLies } from './checks/closes.ts';
import type { Evidence } from './checks/evidence.ts';
import type { Violations } from './checks/violation.ts';
import { drawFaults } from './faults.ts';
import { booksOf, type Tables } from './model/books.ts';
import { claimsOf } from './model/claims.ts';
import { intakeRecords } from './model/intake-records.ts';
import { chargesOf } from './model/model.ts';
import type { Random } from './random.ts';
import { Scheduler } from './scheduler.ts';
import { settle, tablesOf } from './settling.ts';
import { Trace } from './trace.ts';
import { Clients } from './workload/client.ts';
import type { Operation } from './workload/operation.ts';
import { planOf } from './workload/plan.ts';
import { SimulatedZerosum } from './zerosum.ts';

export interface PlayOptions {
  readonly seed: string;
  readonly events: number;
  /** Indexes of the operations that take place; by default all. */
  readonly only?: ReadonlySet<number> | undefined;
  /** Kinds of fault that are left out. */
  readonly without?: ReadonlySet<string> | undefined;
  readonly keepsTrace?: boolean;
}

/** A run that has settled, and what is known of it. */
export interface Aftermath {
  readonly system: SimulatedZerosum;
  readonly trace: Trace;
  /** Those that took place. */
  readonly operations: readonly Operation[];
  readonly evidence: Evidence;
  readonly closed: ClosedMonths;
  readonly tables: Tables;
}

/** Lets everything happen that the seed has in store, and then settle. */
export async function play(
  random: Random,
  { events, only, without, keepsTrace = false }: PlayOptions,
  violations: Violations,
): Promise<Aftermath> {
  const { setting, operations: planned, endsAfterMs } = planOf(random.fork('plan'), events);
  const operations = planned.filter(({ index }) => only === undefined || only.has(index));
  const trace = new Trace(setting.startMs, { keepsLines: keepsTrace });
  const scheduler = new Scheduler(setting.startMs, trace);
  const faults = drawFaults(random.fork('faults'), without);
  const system = await SimulatedZerosum.start(scheduler, random.fork('system'), { setting, faults });
  const watch = new AuthorityWatch(violations);
  system.dynamodb.onWrite(({ key, ...write }) => watch.see({ ...write, partition: key['pk']?.S ?? '' }));

  const tables = tablesOf(system);
  const closed = new Map<string, string>();
  const clients = new Clients(system, ({ deed }, { status }) => {
    if (deed.kind !== 'close' || status !== 200) return;
    closed.set(`${deed.tenant} ${deed.period}`, monthAsItLies(tables, deed.tenant, deed.period));
  });
  clients.plan(operations);
  await scheduler.runUntil(setting.startMs + endsAfterMs);
  system.calm();
  for (const open of await settle(system, clients)) violations.add('I3', `after a day without a fault ${open}`);
  for (const fault of clients.faults) throw fault;

  const [claims, records] = [claimsOf(clients.performances), intakeRecords(tables)];
  const evidence: Evidence = {
    ...{ setting, performances: clients.performances, claims, records, skewMs: faults.lambda.skewMs },
    ...{ charges: chargesOf(claims, records, setting.prices), books: booksOf(tables) },
  };
  return { system, trace, operations, evidence, closed, tables };
}
