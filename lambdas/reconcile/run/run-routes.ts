import { parseRunId } from '../../domain/reconcile-run.ts';
import { adminCommand, adminQuery } from '../../http/admin-route.ts';
import type { AuditTrail } from '../../http/call-log.ts';
import { notFound } from '../../http/problem.ts';
import type { Route } from '../../http/router.ts';
import { routes } from '../../http/routes.ts';
import { beginRun } from './advance-run.ts';
import { work } from './continue-runs.ts';
import type { RunPorts } from './ports.ts';
import { runDocument } from './run-document.ts';
import { type RunRequest, runRequest } from './run-request.ts';

/** API Gateway waits 29 s for an answer; a step under way may take some of them. */
const ANSWER_WITHIN_MS = 20_000;

/** Reconciliation by hand: a run begun in the request, and what has become of it. */
export function runRoutes(trail: AuditTrail, ports: RunPorts): Route[] {
  return [
    adminCommand(trail, 'POST', routes.reconcile.path, {
      read: ({ request }) => runRequest(request),
      about: ({ tenant, mode }: RunRequest) => ({ target: { mode, ...(tenant !== undefined && { tenant }) } }),
      answer: async ({ tenant, mode }) => {
        const deadlineMs = ports.clock.nowMs() + ANSWER_WITHIN_MS;
        const run = await work(await beginRun(mode, tenant, ports), ports, deadlineMs);
        return { status: 200, body: await runDocument(run, ports) };
      },
    }),
    adminQuery(trail, 'GET', routes.reconcileRun.path, {
      read: ({ parameters }) => parseRunId(parameters.get('run_id') ?? ''),
      about: (runId) => ({ target: { ...(runId !== undefined && { run_id: runId }) } }),
      answer: async (runId) => {
        const run = runId && (await ports.runs.find(runId));
        if (run === undefined) throw notFound();
        return { status: 200, body: await runDocument(run, ports) };
      },
    }),
  ];
}
