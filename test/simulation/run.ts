import { checkAcceptance } from './checks/acceptance.ts';
import { checkAnswers } from './checks/answers.ts';
import { AuthorityWatch } from './checks/authority.ts';
import { checkCloses, monthAsItLies } from './checks/closes.ts';
import { checkEntries } from './checks/entries.ts';
import type { Evidence } from './checks/evidence.ts';
import { checkViews } from './checks/final-views.ts';
import { checkLanes } from './checks/lanes.ts';
import { checkReads } from './checks/reads.ts';
import { type Violation, Violations } from './checks/violation.ts';
import { corrupt, corruptionKinds } from './corruption/corruption.ts';
import type { CorruptionKind } from './corruption/kind.ts';
import { drawFaults } from './faults.ts';
import { type Figures, figuresOf } from './figures.ts';
import { booksOf } from './model/books.ts';
import { claimsOf } from './model/claims.ts';
import { intakeRecords } from './model/intake-records.ts';
import { chargesOf } from './model/model.ts';
import { Random } from './random.ts';
import { Scheduler } from './scheduler.ts';
import { settle, tablesOf } from './settling.ts';
import { Trace } from './trace.ts';
import { Auditor } from './workload/auditor.ts';
import { Clients } from './workload/client.ts';
import { planOf } from './workload/plan.ts';
import { SimulatedZerosum } from './zerosum.ts';

export interface RunOptions {
  readonly seed: string;
  readonly events: number;
  /** Indexes of the operations that take place; by default all. */
  readonly only?: ReadonlySet<number> | undefined;
  /** Kinds of fault that are left out. */
  readonly without?: ReadonlySet<string> | undefined;
  readonly keepsTrace?: boolean;
  /** The ways in which the books are corrupted in the end; by default the seed decides. */
  readonly corruptions?: readonly CorruptionKind[] | undefined;
}

export interface RunResult {
  readonly violations: readonly Violation[];
  readonly figures: Figures;
  /** Of the operations that took place. */
  readonly operations: readonly number[];
  readonly traceHash: string;
  readonly trace: readonly string[];
}

/** One whole run from its seed: what clients do, what befalls it, until it has settled, and whether every promise was kept. */
export async function simulateSeed(options: RunOptions): Promise<RunResult> {
  const { seed, events, only, without, keepsTrace = false, corruptions } = options;
  const random = new Random(seed);
  const { setting, operations, endsAfterMs } = planOf(random.fork('plan'), events);
  const taking = operations.filter(({ index }) => only === undefined || only.has(index));
  const trace = new Trace(setting.startMs, { keepsLines: keepsTrace });
  const scheduler = new Scheduler(setting.startMs, trace);
  const faults = drawFaults(random.fork('faults'), without);
  const violations = new Violations();
  const system = await SimulatedZerosum.start(scheduler, random.fork('system'), { setting, faults });
  const watch = new AuthorityWatch(violations);
  system.dynamodb.onWrite(({ key, ...write }) => watch.see({ ...write, partition: key['pk']?.S ?? '' }));

  const closed = new Map<string, string>();
  const clients = new Clients(system, ({ deed }, { status }) => {
    if (deed.kind !== 'close' || status !== 200) return;
    closed.set(`${deed.tenant} ${deed.period}`, monthAsItLies(tablesOf(system), deed.tenant, deed.period));
  });
  clients.plan(taking);
  await scheduler.runUntil(setting.startMs + endsAfterMs);
  system.calm();
  for (const open of await settle(system, clients)) violations.add('I3', `after a day without a fault ${open}`);
  for (const fault of clients.faults) throw fault;

  const tables = tablesOf(system);
  const [claims, records] = [claimsOf(clients.performances), intakeRecords(tables)];
  const evidence: Evidence = {
    ...{ setting, performances: clients.performances, claims, records, skewMs: faults.lambda.skewMs },
    ...{ charges: chargesOf(claims, records, setting.prices), books: booksOf(tables) },
  };
  checkAcceptance(evidence, violations);
  checkEntries(evidence, violations);
  checkLanes(evidence, violations);
  checkCloses(evidence, closed, tables, violations);
  checkAnswers(evidence, violations);
  checkReads(evidence, violations);
  violations.expect(system.discardedRecords === 0, 'I9', `${system.discardedRecords} stream records were given up`);
  const auditor = new Auditor(system);
  await finished(scheduler, audit(evidence, auditor, random.fork('audit'), violations));
  const kinds = violations.all.length === 0 ? corruptionsOf(random.fork('corruptions'), corruptions) : [];
  const scene = { system, tables, auditor, random: random.fork('corruption') };
  const { injected, found } = await finished(scheduler, corrupt(kinds, scene, violations));
  const figures = figuresOf(evidence, system, taking);
  return {
    violations: violations.all,
    figures: { ...figures, 'corruptions injected': injected, 'corruptions found': found },
    operations: taking.map(({ index }) => index),
    traceHash: trace.digest(),
    trace: trace.lines,
  };
}

/** What is seen from outside once all is quiet, and that a full reconciliation finds nothing. */
async function audit(evidence: Evidence, auditor: Auditor, random: Random, violations: Violations): Promise<void> {
  await checkViews(evidence, auditor, random, violations);
  const { ok, complete, discrepancies, checked } = await auditor.reconcile();
  violations.expect(complete, 'I9', 'a reconciliation of everything did not come to its end');
  violations.expect(checked['guard_findings'] === 0, 'I9', `the guard found ${checked['guard_findings']} changes`);
  for (const found of discrepancies) violations.add('I9', `the reconciliation found ${JSON.stringify(found)}`);
  violations.expect(ok || discrepancies.length > 0, 'I9', 'the reconciliation is not content, and says not why');
}

/** In one run of so many the books are corrupted, in so many ways. */
const CORRUPTED = { runs: 0.25, ways: 3 };

function corruptionsOf(random: Random, demanded: readonly CorruptionKind[] | undefined): readonly CorruptionKind[] {
  if (demanded !== undefined) return demanded;
  if (!random.chance(CORRUPTED.runs)) return [];
  return Array.from({ length: CORRUPTED.ways }, () => random.pick(corruptionKinds));
}

const MINUTE_MS = 60_000;
const HOURS_MAX = 24;

/** Lets time run on until something planned in it has come to its end. */
export async function finished<Result>(scheduler: Scheduler, work: Promise<Result>): Promise<Result> {
  let isDone = false;
  const ending = work.finally(() => {
    isDone = true;
  });
  ending.catch(() => undefined);
  for (let minutes = 0; !isDone && minutes < HOURS_MAX * 60; minutes += 1) {
    await scheduler.runUntil(scheduler.nowMs + MINUTE_MS);
  }
  if (!isDone) throw new Error('Something never came to its end, though nothing goes wrong.');
  return ending;
}
