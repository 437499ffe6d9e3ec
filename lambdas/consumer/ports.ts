import type { Clock } from '../clock.ts';
import type { EventId, TenantId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { EntryKind } from '../domain/journal.ts';
import type { JournalPage, LaneHead, LaneKey } from '../domain/page.ts';
import type { Failure } from '../domain/refusal.ts';
import type { PayloadHash } from '../domain/usage-event.ts';
import type { Marker } from '../storage/ledger.ts';
import type { CommitOutcome } from '../storage/posting.ts';
import type { ReceivedMessage } from '../storage/queue-receiver.ts';
import type { Telemetry } from '../telemetry.ts';
import type { PriceSource } from './charge.ts';

/** A message from which no event of its queue's kind can be read. */
export interface Unreadable {
  readonly messageId: string;
  readonly kind: EntryKind;
  readonly body: string;
  readonly receiveCount: number;
  readonly at: Instant;
}

/** All of the world the consumer reaches. */
export interface ConsumerPorts {
  readonly balances: { head(lane: LaneKey): Promise<LaneHead> };
  readonly posting: {
    commit(head: LaneHead, page: JournalPage, payloadHashes: readonly PayloadHash[]): Promise<CommitOutcome>;
  };
  readonly ledger: {
    marker(tenant: TenantId, eventId: EventId): Promise<Marker | undefined>;
    refuse(failure: Failure): Promise<void>;
    keepUnreadable(message: Unreadable): Promise<void>;
  };
  readonly prices: PriceSource;
  /** The receiving end of each kind's queue. */
  readonly receivers: Readonly<
    Record<EntryKind, { comeAgainIn(messages: readonly ReceivedMessage[], seconds: number): Promise<void> }>
  >;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}
