import type { Clock } from '../clock.ts';
import { crashPoint } from '../crash-point.ts';
import type { EventId } from '../domain/ids.ts';
import { payloadHash, type UsageEvent } from '../domain/usage-event.ts';
import { backOff } from '../retry.ts';
import type { TogetherOutcome } from '../storage/intake-transaction.ts';
import type { IntakeRecord } from '../storage/usage-intake.ts';
import type { Telemetry } from '../telemetry.ts';

/** What an id stands for in the intake, and whether it was written just now. */
export interface Written {
  readonly record: IntakeRecord;
  readonly isNew: boolean;
}

export interface WritePorts {
  readonly intake: {
    acceptTogether(events: readonly UsageEvent[], timeoutMs: number): Promise<TogetherOutcome<IntakeRecord>>;
  };
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/**
 * Writes events with different ids to the intake, in transactions of so many at once. Known ids and unwritable events keep
 * no other from being written. An id that is missing in the answer could not be written in time, as far as we know.
 */
export async function writeIntake(
  events: readonly UsageEvent[],
  ports: WritePorts,
  limits: { readonly perTransaction: number; readonly deadlineMs: number },
): Promise<Map<EventId, Written>> {
  const writing = new IntakeWriting(ports, limits.deadlineMs);
  const parts: Promise<void>[] = [];
  for (let start = 0; start < events.length; start += limits.perTransaction) {
    parts.push(writing.write(events.slice(start, start + limits.perTransaction)));
  }
  await Promise.all(parts);
  return writing.written;
}

class IntakeWriting {
  readonly written = new Map<EventId, Written>();
  readonly #ports: WritePorts;
  readonly #deadlineMs: number;

  constructor(ports: WritePorts, deadlineMs: number) {
    this.#ports = ports;
    this.#deadlineMs = deadlineMs;
  }

  /** Writes what one transaction holds, and what is left of it when ids were known, until nothing is left or time is up. */
  async write(events: readonly UsageEvent[]): Promise<void> {
    const { clock } = this.#ports;
    let pending = events;
    for (let attempt = 0; pending.length > 0; attempt += 1) {
      const timeoutMs = this.#deadlineMs - clock.nowMs();
      if (timeoutMs <= 0) return this.#giveUp(pending, new Error('There was no time left to write it.'));
      crashPoint('ingest:before-intake');
      const outcome = await this.#attempt(pending, timeoutMs);
      if (outcome.status === 'written') {
        for (const event of pending) this.#settle({ event, payloadHash: payloadHash(event) }, true);
        crashPoint('ingest:after-intake');
        return;
      }
      if (outcome.status === 'invalid') return this.#divide(pending, outcome.cause);
      const known = outcome.status === 'cancelled' ? outcome.known : new Map<number, IntakeRecord>();
      for (const record of known.values()) this.#settle(record, false);
      pending = pending.filter((_, index) => !known.has(index));
      // Whoever learnt which ids are known goes on at once; whoever was in another's way gives it time.
      if (known.size > 0 || (await backOff(clock, attempt, this.#deadlineMs))) continue;
      return this.#giveUp(pending, outcome.status === 'unknown' ? outcome.cause : new Error('Others were writing it.'));
    }
  }

  /** A record in the way that can't be read is its event's misfortune and no other's: halving finds it. */
  async #attempt(events: readonly UsageEvent[], timeoutMs: number): Promise<TogetherOutcome<IntakeRecord>> {
    try {
      return await this.#ports.intake.acceptTogether(events, timeoutMs);
    } catch (cause) {
      return { status: 'invalid', cause };
    }
  }

  #settle(record: IntakeRecord, isNew: boolean): void {
    this.written.set(record.event.eventId, { record, isNew });
  }

  /** Halves what can't be written until what stands in the way stands alone. */
  async #divide(events: readonly UsageEvent[], cause: unknown): Promise<void> {
    const middle = Math.floor(events.length / 2);
    if (middle === 0) return this.#giveUp(events, cause);
    await Promise.all([this.write(events.slice(0, middle)), this.write(events.slice(middle))]);
  }

  #giveUp(events: readonly UsageEvent[], cause: unknown): void {
    this.#ports.telemetry.count('notAccepted', events.length);
    this.#ports.telemetry.error('Events of a batch could not be accepted in time.', cause, { events: events.length });
  }
}
