import type { Clock } from '../clock.ts';
import type { EventId, TenantId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Resend } from '../storage/event-message.ts';
import type { IntakeSlice } from '../storage/intake-table.ts';
import type { Marker } from '../storage/ledger.ts';
import type { SweepAttempt } from '../storage/sweep-progress.ts';
import type { IntakeRecord } from '../storage/usage-intake.ts';
import type { UsageMessage } from '../storage/usage-message.ts';
import type { Telemetry } from '../telemetry.ts';

/** An accepted event by name. */
export interface EventName {
  readonly tenant: TenantId;
  readonly eventId: EventId;
}

/** All of the world the sweep reaches. */
export interface SweepPorts {
  readonly intake: {
    find(tenant: TenantId, eventId: EventId): Promise<IntakeRecord | undefined>;
    acceptedIn(
      hour: string,
      shard: number,
      between: { from: Instant; until: Instant },
      cursor: IntakeSlice['cursor'],
    ): Promise<IntakeSlice>;
  };
  readonly ledger: {
    marker(tenant: TenantId, eventId: EventId): Promise<Marker | undefined>;
    refusal(tenant: TenantId, eventId: EventId): Promise<Refusal | undefined>;
    postedAmong<Event extends EventName>(events: readonly Event[]): Promise<Set<Event>>;
  };
  readonly progress: {
    watermark(): Promise<Instant | undefined>;
    advance(reached: Instant): Promise<void>;
    attempts(): AsyncIterable<SweepAttempt>;
    record(attempt: SweepAttempt): Promise<void>;
    forget(attempt: SweepAttempt): Promise<void>;
  };
  readonly queue: { send(message: UsageMessage, resend: Resend): Promise<void>; depth(): Promise<number> };
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}
