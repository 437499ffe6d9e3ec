import { nowOf } from '../clock.ts';
import { epochMsOf } from '../domain/instant.ts';
import { receivableOf } from '../domain/journal.ts';
import { type Failure, refusalReasons } from '../domain/refusal.ts';
import type { PayloadHash } from '../domain/usage-event.ts';
import { groupBy } from '../group-by.ts';
import { nameInLog, tellRefused } from '../trail.ts';
import { type Charge, chargeFor } from './charge.ts';
import { letComeAgain } from './come-again.ts';
import { type DeliveredEvent, type Delivery, laneOf } from './delivery.ts';
import { LaneHaltedError, LanePoster, type Settlement } from './lane-poster.ts';
import type { ConsumerPorts } from './ports.ts';

export interface Limits {
  /** When this invocation must be done. */
  readonly deadlineMs: number;
  /** How often SQS delivers a message before it is dead. */
  readonly maxReceiveCount: number;
}

/** An event of either kind, by what names it and what it says. */
type Named = Pick<Charge, 'event' | 'payloadHash'> & Partial<Pick<Charge, 'entry' | 'currency'>>;

const settlementMetrics = { posted: 'posted', already_posted: 'alreadyPosted', refused: 'refused' } as const;

/** One message group's part of a batch: posts its events lane by lane and knows which deliveries are done. */
export class GroupRun {
  readonly #ports: ConsumerPorts;
  readonly #limits: Limits;
  /** By payload hash, which covers tenant and event id: a replay in the same batch is done when the first is. */
  readonly #settled = new Set<PayloadHash>();
  readonly #kept = new Set<string>();

  constructor(ports: ConsumerPorts, limits: Limits) {
    this.#ports = ports;
    this.#limits = limits;
  }

  /** Settles the deliveries, and returns those that must come again: from the first unsettled one on, in order. */
  async run(deliveries: readonly Delivery[]): Promise<readonly Delivery[]> {
    try {
      await this.#keepUnreadable(deliveries);
      await this.#post(deliveries);
      return [];
    } catch (error) {
      const { telemetry } = this.#ports;
      telemetry.count(error instanceof LaneHaltedError ? 'laneHalted' : 'groupsReturned');
      telemetry.error('A message group goes back to its queue.', error);
      const firstOpen = deliveries.findIndex((delivery) => !this.#isDone(delivery));
      const returned = firstOpen < 0 ? [] : deliveries.slice(firstOpen);
      await this.#recordLastReceives(returned);
      // A halted lane waits for a person: nothing is gained by trying it again soon.
      if (!(error instanceof LaneHaltedError)) await letComeAgain(returned, this.#limits.maxReceiveCount, this.#ports);
      return returned;
    }
  }

  async #keepUnreadable(deliveries: readonly Delivery[]): Promise<void> {
    for (const { messageId, kind, body, receiveCount } of deliveries.filter(({ events }) => events.length === 0)) {
      const at = nowOf(this.#ports.clock);
      await this.#ports.ledger.keepUnreadable({ messageId, kind, body, receiveCount, at });
      this.#ports.telemetry.count('unreadable');
      this.#kept.add(messageId);
    }
  }

  async #post(deliveries: readonly Delivery[]): Promise<void> {
    for (const sameLane of groupBy(deliveries, (delivery) => laneOf(delivery)?.group).values()) {
      const [first] = sameLane;
      const lane = first && laneOf(first);
      if (lane === undefined) continue;
      const poster = new LanePoster(this.#ports, lane, this.#limits.deadlineMs, (charge, how) =>
        this.#settle(charge, how),
      );
      const charges = await this.#rate(sameLane.flatMap(({ events }) => events));
      for (const wave of waves(charges)) await poster.post(wave);
    }
  }

  async #rate(delivered: readonly DeliveredEvent[]): Promise<Charge[]> {
    const charges: Charge[] = [];
    for (const each of delivered) {
      const charge = await chargeFor(each, this.#ports.prices);
      if (charge !== undefined) charges.push(charge);
      else await this.#refuseUnpriced(each);
    }
    return charges;
  }

  #settle({ event, payloadHash, entry, currency }: Named, how: Settlement): void {
    const { telemetry, clock } = this.#ports;
    this.#settled.add(payloadHash);
    telemetry.count(settlementMetrics[how]);
    if (how !== 'posted') return;
    telemetry.durationMs('postingLagMs', clock.nowMs() - epochMsOf(event.receivedAt));
    if (entry && currency) telemetry.amount('usageChargedMinor', receivableOf(entry), currency);
  }

  async #refuseUnpriced(delivered: Named): Promise<void> {
    const failure = { final: true, reason: refusalReasons.unpriced, deliveries: 1 };
    await this.#ports.ledger.refuse(this.#failure(delivered, failure));
    tellRefused(delivered.event, failure.reason, this.#ports.telemetry);
    this.#settle(delivered, 'refused');
  }

  /** What fails at its last delivery leaves a reason before SQS takes it away; the sweep may still bring it back. */
  async #recordLastReceives(returned: readonly Delivery[]): Promise<void> {
    const { ledger, telemetry } = this.#ports;
    const last = returned.filter(({ receiveCount }) => receiveCount >= this.#limits.maxReceiveCount);
    const open = last.flatMap(({ events, receiveCount }) => events.map((delivered) => ({ delivered, receiveCount })));
    for (const { delivered, receiveCount } of open) {
      if (this.#settled.has(delivered.payloadHash)) continue;
      const failure = { final: false, reason: refusalReasons.undelivered, deliveries: receiveCount };
      try {
        await ledger.refuse(this.#failure(delivered, failure));
        tellRefused(delivered.event, failure.reason, telemetry);
        telemetry.count('undelivered');
      } catch (error) {
        // The sweep finds the event without this record too; only the reason would be missing.
        telemetry.error('An undelivered event could not be recorded.', error, nameInLog(delivered.event));
      }
    }
  }

  #failure({ event, payloadHash }: Named, how: Pick<Failure, 'final' | 'reason' | 'deliveries'>): Failure {
    const { tenant, eventId } = event;
    return { tenant, eventId, payloadHash, at: nowOf(this.#ports.clock), ...how };
  }

  #isDone({ messageId, events }: Delivery): boolean {
    if (events.length === 0) return this.#kept.has(messageId);
    return events.every(({ payloadHash }) => this.#settled.has(payloadHash));
  }
}

/**
 * The charges in turns in which no event id comes twice: a replay is dropped, and another payload under a known id waits
 * for the next turn, where the first one's marker refuses it.
 */
function waves(charges: readonly Charge[]): Charge[][] {
  const distinct = [...groupBy(charges, ({ payloadHash }) => payloadHash).values()].flatMap(([first]) => first ?? []);
  const turns: Charge[][] = [];
  const seen = new Map<string, number>();
  for (const charge of distinct) {
    const turn = seen.get(charge.event.eventId) ?? 0;
    seen.set(charge.event.eventId, turn + 1);
    turns[turn] = [...(turns[turn] ?? []), charge];
  }
  return turns;
}
