import type { Violations } from '../checks/violation.ts';
import { type Tables, text } from '../model/books.ts';
import type { Random } from '../random.ts';
import type { Auditor, RunDocument } from '../workload/auditor.ts';
import type { SimulatedZerosum } from '../zerosum.ts';
import { coherent } from './coherent.ts';
import { Intruder } from './intruder.ts';
import type { CorruptionKind, Expected } from './kind.ts';
import { ofBalances } from './of-balances.ts';
import { ofTheIntake } from './of-the-intake.ts';
import { ofTheLedger } from './of-the-ledger.ts';

export const corruptionKinds: readonly CorruptionKind[] = [...ofTheLedger, ...ofBalances, ...ofTheIntake, ...coherent];

/** The tables whose streams the guard watches. */
const GUARDED: readonly string[] = ['Ledger', 'UsageIntake', 'AdjustmentIntake'];

const WAIT_MS = 1_000;
const WAITS_MAX = 60;

/**
 * Corrupts settled books in so many ways, one after another, each made good before the next: a reconciliation must name and
 * locate each, and the guard must have seen what was changed under its eyes.
 */
export async function corrupt(
  kinds: readonly CorruptionKind[],
  {
    system,
    tables,
    auditor,
    random,
  }: {
    readonly system: SimulatedZerosum;
    readonly tables: Tables;
    readonly auditor: Auditor;
    readonly random: Random;
  },
  violations: Violations,
): Promise<{ injected: number; found: number }> {
  const counts = { injected: 0, found: 0 };
  const intruder = new Intruder(system.dynamodb);
  for (const { name, commit } of kinds) {
    const expected = await commit({ tables, random, intruder });
    if (expected === undefined) continue;
    counts.injected += 1;
    const run = await auditor.reconcile();
    const isFound = run.complete && run.discrepancies.some((discrepancy) => fits(discrepancy, expected));
    if (isFound) counts.found += 1;
    const says = run.discrepancies.map(({ type }) => type).join();
    violations.expect(
      isFound,
      'I9',
      `${name}, and no ${expected.types.join('/')} at ${JSON.stringify(expected.place)}: ${says}`,
    );
    await checkGuard(name, intruder, system, tables, violations);
    intruder.makeGood();
  }
  return counts;
}

function fits(discrepancy: RunDocument['discrepancies'][number], { types, place }: Expected): boolean {
  const { detail, ...rest } = discrepancy;
  const said: Readonly<Record<string, unknown>> = { ...rest, ...(detail as object) };
  return types.includes(discrepancy.type) && Object.entries(place).every(([name, value]) => said[name] === value);
}

async function checkGuard(
  name: string,
  { touched }: Intruder,
  system: SimulatedZerosum,
  tables: Tables,
  violations: Violations,
): Promise<void> {
  for (let waits = 0; !system.isProjected && waits < WAITS_MAX; waits += 1) {
    await new Promise<void>((resolve) => system.scheduler.after(WAIT_MS, '', resolve));
  }
  const found = new Set(
    tables('Operations')
      .filter((item) => text(item, 'pk') === 'GUARD#FINDINGS')
      .map((item) => `${text(item, 'item_pk')} ${text(item, 'item_sk')}`),
  );
  for (const { table, pk, sk } of touched) {
    if (!GUARDED.includes(table)) continue;
    violations.expect(found.has(`${pk} ${sk}`), 'I9', `${name}, and the guard did not see ${table} ${pk} ${sk}`);
  }
}
