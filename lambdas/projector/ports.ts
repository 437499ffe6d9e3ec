import type { Clock } from '../clock.ts';
import type { TenantId } from '../domain/ids.ts';
import type { HourlySums, MeterKey } from '../domain/meter.ts';
import type { JournalPage, LaneHead, LaneKey } from '../domain/page.ts';
import type { Key } from '../storage/keys.ts';
import type { MeterMark } from '../storage/meter-item.ts';
import type { FoundMeter } from '../storage/usage-meters.ts';
import type { Telemetry } from '../telemetry.ts';

/** All of the world the projector reaches. */
export interface ProjectorPorts {
  readonly ledger: {
    page(lane: LaneKey, seq: number): Promise<JournalPage | undefined>;
    pages(lane: LaneKey, fromSeq: number, toSeq: number): AsyncGenerator<JournalPage>;
  };
  readonly balances: { head(lane: LaneKey): Promise<LaneHead> };
  readonly lanes: { all(tenant: TenantId | undefined, after: Key | undefined): AsyncGenerator<LaneKey> };
  readonly meters: {
    cursor(lane: LaneKey): Promise<MeterMark>;
    all(tenant: TenantId | undefined, after: Key | undefined): AsyncGenerator<FoundMeter>;
  };
  readonly writer: {
    moveCursor(lane: LaneKey, from: MeterMark, to: MeterMark): Promise<boolean>;
    removeCursor(lane: LaneKey): Promise<void>;
    add(
      key: MeterKey,
      sums: HourlySums,
      from: MeterMark & { readonly orAbsent: boolean },
      toSeq: number,
    ): Promise<{ readonly added: true } | { readonly added: false; readonly found: MeterMark | undefined }>;
    put(key: MeterKey, sums: HourlySums, mark: MeterMark): Promise<MeterMark | undefined>;
    removeOlder(key: Key, generation: number): Promise<boolean>;
  };
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}
