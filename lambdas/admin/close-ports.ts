import type { Clock } from '../clock.ts';
import type { AnchoredHead, AnchoredSeal } from '../domain/anchor.ts';
import type { TenantId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { LaneHead, LaneKey } from '../domain/page.ts';
import type { Period } from '../domain/period.ts';
import type { PriceBook } from '../domain/price-book.ts';
import type { Carry, Seal } from '../domain/seal.ts';
import type { CloseNote } from '../storage/close-notes.ts';
import type { SealOutcome } from '../storage/closing.ts';
import type { Claim, Closure } from '../storage/closure-item.ts';
import type { Telemetry } from '../telemetry.ts';

/** A tenant's month. */
export interface Month {
  readonly tenant: TenantId;
  readonly period: Period;
}

/** All of the world that closing reaches. */
export interface ClosePorts {
  readonly config: {
    tenant(id: TenantId): Promise<object | undefined>;
    priceBooks(): Promise<readonly PriceBook[]>;
    freshPriceBooks(): Promise<readonly PriceBook[]>;
  };
  readonly closures: {
    find(tenant: TenantId, period: Period): Promise<Closure | undefined>;
    carry(tenant: TenantId): Promise<Carry>;
  };
  readonly closing: {
    claim(tenant: TenantId, period: Period, claim: Claim): Promise<boolean>;
    takeOver(tenant: TenantId, period: Period, old: Claim, claim: Claim): Promise<boolean>;
    shut(lane: LaneKey, closedAt: Instant): Promise<boolean>;
    seal(seal: Seal, carry: Carry, claimId: string): Promise<SealOutcome>;
  };
  readonly balances: { heads(tenant: TenantId, period: Period): Promise<LaneHead[]> };
  readonly notes: {
    note(note: CloseNote): Promise<void>;
    all(): Promise<CloseNote[]>;
    forget(note: CloseNote): Promise<void>;
  };
  readonly anchors: { putClose(seal: AnchoredSeal, heads: readonly AnchoredHead[], at: Instant): Promise<void> };
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly newClaimId: () => string;
  /** Whoever holds a claim for longer than this is gone. */
  readonly claimMaxAgeMs: number;
}
