import type { EventId, TenantId } from '../../lambdas/domain/ids.ts';
import { type Instant, instantOf } from '../../lambdas/domain/instant.ts';
import { usageEntry } from '../../lambdas/domain/journal.ts';
import { usageLane } from '../../lambdas/domain/lane.ts';
import { amountMinor } from '../../lambdas/domain/money.ts';
import { ENTRIES_PER_PAGE_MAX, emptyHead, nextPage } from '../../lambdas/domain/page.ts';
import { payloadHash, type UsageEvent } from '../../lambdas/domain/usage-event.ts';
import type { EventName, SweepPorts, UnsettledFinding } from '../../lambdas/reconcile/ports.ts';
import { type SweepReport, type SweepSettings, sweep } from '../../lambdas/reconcile/sweep.ts';
import type { Resend } from '../../lambdas/storage/event-message.ts';
import { DamagedItemError } from '../../lambdas/storage/item.ts';
import type { SweepAttempt } from '../../lambdas/storage/sweep-progress.ts';
import type { UsageMessage } from '../../lambdas/storage/usage-message.ts';
import { NOW_MS, period, usageEvent } from './events.ts';
import { FakeIntake } from './fake-intake.ts';
import { FakeLedger } from './fake-ledger.ts';
import { TelemetryLog } from './telemetry-log.ts';
import { VirtualClock } from './virtual-clock.ts';

export const MIN_AGE_MS = 600_000;
export const MINUTE_MS = 60_000;

/** The process ended here. */
export class Crash extends Error {}

/** The sweep with everything around it in memory; any of its calls may end the process. */
export class SweepWorld {
  readonly intake = new FakeIntake();
  readonly ledger = new FakeLedger();
  readonly telemetry = new TelemetryLog();
  readonly clock = new VirtualClock(NOW_MS);
  readonly sent: { readonly message: UsageMessage; readonly attempt: number }[] = [];
  readonly findings: UnsettledFinding[] = [];
  readonly attempts = new Map<string, SweepAttempt>();
  readonly damaged = new Set<string>();
  watermark: Instant | undefined;
  depth = 0;
  /** How deep each message sent makes the queue, while nobody works it off. */
  depthPerMessage = 0;
  /** What somebody else puts in an attempt's place, just before the sweep records its own. */
  beforeRecord: (all: readonly SweepAttempt[]) => SweepAttempt | undefined = () => undefined;
  queueIsDown = false;
  /** How long it takes to look at one event. */
  lookMs = 0;
  /** How many calls go well before the process ends in the next one; just after its effect when it has one. */
  callsUntilCrash = Number.POSITIVE_INFINITY;

  /** Accepts an event so long ago. */
  async accept(key: string, agoMs: number, changes: Partial<UsageEvent> = {}): Promise<UsageEvent> {
    const event = usageEvent(key, { receivedAt: instantOf(this.clock.nowMs() - agoMs), ...changes });
    await this.intake.accept(event);
    return event;
  }

  /** Posts what was sent, or any event. */
  async post(...events: readonly UsageEvent[]): Promise<void> {
    for (const event of events) {
      const key = { tenant: event.tenant, period: period('2026-03'), lane: usageLane([event.eventId]) };
      const head = (await this.ledger.head(key)) ?? emptyHead(key);
      const entry = usageEntry(event, amountMinor(event.quantity));
      await this.ledger.commit(head, nextPage(head, [entry], event.receivedAt), [payloadHash(event)]);
    }
  }

  run(settings: Partial<SweepSettings> = {}): Promise<SweepReport> {
    return sweep(this.#ports(), { minAgeMs: MIN_AGE_MS, deadlineMs: Number.POSITIVE_INFINITY, ...settings });
  }

  /** The ids sent so far, in order. */
  sentIds(): string[] {
    return this.sent.flatMap(({ message }) => message.events.map(({ eventId }) => eventId.slice('api:'.length)));
  }

  #step<Arguments extends unknown[], Value>(call: (...args: Arguments) => Promise<Value>) {
    return async (...args: Arguments): Promise<Value> => {
      this.callsUntilCrash -= 1;
      if (this.callsUntilCrash <= -1) throw new Crash('before');
      const value = await call(...args);
      if (this.callsUntilCrash === -0.5) throw new Crash('after');
      return value;
    };
  }

  #ports(): SweepPorts<UsageEvent> {
    const { intake, ledger, clock, telemetry } = this;
    const intact = (tenant: TenantId, eventId: EventId) => {
      if (this.damaged.has(`${tenant}#${eventId}`)) throw new DamagedItemError(`${tenant}#${eventId}`);
    };
    return {
      ...{ clock, telemetry },
      intake: {
        find: this.#step(async (tenant: TenantId, eventId: EventId) => {
          intact(tenant, eventId);
          clock.advance(this.lookMs);
          return intake.find(tenant, eventId);
        }),
        acceptedIn: this.#step(intake.acceptedIn.bind(intake)),
      },
      ledger: {
        marker: this.#step(ledger.marker.bind(ledger)),
        refusal: this.#step(ledger.refusal.bind(ledger)),
        postedAmong: <Name extends EventName>(events: readonly Name[]) => {
          clock.advance(events.length * this.lookMs);
          return this.#step(() => ledger.postedAmong(events))();
        },
      },
      progress: {
        watermark: this.#step(async () => this.watermark),
        advance: this.#step(async (reached: Instant) => {
          if (this.watermark === undefined || this.watermark < reached) this.watermark = reached;
        }),
        attempts: () => yieldAll([...this.attempts.values()]),
        record: this.#step(async (attempt: SweepAttempt, before: SweepAttempt | undefined) => {
          const id = `${attempt.tenant}#${attempt.eventId}`;
          const meddled = this.beforeRecord([...this.attempts.values()]);
          if (meddled !== undefined) this.attempts.set(id, meddled);
          const current = this.attempts.get(id);
          if (current?.attempts !== before?.attempts || current?.firstAt !== before?.firstAt) return false;
          this.attempts.set(id, attempt);
          return true;
        }),
        forget: this.#step(async ({ tenant, eventId }: EventName) => {
          this.attempts.delete(`${tenant}#${eventId}`);
        }),
      },
      findings: {
        report: this.#step(async (finding: UnsettledFinding) => {
          this.findings.push(finding);
        }),
      },
      eventsPerMessage: ENTRIES_PER_PAGE_MAX,
      hashOf: payloadHash,
      queue: {
        send: this.#step(async (message: UsageMessage, { attempt }: Resend) => {
          if (this.queueIsDown) throw new Error('no queue');
          this.sent.push({ message, attempt });
        }),
        depth: this.#step(async () => this.depth + this.sent.length * this.depthPerMessage),
      },
    };
  }
}

async function* yieldAll<Value>(values: readonly Value[]): AsyncGenerator<Value> {
  yield* values;
}
