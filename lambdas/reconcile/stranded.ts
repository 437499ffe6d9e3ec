import type { AcceptedEvent } from '../domain/accepted-event.ts';
import { settles } from '../domain/refusal.ts';
import { BATCH_GET_MAX } from '../storage/dynamo.ts';
import { DamagedItemError } from '../storage/item.ts';
import type { EventName, SweepPorts } from './ports.ts';

/** What has become of an accepted event; of a damaged one nobody can say before somebody has mended it. */
export type Fate<Event> =
  | { readonly status: 'settled' }
  | { readonly status: 'stranded'; readonly event: Event }
  | { readonly status: 'damaged'; readonly name: EventName };

/** As many names as are looked up and sent again in one go. */
export const NAMES_AT_ONCE = BATCH_GET_MAX;

/**
 * Whether the accepted event is stranded. A damaged item is reported and is no error: it must not keep the sweep from
 * everyone else's events.
 */
export async function lookAt<Event extends AcceptedEvent>(
  name: EventName,
  ports: SweepPorts<Event>,
): Promise<Fate<Event>> {
  try {
    const event = await unsettledEvent(name, ports);
    return event === undefined ? { status: 'settled' } : { status: 'stranded', event };
  } catch (error) {
    if (!(error instanceof DamagedItemError)) throw error;
    ports.telemetry.error('The sweep passed over an event.', error, { tenant: name.tenant, event_id: name.eventId });
    return { status: 'damaged', name };
  }
}

/** The accepted event if it has neither an entry nor a final refusal of this payload; read strongly, item by item. */
async function unsettledEvent<Event extends AcceptedEvent>(
  { tenant, eventId }: EventName,
  { intake, ledger, telemetry, hashOf }: SweepPorts<Event>,
): Promise<Event | undefined> {
  if ((await ledger.marker(tenant, eventId)) !== undefined) return undefined;
  const record = await intake.find(tenant, eventId);
  if (record === undefined) {
    telemetry.warn('The time index names an event whose intake record is gone.', { tenant, event_id: eventId });
    return undefined;
  }
  const { event, payloadHash } = record;
  if (hashOf(event) !== payloadHash) throw new DamagedItemError(`The payload of ${eventId} is not what was accepted.`);
  const refusal = await ledger.refusal(tenant, eventId);
  return refusal !== undefined && settles(refusal, payloadHash) ? undefined : event;
}

/** What has become of at most `NAMES_AT_ONCE` events: the posted sorted out cheaply, each other one looked at by itself. */
export async function lookAtAll<Event extends AcceptedEvent>(
  names: readonly EventName[],
  ports: SweepPorts<Event>,
): Promise<Fate<Event>[]> {
  if (names.length === 0) return [];
  const posted = await ports.ledger.postedAmong(names);
  const fates: Fate<Event>[] = [];
  for (const name of names.filter((candidate) => !posted.has(candidate))) fates.push(await lookAt(name, ports));
  return fates;
}
