import type { AcceptedEvent } from './domain/accepted-event.ts';
import type { RequestId } from './domain/ids.ts';
import { ENTRIES_PER_PAGE_MAX, type LaneKey } from './domain/page.ts';
import type { Telemetry } from './telemetry.ts';

/** What the logs call an event: what names it, and the request it came with. Nothing of what it says. */
export function nameInLog({ eventId, requestId }: AcceptedEvent) {
  return { event_id: eventId, request_id: requestId };
}

/** Where an entry lies, as far as its page. */
type Place = LaneKey & { readonly seq: number };

/** The line that leads from a request to its entries: which page its events were posted with. */
export function tellPosted(
  { tenant, period, lane, seq }: Place,
  events: readonly AcceptedEvent[],
  to: Telemetry,
): void {
  to.info('A page was posted.', { tenant, period, lane, seq, events: events.map(nameInLog) });
}

/** Where the entry of an event lies that has come again: its first posting may have told nobody. */
export function tellPostedBefore(event: AcceptedEvent, { period, lane, seq }: Place, to: Telemetry): void {
  to.info('An event had been posted.', { tenant: event.tenant, period, lane, seq, events: [nameInLog(event)] });
}

/** @param reason one of the fixed ones that a receipt gives */
export function tellRefused(event: AcceptedEvent, reason: string, to: Telemetry): void {
  to.warn('An event was refused.', { tenant: event.tenant, ...nameInLog(event), reason });
}

/** Which earlier request a repeated one stands for: its events keep the id of the one that was first. */
export function tellKnown(events: readonly AcceptedEvent[], requestId: RequestId | undefined, to: Telemetry): void {
  for (let start = 0; start < events.length; start += ENTRIES_PER_PAGE_MAX) {
    const some = events.slice(start, start + ENTRIES_PER_PAGE_MAX);
    const details = { tenant: some[0]?.tenant, repeated_by: requestId, events: some.map(nameInLog) };
    to.info('Events had been accepted.', details);
  }
}
