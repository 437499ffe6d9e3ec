import { epochMsOf } from '../../domain/instant.ts';
import type { ReconcileRun, RunId, RunMode } from '../../domain/reconcile-run.ts';
import { advanceRun, beginRun } from './advance-run.ts';
import type { RunPorts } from './ports.ts';

/** A run that was not saved for so long, longer than a function lives, has nobody who goes on with it. */
const ABANDONED_AFTER_MS = 90_000;

/** Works on a run until the deadline, then asks for another invocation if there is more to do. */
export async function work(run: ReconcileRun, ports: RunPorts, deadlineMs: number): Promise<ReconcileRun> {
  const reached = await advanceRun(run, ports, deadlineMs);
  if (reached.phase === undefined) return reached;
  try {
    await ports.queue.send(reached);
  } catch (error) {
    // The schedule finds the run.
    ports.telemetry.error('A run could not ask for its next invocation.', error, { run_id: run.id });
  }
  return reached;
}

/** Goes on with a run by its id; one that is complete, or that nobody knows, needs nothing. */
export async function continueRun(id: RunId, ports: RunPorts, deadlineMs: number): Promise<void> {
  const run = await ports.runs.find(id);
  if (run?.phase !== undefined) await work(run, ports, deadlineMs);
}

/** Goes on with every run that its last process has left, since that died or its message was lost. */
export async function resumeAbandoned(ports: RunPorts, deadlineMs: number): Promise<number> {
  let resumed = 0;
  for await (const id of ports.runs.open()) {
    if (ports.clock.nowMs() >= deadlineMs) break;
    const run = await ports.runs.find(id);
    if (run?.phase === undefined) {
      await ports.runs.closed(id);
    } else if (ports.clock.nowMs() - epochMsOf(run.updatedAt) > ABANDONED_AFTER_MS) {
      await work(run, ports, deadlineMs);
      resumed += 1;
    }
  }
  return resumed;
}

/** What a schedule asks for: a run over everyone's records, unless one like it is still under way. */
export async function scheduledRun(mode: RunMode, ports: RunPorts, deadlineMs: number): Promise<ReconcileRun> {
  for await (const id of ports.runs.open()) {
    const run = await ports.runs.find(id);
    if (run?.phase !== undefined && run.mode === mode && run.tenant === undefined) return run;
  }
  return work(await beginRun(mode, undefined, ports), ports, deadlineMs);
}
