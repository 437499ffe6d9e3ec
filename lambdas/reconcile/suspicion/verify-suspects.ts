import type { TenantId } from '../../domain/ids.ts';
import { type Instant, isAfter } from '../../domain/instant.ts';
import type { ReconcileRun } from '../../domain/reconcile-run.ts';
import { beginRun } from '../run/advance-run.ts';
import { askForInvocation, readableRun } from '../run/continue-runs.ts';
import type { RunPorts } from '../run/ports.ts';
import type { RaisedAlarm } from './alarm-event.ts';
import { findSuspects, type SuspectPorts } from './suspects.ts';

/**
 * Answers an alarm before anyone is awake: begins a full run over each tenant that it may be about, or over everyone. A run
 * still under way that began after what is suspicious happened sees it too, so no second one is begun.
 */
export async function verifySuspects(alarm: RaisedAlarm, runs: RunPorts, ports: SuspectPorts) {
  const found = await findSuspects(ports);
  const suspects: [TenantId | undefined, Instant][] = found === 'everyone' ? [[undefined, alarm.at]] : [...found];
  const underWay = await fullRuns(runs);
  const begun: ReconcileRun[] = [];
  for (const [tenant, at] of suspects) {
    const sees = (run: ReconcileRun) =>
      (run.tenant === undefined || run.tenant === tenant) && !isAfter(at, run.startedAt);
    if (underWay.some(sees)) continue;
    const run = await beginRun('full', tenant, runs);
    await askForInvocation(run, runs);
    begun.push(run);
  }
  const tenants = found === 'everyone' ? found : [...found.keys()];
  return { alarm: alarm.name, tenants, run_ids: begun.map(({ id }) => id) };
}

async function fullRuns(ports: RunPorts): Promise<ReconcileRun[]> {
  const underWay: ReconcileRun[] = [];
  for await (const id of ports.runs.open()) {
    const run = await readableRun(id, ports);
    if (run?.phase !== undefined && run.mode === 'full') underWay.push(run);
  }
  return underWay;
}
