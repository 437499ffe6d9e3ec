import type { AuditChainKey, AuditWriter } from '../domain/audit-chain.ts';
import type { EventId, TenantId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { EntryKind } from '../domain/journal.ts';
import type { LaneKey } from '../domain/page.ts';
import type { Period } from '../domain/period.ts';
import { type Key, laneText, seqText } from './keys.ts';

/** Leading keys of the Operations table, each with one writer. */
export const SWEEP_PREFIX = 'SWEEP#';
export const RUN_PREFIX = 'RUN#';
export const FINDING_PREFIX = 'FINDING#';
export const VERIFIED_PREFIX = 'VERIFIED#';
export const GUARD_PREFIX = 'GUARD#';
export const CLOSING_PREFIX = 'CLOSING#';
export const ADMIN_AUDIT_PREFIX = 'AUDIT#ADMIN#';
export const RECONCILE_AUDIT_PREFIX = 'AUDIT#RECONCILE#';

export const CLOSE_NOTES_PARTITION = `${CLOSING_PREFIX}NOTES`;

export function closeNoteKey(tenant: TenantId, period: Period): Key {
  return { pk: CLOSE_NOTES_PARTITION, sk: `${tenant}#${period}` };
}

/** A writer's chain of one month, under the prefix that its function's role may write. */
export function auditPartition({ writer, month }: AuditChainKey): string {
  return `${auditPrefixes[writer]}${month}`;
}

export function auditKey(chain: AuditChainKey, number: number): Key {
  return { pk: auditPartition(chain), sk: seqText(number) };
}

/** How far a lane was last verified. */
export function verifiedLaneKey({ tenant, period, lane }: LaneKey): Key {
  return { pk: `${VERIFIED_PREFIX}${tenant}`, sk: `${period}#${laneText(lane)}` };
}

/** A run, and next to it what it has found. */
export function runKey(runId: string): Key {
  return { pk: runPartition(runId), sk: 'RUN' };
}

export function runPartition(runId: string): string {
  return `${RUN_PREFIX}${runId}`;
}

export const RUN_FINDING_PREFIX = 'FOUND#';

export function runFindingKey(runId: string, findingId: string): Key {
  return { pk: runPartition(runId), sk: `${RUN_FINDING_PREFIX}${findingId}` };
}

/** The runs that are not complete; `-` is no run's id. */
export const OPEN_RUNS_PARTITION = `${RUN_PREFIX}-`;

export function openRunKey(runId: string): Key {
  return { pk: OPEN_RUNS_PARTITION, sk: runId };
}

export const FINDINGS_PARTITION = `${FINDING_PREFIX}LEDGER`;

export function findingKey(findingId: string): Key {
  return { pk: FINDINGS_PARTITION, sk: findingId };
}

/** Where a lane was last anchored. */
export function anchoredLaneKey({ tenant, period, lane }: LaneKey): Key {
  return { pk: `${VERIFIED_PREFIX}ANCHOR#${tenant}`, sk: `${period}#${laneText(lane)}` };
}

/** How far the sweep has come in the intake of one kind. */
export function sweepWatermarkKey(kind: EntryKind): Key {
  return { pk: `${SWEEP_PREFIX}WATERMARK`, sk: kind };
}

/** Each intake's attempts are apart: an id planted in one says nothing about the other. */
export function sweepAttemptsPartition(kind: EntryKind): string {
  return `${SWEEP_PREFIX}ATTEMPTS#${kind}`;
}

export function sweepAttemptKey(kind: EntryKind, tenant: TenantId, eventId: EventId): Key {
  return { pk: sweepAttemptsPartition(kind), sk: `${tenant}#${eventId}` };
}

/** What the guard found; read in order of time. */
export const GUARD_FINDINGS_PARTITION = `${GUARD_PREFIX}FINDINGS`;

export function guardFindingKey(at: Instant, streamEventId: string): Key {
  return { pk: GUARD_FINDINGS_PARTITION, sk: `${at}#${streamEventId}` };
}

const auditPrefixes: Readonly<Record<AuditWriter, string>> = {
  admin: ADMIN_AUDIT_PREFIX,
  reconcile: RECONCILE_AUDIT_PREFIX,
  admin_attempts: `${ADMIN_AUDIT_PREFIX}ATTEMPTS#`,
  reconcile_attempts: `${RECONCILE_AUDIT_PREFIX}ATTEMPTS#`,
};
