import type { Clock } from '../../clock.ts';
import type { Discrepancy } from '../../domain/discrepancy.ts';
import type { EventId, TenantId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import type { LaneHead } from '../../domain/page.ts';
import type { PriceBook } from '../../domain/price-book.ts';
import type { ReconcileRun, RunId } from '../../domain/reconcile-run.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { BalancesEvidence } from '../../storage/balances-evidence.ts';
import type { IntakeEvidence } from '../../storage/intake-evidence.ts';
import type { LedgerEvidence } from '../../storage/ledger-evidence.ts';
import type { VerifiedLanes } from '../../storage/verified-lanes.ts';
import type { Telemetry } from '../../telemetry.ts';
import type { AnchorPorts } from '../anchors/ports.ts';

/** What a run's checks read: two records kept by different roles, and what earlier runs have seen of them. */
export interface Evidence {
  readonly ledger: Pick<LedgerEvidence, 'lanePages' | 'pagesAt' | 'markers' | 'marked' | 'survey'>;
  readonly refusals: { refusal(tenant: TenantId, eventId: EventId): Promise<Refusal | undefined> };
  readonly balances: Pick<BalancesEvidence, 'heads' | 'survey' | 'closedAmong' | 'closures'>;
  /** The usage intake and the adjustment intake. */
  readonly intakes: Readonly<Record<'usage' | 'adjustment', Pick<IntakeEvidence, 'records' | 'survey'>>>;
  readonly prices: {
    priceBooks(): Promise<readonly PriceBook[]>;
    priceBooksNow(): Promise<readonly PriceBook[]>;
  };
  readonly verified: Pick<VerifiedLanes, 'heads'>;
  readonly anchors: AnchorPorts;
  /** What the guard has seen on the streams: an edit that was undone stays true, so it is counted, not found again. */
  readonly guard: { count(): Promise<number> };
  readonly clock: Clock;
  /** An accepted event that is older and has not settled is a finding; a younger one may be on its way. */
  readonly settledAfterMs: number;
}

/** All of the world a run reaches. */
export interface RunPorts {
  readonly evidence: Evidence;
  readonly runs: {
    create(run: ReconcileRun): Promise<void>;
    find(id: RunId): Promise<ReconcileRun | undefined>;
    save(run: ReconcileRun): Promise<boolean>;
    closed(id: RunId): Promise<void>;
    open(): AsyncIterable<RunId>;
    addFinding(id: RunId, found: Discrepancy): Promise<void>;
    findings(id: RunId): Promise<Discrepancy[]>;
  };
  readonly findings: {
    seen(found: Discrepancy, by: string, at: Instant): Promise<void>;
    clearUnseen(since: Instant, tenant: TenantId | undefined, at: Instant): Promise<void>;
  };
  readonly marks: { advance(head: LaneHead): Promise<void> };
  /** Where a run that needs another invocation goes on. */
  readonly queue: { send(run: ReconcileRun): Promise<void> };
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}
