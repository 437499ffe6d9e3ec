import { epochMsOf } from '../domain/instant.ts';
import { type AuditTrail, CallLog } from '../http/call-log.ts';
import type { CloseNote } from '../storage/close-notes.ts';
import { isStale, newClaim, obtain } from './claim.ts';
import type { ClosePorts } from './close-ports.ts';
import { concludeClose, runClose } from './run-close.ts';

/** The task by which the schedule asks for it. */
export const RESUME_CLOSES = 'resume-closes';

/** What a run of the schedule found: closes resumed, merely anchored, never begun, still at work, and failed. */
export type ResumeReport = Readonly<Record<'resumed' | 'concluded' | 'forgotten' | 'underWay' | 'failed', number>>;

/**
 * Finishes the closes whose caller died, each for itself, until the deadline. A close that was noted and never claimed
 * shut nothing, and its caller was told nothing: it is forgotten.
 */
export async function resumeCloses(
  ports: ClosePorts,
  trail: AuditTrail,
  { requestId, deadlineMs }: { requestId: string; deadlineMs: number },
): Promise<ResumeReport> {
  const report = { resumed: 0, concluded: 0, forgotten: 0, underWay: 0, failed: 0 };
  for (const note of rotated(await ports.notes.all(), ports.clock.random())) {
    if (ports.clock.nowMs() >= deadlineMs) break;
    try {
      report[await resume(note, ports, trail, requestId)] += 1;
    } catch (error) {
      report.failed += 1;
      ports.telemetry.count('closeFailures');
      ports.telemetry.error('A close could not be resumed.', error, { tenant: note.tenant, period: note.period });
    }
  }
  return report;
}

async function resume(
  note: CloseNote,
  ports: ClosePorts,
  trail: AuditTrail,
  requestId: string,
): Promise<keyof ResumeReport> {
  const { tenant, period, notedAt } = note;
  const found = await ports.closures.find(tenant, period);
  if (found === undefined) {
    if (ports.clock.nowMs() - epochMsOf(notedAt) <= ports.claimMaxAgeMs) return 'underWay';
    await ports.notes.forget(note);
    return 'forgotten';
  }
  if (found.status === 'closed') {
    return (await concludeClose(found.seal, note, ports)) ? 'concluded' : 'failed';
  }
  if (!isStale(found.claim, ports)) return 'underWay';
  const claim = newClaim(note, found.claim, ports);
  const log = new CallLog(trail, { actor: schedule, action: RESUME_CLOSES, requestId });
  log.subject = { target: { tenant, period }, reason: `the close begun at ${found.claim.closedAt} was not finished` };
  await log.begin();
  const isDone = await log.watch(async () => {
    if (!(await obtain(note, found.claim, claim, ports))) return false;
    await runClose({ tenant, period, claim, note }, ports);
    return true;
  });
  await log.end(isDone ? 200 : 409);
  if (isDone) ports.telemetry.count('closesResumed');
  return isDone ? 'resumed' : 'underWay';
}

/** From a random place on: a close that fails slowly must not keep the same others waiting at every run. */
function rotated<Item>(items: readonly Item[], random: number): Item[] {
  const start = Math.floor(random * items.length);
  return [...items.slice(start), ...items.slice(0, start)];
}

const schedule = { kind: 'schedule', subject: null, tenant: null } as const;
