import { checkAcceptance } from './checks/acceptance.ts';
import { checkAlarms } from './checks/alarms.ts';
import { checkAnswers } from './checks/answers.ts';
import { checkAuditLog } from './checks/audit-log.ts';
import { checkCloses } from './checks/closes.ts';
import { checkEntries } from './checks/entries.ts';
import type { Evidence } from './checks/evidence.ts';
import { checkViews } from './checks/final-views.ts';
import { checkLanes } from './checks/lanes.ts';
import { checkReads } from './checks/reads.ts';
import { type Violation, Violations } from './checks/violation.ts';
import { corrupt, corruptionKinds } from './corruption/corruption.ts';
import type { CorruptionKind } from './corruption/kind.ts';
import { type Figures, figuresOf } from './figures.ts';
import { type Aftermath, type PlayOptions, play } from './play.ts';
import { Random } from './random.ts';
import { finished } from './settling.ts';
import { Auditor } from './workload/auditor.ts';

export interface RunOptions extends PlayOptions {
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
  const random = new Random(options.seed);
  const violations = new Violations();
  const aftermath = await play(random, options, violations);
  const { system, evidence, tables, trace, operations } = aftermath;
  checkEvidence(aftermath, violations);
  violations.expect(system.discardedRecords === 0, 'I9', `${system.discardedRecords} stream records were given up`);
  const auditor = new Auditor(system);
  await finished(system.scheduler, audit(evidence, auditor, random.fork('audit'), violations));
  const kinds = violations.all.length === 0 ? corruptionsOf(random.fork('corruptions'), options.corruptions) : [];
  const scene = { system, tables, auditor, random: random.fork('corruption') };
  const { injected, found } = await finished(system.scheduler, corrupt(kinds, scene, violations));
  const figures = figuresOf(evidence, system, operations);
  return {
    violations: violations.all,
    figures: { ...figures, 'corruptions injected': injected, 'corruptions found': found },
    operations: operations.map(({ index }) => index),
    traceHash: trace.digest(),
    trace: trace.lines,
  };
}

/** All that can be said from what is known, without another look at the system. */
export function checkEvidence(
  { evidence, closed, tables }: Pick<Aftermath, 'evidence' | 'closed' | 'tables'>,
  violations: Violations,
): void {
  checkAcceptance(evidence, violations);
  checkEntries(evidence, violations);
  checkLanes(evidence, violations);
  checkCloses(evidence, closed, tables, violations);
  checkAnswers(evidence, violations);
  checkReads(evidence, violations);
  checkAuditLog(evidence, tables, violations);
  checkAlarms(tables, violations);
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
