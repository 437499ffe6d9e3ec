import type { Clock } from '../clock.ts';
import type { EventId, Metric, TenantId } from '../domain/ids.ts';
import type { Day, HourlySums } from '../domain/meter.ts';
import type { JournalPage, LaneHead, LaneKey } from '../domain/page.ts';
import type { Period } from '../domain/period.ts';
import type { PriceBook } from '../domain/price-book.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { AdjustmentRecord } from '../storage/adjustment-intake.ts';
import type { Standing } from '../storage/balances.ts';
import type { Closure } from '../storage/closure-item.ts';
import type { Marker } from '../storage/ledger.ts';
import type { IntakeRecord } from '../storage/usage-intake.ts';

/** All of the world that reads reach; nothing here can write. */
export interface ReadPorts {
  readonly intake: { find(tenant: TenantId, eventId: EventId): Promise<IntakeRecord | undefined> };
  readonly adjustments: { find(tenant: TenantId, eventId: EventId): Promise<AdjustmentRecord | undefined> };
  readonly ledger: {
    marker(tenant: TenantId, eventId: EventId): Promise<Marker | undefined>;
    refusal(tenant: TenantId, eventId: EventId): Promise<Refusal | undefined>;
    page(lane: LaneKey, seq: number): Promise<JournalPage | undefined>;
    pages(lane: LaneKey, fromSeq: number, toSeq: number, pagesPerRead?: number): AsyncGenerator<JournalPage>;
  };
  readonly balances: {
    heads(tenant: TenantId, period: Period): Promise<LaneHead[]>;
    standing(tenant: TenantId): Promise<Standing>;
  };
  readonly meters: {
    sums(tenant: TenantId, metric: Metric, firstDay: Day, lastDay: Day): Promise<ReadonlyMap<Day, HourlySums>>;
    cursorsSince(tenant: TenantId, period: Period): Promise<readonly (LaneKey & { readonly seq: number })[]>;
  };
  readonly config: {
    priceBooks(): Promise<readonly PriceBook[]>;
    freshPriceBooks(): Promise<readonly PriceBook[]>;
  };
  readonly closures: { find(tenant: TenantId, period: Period): Promise<Closure | undefined> };
  readonly clock: Clock;
}
