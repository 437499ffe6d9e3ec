import { systemClock } from '../../lambdas/clock.ts';
import { anchorHash, anchorText } from '../../lambdas/domain/anchor.ts';
import type { Discrepancy } from '../../lambdas/domain/discrepancy.ts';
import type { TenantId } from '../../lambdas/domain/ids.ts';
import { epochMsOf, type Instant, isAfter } from '../../lambdas/domain/instant.ts';
import type { ReconcileRun } from '../../lambdas/domain/reconcile-run.ts';
import { advanceRun, beginRun } from '../../lambdas/reconcile/run/advance-run.ts';
import { runPorts } from '../../lambdas/reconcile/run/compose.ts';
import type { RunPorts } from '../../lambdas/reconcile/run/ports.ts';
import { runDocument } from '../../lambdas/reconcile/run/run-document.ts';
import { Anchors, type FoundAnchor } from '../../lambdas/storage/anchors.ts';
import type { Telemetry } from '../../lambdas/telemetry.ts';
import { stages } from '../../lib/stage.ts';
import type { StageEvidence } from './stage-stores.ts';

/** What was restored, and to which moment. */
export interface Restored {
  /** What the restored tables are called: the live one's name, and this. */
  readonly suffix: string;
  readonly at: Instant;
  readonly tenant: TenantId | undefined;
}

/** Nobody alarms for a copy. */
const quiet: Telemetry = {
  count: () => undefined,
  durationMs: () => undefined,
  amount: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  flush: () => undefined,
};

/**
 * A full run over restored copies of both intakes, the ledger and the balances, with the prices and anchors of the stage. It
 * runs here and writes nothing: neither findings nor marks nor anchors of what was would be true of what is.
 */
export async function reconcileRestored({ suffix, at, tenant }: Restored, evidence: StageEvidence) {
  const restored = async (id: Parameters<StageEvidence['table']>[0]) => `${await evidence.table(id)}${suffix}`;
  const aheadMs = epochMsOf(at) - systemClock.nowMs();
  // As if it were then: what was accepted in the last minutes before was on its way.
  const clock = { ...systemClock, nowMs: () => systemClock.nowMs() + aheadMs };
  const composed = runPorts(
    {
      tables: {
        usageIntake: await restored('UsageIntake'),
        adjustmentIntake: await restored('AdjustmentIntake'),
        ledger: await restored('Ledger'),
        balances: await restored('Balances'),
        config: await evidence.table('Config'),
        operations: await evidence.table('Operations'),
      },
      settledAfterMs: stages.prod.sweepMinAgeSeconds * 1_000,
    },
    {
      ...{ client: evidence.dynamodb, clock, telemetry: quiet },
      anchors: anchorsUntil(at, new Anchors(evidence.s3, await evidence.bucket())),
      queue: { send: async () => undefined },
    },
  );
  const ports = withoutTraces(composed);
  const begun = await beginRun('full', tenant, ports);
  return runDocument(await advanceRun(begun, ports, Number.POSITIVE_INFINITY), ports);
}

/** The run lives in memory; the marks of the live lanes lie ahead of the copies, and say nothing of them. */
function withoutTraces(ports: RunPorts): RunPorts {
  let current: ReconcileRun | undefined;
  const found: Discrepancy[] = [];
  return {
    ...ports,
    runs: {
      create: async (run) => {
        current = run;
      },
      find: async () => current,
      save: async (run) => {
        current = run;
        return true;
      },
      closed: async () => undefined,
      open: async function* () {},
      addFinding: async (_, one) => void found.push(one),
      findings: async () => found,
    },
    findings: { seen: async () => undefined, clearUnseen: async () => undefined },
    marks: { advance: async () => undefined },
    evidence: {
      ...ports.evidence,
      verified: { heads: async () => ({ of: () => undefined }) },
      anchors: {
        ...ports.evidence.anchors,
        anchoredLanes: { find: async () => undefined, record: async () => undefined },
      },
    },
  };
}

/** The anchors there were at a moment, to read; none is put. What was anchored later can't be in the copies. */
function anchorsUntil(at: Instant, anchors: Anchors): RunPorts['evidence']['anchors']['anchors'] {
  const before = (found: FoundAnchor): FoundAnchor => {
    if (found.status !== 'found' || !isAfter(found.anchor.at, at)) return found;
    return { ...found, anchor: { ...found.anchor, heads: [], seals: [], intake: [] } };
  };
  return {
    // As if it were put: a run tries again under another name until its anchor is.
    putRun: async (runId, part, anchor) => ({ key: `${runId}-${part}`, hash: anchorHash(anchorText(anchor)) }),
    get: async (key) => before(await anchors.get(key)),
    keysAfter: (key) => anchors.keysAfter(key),
    lastRunKey: (now) => anchors.lastRunKey(now),
  };
}
