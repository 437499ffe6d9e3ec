import type { Discrepancy } from '../../domain/discrepancy.ts';
import type { ReconcileRun } from '../../domain/reconcile-run.ts';
import type { RunPorts } from './ports.ts';

/** A run as the API shows it, complete or on its way. */
export async function runDocument(run: ReconcileRun, { runs }: Pick<RunPorts, 'runs'>) {
  const listed = await runs.findings(run.id);
  const more = run.found - listed.length;
  return {
    // Its own count as well: what it listed may have been removed since.
    ok: listed.length === 0 && run.found === 0,
    discrepancies: listed.map(discrepancyDocument),
    // Only of more than are listed is the number of any use.
    ...(more > 0 && run.found > listed.length && { discrepancies_found: run.found }),
    checked: run.counts,
    complete: run.phase === undefined,
    run_id: run.id,
    mode: run.mode,
    ...(run.tenant !== undefined && { tenant: run.tenant }),
    started_at: run.startedAt,
    updated_at: run.updatedAt,
    ...(run.phase !== undefined && { phase: run.phase }),
  };
}

function discrepancyDocument({ type, tenant, eventId, txnId, expected, posted, place, message }: Discrepancy) {
  return {
    type,
    tenant_id: tenant ?? null,
    ...(eventId !== undefined && { event_id: eventId }),
    ...(txnId !== undefined && { txn_id: txnId }),
    ...(expected !== undefined && { expected }),
    ...(posted !== undefined && { posted }),
    detail: { ...place, message },
  };
}
