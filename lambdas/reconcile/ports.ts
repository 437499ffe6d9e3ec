import type { Clock } from '../clock.ts';
import type { AcceptedEvent } from '../domain/accepted-event.ts';
import type { EventId, TenantId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { PayloadHash } from '../domain/usage-event.ts';
import type { EventMessage, Resend } from '../storage/event-message.ts';
import type { AcceptedRecord, IntakeSlice } from '../storage/intake-table.ts';
import type { Marker } from '../storage/ledger.ts';
import type { SweepAttempt } from '../storage/sweep-progress.ts';
import type { Telemetry } from '../telemetry.ts';

/** An accepted event by name. */
export interface EventName {
  readonly tenant: TenantId;
  readonly eventId: EventId;
}

/** An accepted event that had neither an entry nor a refusal: lost on its way, or its entry was removed. */
export interface UnsettledFinding extends EventName {
  readonly type: 'unsettled';
  readonly detail: string;
}

/** One kind of event, from its intake to its queue: what lies in one never travels through the other's. */
export interface Channel<Event extends AcceptedEvent> {
  readonly intake: {
    find(tenant: TenantId, eventId: EventId): Promise<AcceptedRecord<Event> | undefined>;
    acceptedIn(
      hour: string,
      shard: number,
      between: { from: Instant; until: Instant },
      cursor: IntakeSlice['cursor'],
    ): Promise<IntakeSlice>;
  };
  readonly progress: {
    watermark(): Promise<Instant | undefined>;
    advance(reached: Instant): Promise<void>;
    attempts(): AsyncIterable<SweepAttempt>;
    record(attempt: SweepAttempt, before: SweepAttempt | undefined): Promise<boolean>;
    forget(name: EventName): Promise<void>;
  };
  readonly queue: { send(message: EventMessage<Event>, resend: Resend): Promise<void>; depth(): Promise<number> };
  /** So many fit into one message and one journal page, whatever is in them. */
  readonly eventsPerMessage: number;
  hashOf(event: Event): PayloadHash;
}

/** All of the world the sweep of one channel reaches. */
export interface SweepPorts<Event extends AcceptedEvent> extends Channel<Event> {
  readonly ledger: {
    marker(tenant: TenantId, eventId: EventId): Promise<Marker | undefined>;
    refusal(tenant: TenantId, eventId: EventId): Promise<Refusal | undefined>;
    postedAmong<Name extends EventName>(events: readonly Name[]): Promise<Set<Name>>;
  };
  readonly findings: { report(finding: UnsettledFinding): Promise<void> };
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}
