import type { AuditFacts } from '../../lambdas/domain/audit-chain.ts';
import type { AuditTrail } from '../../lambdas/http/call-log.ts';
import { TelemetryLog } from './telemetry-log.ts';

/** An audit log that remembers what it was told, and fails when it is told to. */
export class FakeTrail implements AuditTrail {
  readonly entries: AuditFacts[] = [];
  readonly telemetry = new TelemetryLog();
  /** How many appends go through before all fail. */
  appendsLeft = Number.POSITIVE_INFINITY;

  async append(facts: AuditFacts): Promise<void> {
    if (this.appendsLeft <= 0) throw new Error('the audit log is down');
    this.appendsLeft -= 1;
    this.entries.push(facts);
  }
}
