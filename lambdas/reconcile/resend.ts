import { nowOf } from '../clock.ts';
import { crashPoint } from '../crash-point.ts';
import type { AcceptedEvent } from '../domain/accepted-event.ts';
import { type Instant, instantOf } from '../domain/instant.ts';
import { groupBy } from '../group-by.ts';
import type { SweepAttempt } from '../storage/sweep-progress.ts';
import { nameInLog } from '../trail.ts';
import type { EventName, SweepPorts } from './ports.ts';

/** With the first wait of ten minutes, doubled each time, the last try comes after some 42 hours. */
export const ATTEMPTS_MAX = 8;

/** Which try of an event this is, and the record of the one before. */
export interface Try {
  readonly attempt: number;
  readonly before?: SweepAttempt;
  readonly retryAfterMs: number;
}

/**
 * Sends events again, recording the attempt first: a crash in between costs a wait, never an unrecorded send. Events of
 * one tenant share messages, each about one journal page. Returns how many it sent.
 */
export async function resend<Event extends AcceptedEvent>(
  events: readonly Event[],
  how: Try,
  ports: SweepPorts<Event>,
): Promise<number> {
  const { queue, telemetry, clock, eventsPerMessage, findings } = ports;
  const { attempt } = how;
  const since = how.before?.firstAt ?? nowOf(clock);
  let sent = 0;
  for (const [tenant, own] of groupBy(events, (event) => event.tenant)) {
    for (let start = 0; start < own.length; start += eventsPerMessage) {
      const recorded: Event[] = [];
      for (const event of own.slice(start, start + eventsPerMessage)) {
        if (await recordTry(event, how, since, ports)) recorded.push(event);
      }
      if (recorded.length === 0) continue;
      const detail = `accepted, but neither posted nor refused; sent again (try ${attempt})`;
      for (const { eventId } of recorded) await findings.report({ type: 'unsettled', tenant, eventId, detail });
      crashPoint('reconcile:before-send');
      await queue.send({ tenant, events: recorded }, { attempt, since });
      crashPoint('reconcile:after-send');
      sent += recorded.length;
      telemetry.count('sweepResent', recorded.length);
      const details = { tenant, attempt, events: recorded.map(nameInLog) };
      telemetry.warn('Accepted events had not settled and were sent again.', details);
    }
  }
  return sent;
}

/**
 * Puts an event on record as tried, so that it is looked at again however far the watermark moves. False: another run or
 * a redrive has taken it on.
 */
export function recordTry(
  { tenant, eventId }: EventName,
  { attempt, before, retryAfterMs }: Try,
  firstAt: Instant,
  { progress, clock }: Pick<SweepPorts<AcceptedEvent>, 'progress' | 'clock'>,
): Promise<boolean> {
  const nextAt = instantOf(clock.nowMs() + retryAfterMs * 2 ** (attempt - 1));
  return progress.record({ tenant, eventId, attempts: attempt, firstAt, nextAt, gaveUp: false }, before);
}
