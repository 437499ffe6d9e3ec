import { nowOf } from '../clock.ts';
import { crashPoint } from '../crash-point.ts';
import type { AcceptedEvent } from '../domain/accepted-event.ts';
import { epochMsOf, type Instant, instantOf } from '../domain/instant.ts';
import type { SweepAttempt } from '../storage/sweep-progress.ts';
import { acceptedIn, hourSlices, manageable, type Slice } from './accepted-events.ts';
import type { EventName, SweepPorts } from './ports.ts';
import { ATTEMPTS_MAX, recordTry, resend } from './resend.ts';
import { type Fate, lookAt, lookAtAll, NAMES_AT_ONCE } from './stranded.ts';

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
  readonly reached: Instant;
}

/**
 * More messages than this are a backlog that will drain by itself; sending more into it would make an outage worse. The
 * consumers work off so many in seconds.
 */
export const NEARLY_DRAINED_MESSAGES = 1_000;

/** How far back the first run ever looks: the schedule runs from the first deployment on, so little can be older. */
const FIRST_LOOKBACK_MS = 3_600_000;

/**
 * Finds accepted events of one channel that have neither an entry nor a refusal and sends them again: what makes a 202 a
 * promise even when a process, a message or the whole queue is lost. Looks at everything accepted since the watermark,
 * then at what it has sent before, and gives up loudly on an event that keeps failing.
 */
export async function sweep<Event extends AcceptedEvent>(
  ports: SweepPorts<Event>,
  settings: SweepSettings,
): Promise<SweepReport> {
  const { progress, clock } = ports;
  const from = (await progress.watermark()) ?? (await firstWatermark(ports));
  const report = { complete: false, looked: 0, resent: 0, gaveUp: 0, reached: from };
  if (await isBusy(ports)) return report;
  const { known, isDone, wasBusy, ...retried } = await retryDue(ports, settings);
  Object.assign(report, retried);
  if (wasBusy) return report;
  for (const hour of hourSlices(from, instantOf(clock.nowMs() - settings.minAgeMs))) {
    for await (const slice of manageable(hour, ports)) {
      if (!(await sweepSlice(slice, known, report, ports, settings))) return report;
      crashPoint('reconcile:before-watermark');
      await progress.advance(slice.until);
      report.reached = slice.until;
    }
  }
  return { ...report, complete: isDone };
}

/** Looks at all that was accepted in a slice and was not tried before. False when a busy queue or the deadline ended it. */
async function sweepSlice<Event extends AcceptedEvent>(
  slice: Slice,
  known: ReadonlySet<string>,
  report: { looked: number; resent: number },
  ports: SweepPorts<Event>,
  settings: SweepSettings,
): Promise<boolean> {
  for await (const names of acceptedIn(slice, ports)) {
    // Few at a time: what a run has done by its deadline is on record, and the next one goes on from there.
    for (let start = 0; start < names.length; start += NAMES_AT_ONCE) {
      if (ports.clock.nowMs() >= settings.deadlineMs) return false;
      const some = names.slice(start, start + NAMES_AT_ONCE);
      const fates = await lookAtAll(
        some.filter((name) => !known.has(textOf(name))),
        ports,
      );
      if (needsSending(fates) && (await isBusy(ports))) return false;
      report.resent += await firstTry(fates, ports, settings);
      report.looked += some.length;
    }
  }
  return true;
}

/** Asked again before each send: a run's own messages fill the queue too while nobody works them off. */
async function isBusy({ queue }: Pick<SweepPorts<AcceptedEvent>, 'queue'>): Promise<boolean> {
  return (await queue.depth()) > NEARLY_DRAINED_MESSAGES;
}

function needsSending(fates: readonly Fate<AcceptedEvent>[]): boolean {
  return fates.some(({ status }) => status === 'stranded');
}

/**
 * Where the first run of all begins, put on record before anything can stop it: a later run that began an hour before
 * itself would never see what was stranded earlier.
 */
async function firstWatermark({
  progress,
  clock,
}: Pick<SweepPorts<AcceptedEvent>, 'progress' | 'clock'>): Promise<Instant> {
  const from = instantOf(clock.nowMs() - FIRST_LOOKBACK_MS);
  await progress.advance(from);
  return from;
}

/** Sends the stranded for the first time and keeps the damaged on record; returns how many it sent. */
async function firstTry<Event extends AcceptedEvent>(
  fates: readonly Fate<Event>[],
  ports: SweepPorts<Event>,
  settings: SweepSettings,
): Promise<number> {
  const how = { attempt: 1, retryAfterMs: settings.minAgeMs };
  for (const fate of fates) {
    if (fate.status === 'damaged') await recordTry(fate.name, how, nowOf(ports.clock), ports);
  }
  const events = fates.flatMap((fate) => (fate.status === 'stranded' ? [fate.event] : []));
  return resend(events, how, ports);
}

/**
 * What was tried before and is due again: forgotten if it has settled, tried again if not, given up after the last try. It gets
 * half of a run's time, so that what keeps failing keeps nothing new from being seen; the next run goes on with the rest.
 */
async function retryDue<Event extends AcceptedEvent>(ports: SweepPorts<Event>, settings: SweepSettings) {
  const { progress, clock } = ports;
  const untilMs = clock.nowMs() + (settings.deadlineMs - clock.nowMs()) / 2;
  const counts = { resent: 0, gaveUp: 0, known: new Set<string>(), isDone: true, wasBusy: false };
  for await (const before of progress.attempts()) {
    // What is not known here is found on record before it is sent a first time.
    if (clock.nowMs() >= untilMs) return { ...counts, isDone: false };
    counts.known.add(textOf(before));
    if (before.gaveUp || epochMsOf(before.nextAt) > clock.nowMs()) continue;
    const fate = await lookAt(before, ports);
    const how = { attempt: before.attempts + 1, before, retryAfterMs: settings.minAgeMs };
    if (fate.status === 'settled') {
      await progress.forget(before);
    } else if (before.attempts >= ATTEMPTS_MAX) {
      if (await giveUp(before, ports)) counts.gaveUp += 1;
    } else if (fate.status === 'damaged') {
      await recordTry(before, how, before.firstAt, ports);
    } else {
      if (await isBusy(ports)) return { ...counts, isDone: false, wasBusy: true };
      counts.resent += await resend([fate.event], how, ports);
    }
  }
  return counts;
}

function textOf({ tenant, eventId }: EventName): string {
  return `${tenant}#${eventId}`;
}

async function giveUp(
  attempt: SweepAttempt,
  { progress, telemetry, clock }: Pick<SweepPorts<AcceptedEvent>, 'progress' | 'telemetry' | 'clock'>,
): Promise<boolean> {
  if (!(await progress.record({ ...attempt, gaveUp: true, nextAt: nowOf(clock) }, attempt))) return false;
  telemetry.count('sweepGaveUp');
  const { tenant, eventId, attempts, firstAt } = attempt;
  const error = new Error('An accepted event was not charged after every try: find out why, then redrive it.');
  telemetry.error(error.message, error, { tenant, event_id: eventId, attempts, first_at: firstAt });
  return true;
}
