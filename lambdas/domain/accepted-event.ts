import type { EventId, RequestId, TenantId } from './ids.ts';
import type { Instant } from './instant.ts';

/** What an accepted event is, of whatever kind: whose it is, its id, and when it was accepted. */
export interface AcceptedEvent {
  readonly tenant: TenantId;
  readonly eventId: EventId;
  readonly receivedAt: Instant;
  /** The request it came with: by this the logs tell its way. Part of no hash; records from before it was kept have none. */
  readonly requestId?: RequestId | undefined;
}
