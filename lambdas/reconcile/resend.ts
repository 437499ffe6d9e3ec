import { nowOf } from '../clock.ts';
import { crashPoint } from '../crash-point.ts';
import { epochMsOf, instantOf } from '../domain/instant.ts';
import { ENTRIES_PER_PAGE_MAX } from '../domain/page.ts';
import type { UsageEvent } from '../domain/usage-event.ts';
import { groupBy } from '../group-by.ts';
import type { SweepAttempt } from '../storage/sweep-progress.ts';
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
 * one tenant share messages, each about one journal page.
 */
export async function resend(events: readonly UsageEvent[], how: Try, ports: SweepPorts): Promise<void> {
  const { queue, telemetry, clock } = ports;
  const { attempt } = how;
  const since = how.before?.firstAt ?? nowOf(clock);
  for (const [tenant, own] of groupBy(events, (event) => event.tenant)) {
    for (let start = 0; start < own.length; start += ENTRIES_PER_PAGE_MAX) {
      const some = own.slice(start, start + ENTRIES_PER_PAGE_MAX);
      for (const event of some) await recordTry(event, how, ports);
      crashPoint('reconcile:before-send');
      await queue.send({ tenant, events: some }, { attempt, since });
      crashPoint('reconcile:after-send');
      telemetry.count('sweepResent', some.length);
      telemetry.warn('Accepted events had not settled and were sent again.', { tenant, events: some.length, attempt });
    }
  }
}

/** Puts an event on record as tried, so that it is looked at again however far the watermark moves. */
export async function recordTry(
  { tenant, eventId }: EventName,
  { attempt, before, retryAfterMs }: Try,
  { progress, clock }: SweepPorts,
): Promise<void> {
  const now = nowOf(clock);
  const nextAt = instantOf(epochMsOf(now) + retryAfterMs * 2 ** (attempt - 1));
  const firstAt = before?.firstAt ?? now;
  await progress.record({ tenant, eventId, attempts: attempt, firstAt, nextAt, gaveUp: false });
}
