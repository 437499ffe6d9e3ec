import { nowOf } from '../clock.ts';
import { crashPoint } from '../crash-point.ts';
import { epochMsOf, instantOf } from '../domain/instant.ts';
import { ENTRIES_PER_PAGE_MAX } from '../domain/page.ts';
import type { UsageEvent } from '../domain/usage-event.ts';
import { groupBy } from '../group-by.ts';
import type { SweepAttempt } from '../storage/sweep-progress.ts';
import type { SweepPorts } from './ports.ts';

/** With the first wait of ten minutes, doubled each time, the last try comes after some 42 hours. */
export const ATTEMPTS_MAX = 8;

/**
 * Sends events again, recording the attempt first: a crash in between costs a wait, never an unrecorded send. Events of
 * one tenant share messages, each about one journal page.
 */
export async function resend(
  events: readonly UsageEvent[],
  attempt: number,
  settings: { retryAfterMs: number },
  ports: SweepPorts,
  before?: SweepAttempt,
): Promise<void> {
  const { progress, queue, clock, telemetry } = ports;
  const now = nowOf(clock);
  const nextAt = instantOf(epochMsOf(now) + settings.retryAfterMs * 2 ** (attempt - 1));
  for (const [tenant, own] of groupBy(events, (event) => event.tenant)) {
    for (let start = 0; start < own.length; start += ENTRIES_PER_PAGE_MAX) {
      const some = own.slice(start, start + ENTRIES_PER_PAGE_MAX);
      for (const { eventId } of some) {
        await progress.record({
          tenant,
          eventId,
          attempts: attempt,
          firstAt: before?.firstAt ?? now,
          nextAt,
          gaveUp: false,
        });
      }
      crashPoint('reconcile:before-send');
      await queue.send({ tenant, events: some }, attempt);
      crashPoint('reconcile:after-send');
      telemetry.count('sweepResent', some.length);
      telemetry.warn('Accepted events had not settled and were sent again.', { tenant, events: some.length, attempt });
    }
  }
}
