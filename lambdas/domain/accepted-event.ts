import type { EventId, TenantId } from './ids.ts';
import type { Instant } from './instant.ts';

/** What an accepted event is, of whatever kind: whose it is, its id, and when it was accepted. */
export interface AcceptedEvent {
  readonly tenant: TenantId;
  readonly eventId: EventId;
  readonly receivedAt: Instant;
}
