import { settles } from '../domain/refusal.ts';
import type { UsageEvent } from '../domain/usage-event.ts';
import { DamagedItemError } from '../storage/item.ts';
import { BATCH_GET_MAX } from '../storage/ledger.ts';
import type { EventName, SweepPorts } from './ports.ts';

/**
 * The accepted event if it is stranded. A damaged item is reported and passed over: it must not keep the sweep from
 * everyone else's events.
 */
export async function strandedEvent(name: EventName, ports: SweepPorts): Promise<UsageEvent | undefined> {
  try {
    return await unsettledEvent(name, ports);
  } catch (error) {
    if (!(error instanceof DamagedItemError)) throw error;
    ports.telemetry.error('The sweep passed over an event.', error, { tenant: name.tenant, event_id: name.eventId });
    return undefined;
  }
}

/** The accepted event if it has neither an entry nor a final refusal of this payload; read strongly, item by item. */
async function unsettledEvent(
  { tenant, eventId }: EventName,
  { intake, ledger, telemetry }: SweepPorts,
): Promise<UsageEvent | undefined> {
  if ((await ledger.marker(tenant, eventId)) !== undefined) return undefined;
  const record = await intake.find(tenant, eventId);
  if (record === undefined) {
    telemetry.warn('The time index names an event whose intake record is gone.', { tenant, event_id: eventId });
    return undefined;
  }
  const refusal = await ledger.refusal(tenant, eventId);
  return refusal !== undefined && settles(refusal, record.payloadHash) ? undefined : record.event;
}

/** Those of the named events that are stranded: sorted out cheaply first, then each confirmed by itself. */
export async function strandedAmong(names: readonly EventName[], ports: SweepPorts): Promise<UsageEvent[]> {
  const stranded: UsageEvent[] = [];
  for (let start = 0; start < names.length; start += BATCH_GET_MAX) {
    const some = names.slice(start, start + BATCH_GET_MAX);
    const posted = await ports.ledger.postedAmong(some);
    for (const name of some.filter((candidate) => !posted.has(candidate))) {
      const event = await strandedEvent(name, ports);
      if (event !== undefined) stranded.push(event);
    }
  }
  return stranded;
}
