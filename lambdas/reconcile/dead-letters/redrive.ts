import { type Clock, nowOf } from '../../clock.ts';
import type { AcceptedEvent } from '../../domain/accepted-event.ts';
import type { AdjustmentEvent } from '../../domain/adjustment-event.ts';
import type { EventId, TenantId } from '../../domain/ids.ts';
import { type Instant, instantOf } from '../../domain/instant.ts';
import type { UsageEvent } from '../../domain/usage-event.ts';
import { DamagedItemError } from '../../storage/item.ts';
import type { SweepAttempt } from '../../storage/sweep-progress.ts';
import type { Telemetry } from '../../telemetry.ts';
import { nameInLog } from '../../trail.ts';
import type { Channel } from '../ports.ts';
import { kindOf } from './list.ts';

type RedriveChannel<Event extends AcceptedEvent> = Pick<
  Channel<Event>,
  'intake' | 'queue' | 'eventsPerMessage' | 'hashOf'
> & { readonly progress: { restart(attempt: SweepAttempt): Promise<void> } };

/** All of the world that a redrive reaches. */
export interface RedrivePorts {
  readonly usage: RedriveChannel<UsageEvent>;
  readonly adjustment: RedriveChannel<AdjustmentEvent>;
  readonly ledger: { marker(tenant: TenantId, eventId: EventId): Promise<object | undefined> };
  /** After so long without effect the sweep takes over. */
  readonly retryAfterMs: number;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** What became of the wish to try an event again. */
export type RedriveStatus =
  | 'redriven'
  /** Nothing to do, and nothing charged. */
  | 'already_posted'
  /** Nothing was ever accepted under this id. */
  | 'unknown'
  /** Its intake record is not what was accepted: reconcile it first. */
  | 'damaged'
  /** The queue did not take it; an event without a final refusal is the sweep's again. */
  | 'not_sent';

/**
 * Tries events of one tenant again from their intake records, each through the queue of its intake, also after a final
 * refusal or after the sweep has given up. The consumer's marker decides as ever: what is posted is charged nothing.
 */
export async function redrive(
  tenant: TenantId,
  eventIds: readonly EventId[],
  ports: RedrivePorts,
): Promise<Map<EventId, RedriveStatus>> {
  const distinct = [...new Set(eventIds)];
  const of = (kind: ReturnType<typeof kindOf>) => distinct.filter((eventId) => kindOf(eventId) === kind);
  const [usage, adjustments] = await Promise.all([
    redriveThrough(ports.usage, tenant, of('usage'), ports),
    redriveThrough(ports.adjustment, tenant, of('adjustment'), ports),
  ]);
  return new Map([...usage, ...adjustments]);
}

async function redriveThrough<Event extends AcceptedEvent>(
  channel: RedriveChannel<Event>,
  tenant: TenantId,
  eventIds: readonly EventId[],
  ports: RedrivePorts,
): Promise<Map<EventId, RedriveStatus>> {
  const { clock, telemetry, ledger } = ports;
  const statuses = new Map<EventId, RedriveStatus>();
  const events: Event[] = [];
  for (const eventId of eventIds) {
    const posted = (await ledger.marker(tenant, eventId)) !== undefined;
    const found = posted ? 'already_posted' : await acceptedEvent(channel, tenant, eventId, telemetry);
    if (typeof found === 'string') statuses.set(eventId, found);
    else events.push(found);
  }
  const since = nowOf(clock);
  for (let start = 0; start < events.length; start += channel.eventsPerMessage) {
    const some = events.slice(start, start + channel.eventsPerMessage);
    const status = await sendAgain(channel, tenant, some, since, ports);
    for (const { eventId } of some) statuses.set(eventId, status);
  }
  return statuses;
}

async function acceptedEvent<Event extends AcceptedEvent>(
  { intake, hashOf }: RedriveChannel<Event>,
  tenant: TenantId,
  eventId: EventId,
  telemetry: Telemetry,
): Promise<Event | 'unknown' | 'damaged'> {
  try {
    const record = await intake.find(tenant, eventId);
    if (record === undefined) return 'unknown';
    return hashOf(record.event) === record.payloadHash ? record.event : 'damaged';
  } catch (error) {
    if (!(error instanceof DamagedItemError)) throw error;
    telemetry.error('An event could not be redriven.', error, { tenant, event_id: eventId });
    return 'damaged';
  }
}

/** On record first, as a first try: should the message be lost, the sweep goes on from there. */
async function sendAgain<Event extends AcceptedEvent>(
  { progress, queue }: RedriveChannel<Event>,
  tenant: TenantId,
  events: readonly Event[],
  since: Instant,
  { clock, telemetry, retryAfterMs }: RedrivePorts,
): Promise<RedriveStatus> {
  const nextAt = instantOf(clock.nowMs() + retryAfterMs);
  for (const { eventId } of events) {
    await progress.restart({ tenant, eventId, attempts: 1, firstAt: since, nextAt, gaveUp: false });
  }
  try {
    await queue.send({ tenant, events }, { attempt: 1, since });
    telemetry.count('redriven', events.length);
    telemetry.info('Events were redriven.', { tenant, events: events.map(nameInLog) });
    return 'redriven';
  } catch (error) {
    telemetry.count('enqueueFailed');
    telemetry.error('Redriven events were not enqueued.', error, { tenant, events: events.map(nameInLog) });
    return 'not_sent';
  }
}
