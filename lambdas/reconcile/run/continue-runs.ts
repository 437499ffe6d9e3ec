import { epochMsOf, instantOf } from '../../domain/instant.ts';
import { type ReconcileRun, type RunId, type RunMode, runIdOf } from '../../domain/reconcile-run.ts';
import { DamagedItemError } from '../../storage/item.ts';
import { advanceRun, beginRun } from './advance-run.ts';
import type { RunPorts } from './ports.ts';

/** A run that was not saved for so long, longer than a function lives, has nobody who goes on with it. */
const ABANDONED_AFTER_MS = 90_000;

/** So long after its last step the schedule has tried a run a dozen times: it can't go on, whoever tries. */
const STUCK_AFTER_MS = 3_600_000;

/** So long the schedule tries a run that always fails. */
const TRIED_FOR_MS = 24 * 3_600_000;

/** Works on a run until the deadline, then asks for another invocation if there is more to do. */
export async function work(run: ReconcileRun, ports: RunPorts, deadlineMs: number): Promise<ReconcileRun> {
  const reached = await advanceRun(run, ports, deadlineMs);
  if (reached.phase !== undefined) await askForInvocation(reached, ports);
  return reached;
}

/** Lets a run go on in an invocation of its own. */
export async function askForInvocation(run: ReconcileRun, ports: RunPorts): Promise<void> {
  try {
    await ports.queue.send(run);
  } catch (error) {
    // The schedule finds the run.
    ports.telemetry.error('A run could not ask for its next invocation.', error, { run_id: run.id });
  }
}

/** Goes on with a run by its id; one that is complete, or that nobody knows, needs nothing. */
export async function continueRun(id: RunId, ports: RunPorts, deadlineMs: number): Promise<void> {
  const run = await ports.runs.find(id);
  if (run?.phase !== undefined) await work(run, ports, deadlineMs);
}

/**
 * Goes on with every run that its last process has left, since that died or its message was lost. One that can't go on
 * keeps no other waiting.
 */
export async function resumeAbandoned(ports: RunPorts, deadlineMs: number): Promise<number> {
  let resumed = 0;
  for await (const id of ports.runs.open()) {
    if (ports.clock.nowMs() >= deadlineMs) break;
    try {
      if (await resume(id, ports, deadlineMs)) resumed += 1;
    } catch (error) {
      ports.telemetry.error('A run could not go on.', error, { run_id: id });
      if (id < runIdOf(instantOf(ports.clock.nowMs() - TRIED_FOR_MS), 0)) await ports.runs.closed(id);
    }
  }
  return resumed;
}

async function resume(id: RunId, ports: RunPorts, deadlineMs: number): Promise<boolean> {
  const run = await ports.runs.find(id);
  if (run?.phase === undefined) {
    await ports.runs.closed(id);
    return false;
  }
  if (idleMs(run, ports) <= ABANDONED_AFTER_MS) return false;
  await work(run, ports, deadlineMs);
  return true;
}

/**
 * What a schedule asks for: a run over everyone's records, unless one like it is still under way. One that can't go on is
 * given up: it would keep everything after it from being verified.
 */
export async function scheduledRun(mode: RunMode, ports: RunPorts, deadlineMs: number): Promise<ReconcileRun> {
  for await (const id of ports.runs.open()) {
    const run = await readableRun(id, ports);
    if (run?.phase === undefined || run.mode !== mode || run.tenant !== undefined) continue;
    if (idleMs(run, ports) <= STUCK_AFTER_MS) return run;
    const error = new Error(`It has not come further since ${run.updatedAt}.`);
    ports.telemetry.error('A run that could not go on was given up, and another is begun.', error, { run_id: id });
    await ports.runs.closed(id);
  }
  return work(await beginRun(mode, undefined, ports), ports, deadlineMs);
}

/** One that can't be read is under way nowhere. */
export async function readableRun(id: RunId, { runs }: RunPorts): Promise<ReconcileRun | undefined> {
  try {
    return await runs.find(id);
  } catch (error) {
    if (error instanceof DamagedItemError) return undefined;
    throw error;
  }
}

/** A time to come is none at which anybody has saved it. */
function idleMs({ updatedAt }: ReconcileRun, { clock }: RunPorts): number {
  return Math.abs(clock.nowMs() - epochMsOf(updatedAt));
}
