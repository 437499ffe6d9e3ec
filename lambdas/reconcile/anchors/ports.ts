import type { Clock } from '../../clock.ts';
import type { Anchor, AnchorLink } from '../../domain/anchor.ts';
import type { TenantId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import type { LaneKey } from '../../domain/page.ts';
import type { Period } from '../../domain/period.ts';
import type { FoundAnchor } from '../../storage/anchors.ts';

/** All of the world that anchoring and checking anchors reach. */
export interface AnchorPorts {
  readonly anchors: {
    putRun(runId: string, part: number, anchor: Anchor): Promise<AnchorLink | undefined>;
    get(key: string): Promise<FoundAnchor>;
    keysAfter(key: string | undefined): Promise<string[]>;
    lastRunKey(now: Instant): Promise<string | undefined>;
  };
  readonly anchoredLanes: {
    find(lane: LaneKey): Promise<string | undefined>;
    record(lane: LaneKey, anchorKey: string): Promise<void>;
  };
  readonly ledger: { pageHashes(places: readonly (LaneKey & { seq: number })[]): Promise<(string | undefined)[]> };
  /** The hash of a closed month's seal as it is stored now. */
  readonly seals: { sealHash(tenant: TenantId, period: Period): Promise<string | undefined> };
  readonly clock: Clock;
}
