import { crashPoint } from '../crash-point.ts';
import { epochMsOf, type Instant, instantOf } from '../domain/instant.ts';
import type { SweepAttempt } from '../storage/sweep-progress.ts';
import { acceptedIn, hourSlices } from './accepted-events.ts';
import type { EventName, SweepPorts } from './ports.ts';
import { ATTEMPTS_MAX, resend } from './resend.ts';
import { strandedAmong, strandedEvent } from './stranded.ts';

export interface SweepSettings {
  /** A younger event is presumed to be on its way; also the first wait between two tries of one event. */
  readonly minAgeMs: number;
  /** When this run must be done; the next one goes on where it stopped. */
  readonly deadlineMs: number;
}

export interface SweepReport {
  /** False when it stayed out of a busy queue's way or ran out of time. */
  readonly complete: boolean;
  readonly looked: number;
  readonly resent: number;
  readonly gaveUp: number;
  readonly reached: Instant | undefined;
}

/**
 * More messages than this are a backlog that will drain by itself; sending more into it would make an outage worse. The
 * consumers work off so many in seconds.
 */
export const NEARLY_DRAINED_MESSAGES = 1_000;

/** How far back the first run ever looks: the schedule runs from the first deployment on, so little can be older. */
const FIRST_LOOKBACK_MS = 3_600_000;

/**
 * Finds accepted events that have neither an entry nor a refusal and sends them again: what makes a 202 a promise even
 * when a process, a message or the whole queue is lost. Looks at everything accepted since the watermark, then at what
 * it has sent before, and gives up loudly on an event that keeps failing.
 */
export async function sweep(ports: SweepPorts, settings: SweepSettings): Promise<SweepReport> {
  const { queue, progress, clock } = ports;
  const before = await progress.watermark();
  if ((await queue.depth()) > NEARLY_DRAINED_MESSAGES) {
    return { complete: false, looked: 0, resent: 0, gaveUp: 0, reached: before };
  }
  const { known, ...retried } = await retryDue(ports, settings);
  const nowMs = clock.nowMs();
  const from = before ?? instantOf(nowMs - FIRST_LOOKBACK_MS);
  const report = { ...retried, complete: true, looked: 0, reached: before };
  for (const slice of hourSlices(from, instantOf(nowMs - settings.minAgeMs))) {
    for await (const names of acceptedIn(slice, ports.intake)) {
      if (clock.nowMs() >= settings.deadlineMs) return { ...report, complete: false };
      const stranded = await strandedAmong(
        names.filter((name) => !known.has(textOf(name))),
        ports,
      );
      await resend(stranded, 1, { retryAfterMs: settings.minAgeMs }, ports);
      report.looked += names.length;
      report.resent += stranded.length;
    }
    crashPoint('reconcile:before-watermark');
    await progress.advance(slice.until);
    report.reached = slice.until;
  }
  return report;
}

/** What was sent before and is due again: forgotten if it has settled, sent again if not, given up after the last try. */
async function retryDue(ports: SweepPorts, settings: SweepSettings) {
  const { progress, clock } = ports;
  const counts = { resent: 0, gaveUp: 0, known: new Set<string>() };
  for await (const attempt of progress.attempts()) {
    counts.known.add(textOf(attempt));
    if (attempt.gaveUp || epochMsOf(attempt.nextAt) > clock.nowMs()) continue;
    const event = await strandedEvent(attempt, ports);
    if (event === undefined) {
      await progress.forget(attempt);
    } else if (attempt.attempts >= ATTEMPTS_MAX) {
      await giveUp(attempt, ports);
      counts.gaveUp += 1;
    } else {
      await resend([event], attempt.attempts + 1, { retryAfterMs: settings.minAgeMs }, ports, attempt);
      counts.resent += 1;
    }
  }
  return counts;
}

function textOf({ tenant, eventId }: EventName): string {
  return `${tenant}#${eventId}`;
}

async function giveUp(attempt: SweepAttempt, { progress, telemetry }: SweepPorts): Promise<void> {
  await progress.record({ ...attempt, gaveUp: true });
  telemetry.count('sweepGaveUp');
  const { tenant, eventId, attempts, firstAt } = attempt;
  const error = new Error('An accepted event was not charged after every try: find out why, then redrive it.');
  telemetry.error(error.message, error, { tenant, event_id: eventId, attempts, first_at: firstAt });
}
