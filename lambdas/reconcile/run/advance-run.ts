import { nowOf } from '../../clock.ts';
import { crashPoint } from '../../crash-point.ts';
import { type Discrepancy, discrepancyId } from '../../domain/discrepancy.ts';
import type { TenantId } from '../../domain/ids.ts';
import { addCounts, type ReconcileRun, type RunMode, runIdOf } from '../../domain/reconcile-run.ts';
import { AnchorRecorder } from '../anchors/anchor-recorder.ts';
import { confirmed } from './confirm.ts';
import { firstPosition, phaseOf } from './phases.ts';
import type { RunPorts } from './ports.ts';
import type { StepResult } from './step.ts';

/** So many are listed and kept; the rest is counted. Whoever corrupts a million records needs no list of a million. */
export const LISTED_MAX = 500;

/** Marks and findings written side by side. */
const WRITES_AT_ONCE = 8;

/** Puts a new run on record, at its beginning. */
export async function beginRun(mode: RunMode, tenant: TenantId | undefined, ports: RunPorts): Promise<ReconcileRun> {
  const now = nowOf(ports.clock);
  const id = runIdOf(now, ports.clock.random());
  const begun = { id, mode, tenant, startedAt: now, updatedAt: now, version: 1, counts: {}, found: 0 };
  const run: ReconcileRun = { ...begun, ...firstPosition(mode) };
  await ports.runs.create(run);
  return run;
}

/**
 * Goes on with a run, step by step, until it is complete or the deadline is past. Each step is saved when it is done: a
 * process that dies costs one step. Another process that has gone on with it meanwhile is left to it.
 */
export async function advanceRun(run: ReconcileRun, ports: RunPorts, deadlineMs: number): Promise<ReconcileRun> {
  let current = run;
  while (current.phase !== undefined && ports.clock.nowMs() < deadlineMs) {
    const advanced = await takeStep(current, current.phase, ports);
    if (!(await ports.runs.save(advanced))) return (await ports.runs.find(run.id)) ?? current;
    crashPoint('reconcile:between-steps');
    // Of one tenant's run it would hide that nobody verifies the others.
    if (advanced.phase === undefined && run.tenant === undefined) ports.telemetry.count('runsCompleted');
    current = advanced;
  }
  return current;
}

/** One step, with everything it leaves behind but the run itself; done again, it leaves the same. */
async function takeStep(run: ReconcileRun, phase: string, ports: RunPorts): Promise<ReconcileRun> {
  const result = await confirmed(() => phaseOf(phase)(run.state ?? {}, run, ports.evidence), ports.clock);
  const found = distinct([...result.found, ...(await anchor(result, run, ports))]);
  await inTurns(result.verified ?? [], (head) => ports.marks.advance(head));
  await inTurns(found.slice(0, Math.max(0, LISTED_MAX - run.found)), (one) => record(one, run, ports));
  if (found.length > 0) ports.telemetry.count('discrepancies', found.length);
  const advanced: ReconcileRun = {
    ...run,
    ...{ updatedAt: nowOf(ports.clock), version: run.version + 1 },
    ...{ phase: result.next?.phase, state: result.next?.state },
    ...{ counts: addCounts(run.counts, result.counts), found: run.found + found.length },
  };
  if (advanced.phase === undefined) await conclude(advanced, ports);
  return advanced;
}

/** Anchors what was verified, and gives what contradicts an earlier anchor. */
async function anchor({ toAnchor = [], intakeTotals }: StepResult, run: ReconcileRun, ports: RunPorts) {
  const recorder = new AnchorRecorder(ports.evidence.anchors, run.id);
  const found: Discrepancy[] = [];
  for (const head of toAnchor) found.push(...[(await recorder.offer(head)) ?? []].flat());
  await recorder.flush(intakeTotals);
  return found;
}

async function record(found: Discrepancy, run: ReconcileRun, ports: RunPorts): Promise<void> {
  const { type, tenant, eventId, place, message } = found;
  await ports.findings.seen(found, run.id, nowOf(ports.clock));
  await ports.runs.addFinding(run.id, found);
  const details = { run_id: run.id, type, tenant, event_id: eventId, ...place };
  ports.telemetry.error('The records contradict each other.', new Error(message), details);
}

/** A full run sees everything: what it has not seen has gone. One that has found more than it lists can't tell. */
async function conclude({ mode, startedAt, tenant, found }: ReconcileRun, ports: RunPorts): Promise<void> {
  if (mode !== 'full' || found > LISTED_MAX) return;
  await ports.findings.clearUnseen(startedAt, tenant, nowOf(ports.clock));
}

function distinct(found: readonly Discrepancy[]): Discrepancy[] {
  return [...new Map(found.map((one) => [discrepancyId(one), one])).values()];
}

async function inTurns<Value>(values: readonly Value[], act: (value: Value) => Promise<void>): Promise<void> {
  for (let start = 0; start < values.length; start += WRITES_AT_ONCE) {
    await Promise.all(values.slice(start, start + WRITES_AT_ONCE).map(act));
  }
}
