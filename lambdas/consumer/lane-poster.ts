import { nowOf } from '../clock.ts';
import { crashPoint } from '../crash-point.ts';
import type { TenantId } from '../domain/ids.ts';
import type { Lane } from '../domain/lane.ts';
import { ENTRIES_PER_PAGE_MAX, headAfter, type JournalPage, type LaneHead, nextPage } from '../domain/page.ts';
import { nextPeriod, type Period } from '../domain/period.ts';
import { refusalReasons } from '../domain/refusal.ts';
import { groupBy } from '../group-by.ts';
import { backOff } from '../retry.ts';
import type { Cancellation } from '../storage/posting.ts';
import { tellPosted, tellPostedBefore, tellRefused } from '../trail.ts';
import type { Charge } from './charge.ts';
import type { ConsumerPorts } from './ports.ts';

export type Settlement = 'posted' | 'already_posted' | 'refused';

/** The lane can't go on for now: its unsettled messages must come again. */
export class LaneStalledError extends Error {}

/** A page stands where the head says none can be: the head was rolled back. Nothing may be posted until someone looked. */
export class LaneHaltedError extends LaneStalledError {}

/** After so many quick answers to a moved head, the other writer gets some room. */
const EAGER_ATTEMPTS = 3;

/** Posts charges into one lane of one tenant; keeps its heads while it lives, which is one invocation. */
export class LanePoster {
  readonly #ports: ConsumerPorts;
  readonly #lane: { readonly tenant: TenantId; readonly lane: Lane };
  readonly #deadlineMs: number;
  readonly #settle: (charge: Charge, how: Settlement) => void;
  readonly #heads = new Map<Period, LaneHead>();

  constructor(
    ports: ConsumerPorts,
    lane: { tenant: TenantId; lane: Lane },
    deadlineMs: number,
    settle: (charge: Charge, how: Settlement) => void,
  ) {
    this.#ports = ports;
    this.#lane = lane;
    this.#deadlineMs = deadlineMs;
    this.#settle = settle;
  }

  /**
   * Settles every charge, in order within a month, as few transactions as they fit in. No two charges may share an
   * event id. Throws a LaneStalledError when time runs out first; what was settled until then stays settled.
   */
  async post(charges: readonly Charge[]): Promise<void> {
    const byPeriod = groupBy(charges, (charge) => charge.period);
    for (const [period, group] of byPeriod) {
      for (let start = 0; start < group.length; start += ENTRIES_PER_PAGE_MAX) {
        await this.#postPage(period, group.slice(start, start + ENTRIES_PER_PAGE_MAX));
      }
    }
  }

  async #postPage(bookedInto: Period, charges: readonly Charge[]): Promise<void> {
    let period = bookedInto;
    let pending = charges;
    for (let attempt = 0; pending.length > 0; attempt += 1) {
      const head = await this.#openHead(period);
      period = head.period;
      const entries = pending.map((charge) => charge.entry);
      const page = nextPage(head, entries, nowOf(this.#ports.clock));
      crashPoint('consumer:before-commit');
      const hashes = pending.map((charge) => charge.payloadHash);
      const outcome = await this.#ports.posting.commit(head, page, hashes);
      if (outcome.status === 'committed') {
        crashPoint('consumer:after-commit');
        this.#heads.set(period, headAfter(head, page));
        for (const charge of pending) this.#settle(charge, 'posted');
        tellPosted(
          page,
          pending.map(({ event }) => event),
          this.#ports.telemetry,
        );
        return;
      }
      if (outcome.status === 'invalid') return this.#divide(period, pending);
      if (outcome.status === 'unknown') {
        this.#heads.delete(period);
        await this.#wait(attempt, outcome.cause);
        continue;
      }
      const remaining = await this.#withoutSettled(pending, outcome);
      if (outcome.invalid.includes(-1)) return this.#divide(period, remaining);
      await this.#learnHead(page, outcome);
      const learned = remaining.length < pending.length || outcome.head !== undefined;
      if (!learned || attempt >= EAGER_ATTEMPTS) await this.#wait(attempt, 'the lane is contended');
      pending = remaining;
    }
  }

  /** The head of the first month from this one on that is not closed. */
  async #openHead(from: Period): Promise<LaneHead> {
    for (let period = from; ; period = nextPeriod(period)) {
      const head = this.#heads.get(period) ?? (await this.#ports.balances.head({ ...this.#lane, period }));
      this.#heads.set(period, head);
      if (head.closedAt === undefined) return head;
    }
  }

  /** Drops what the markers say is posted, refuses what conflicts or can't be stored, and returns the rest. */
  async #withoutSettled(pending: readonly Charge[], { taken, invalid }: Cancellation): Promise<Charge[]> {
    const remaining: Charge[] = [];
    for (const [index, charge] of pending.entries()) {
      const { tenant, eventId } = charge.event;
      const marker =
        taken.get(index) ?? (taken.has(index) ? await this.#ports.ledger.marker(tenant, eventId) : undefined);
      if (invalid.includes(index)) await this.#refuse(charge, refusalReasons.unstorable);
      else if (marker === undefined) remaining.push(charge);
      else if (marker.payloadHash === charge.payloadHash) {
        this.#settle(charge, 'already_posted');
        tellPostedBefore(charge.event, marker, this.#ports.telemetry);
      } else await this.#refuse(charge, refusalReasons.conflict);
    }
    return remaining;
  }

  async #learnHead(page: JournalPage, { head, pageExists }: Cancellation): Promise<void> {
    if (head) this.#heads.set(page.period, head);
    else if (head === null || pageExists) this.#heads.delete(page.period);
    if (!pageExists || head) return;
    const current = await this.#openHead(page.period);
    if (current.period === page.period && current.nextSeq <= page.seq) {
      const where = `${page.tenant} ${page.period} lane ${page.lane}`;
      throw new LaneHaltedError(`Page ${page.seq} of ${where} exists, but the head has not reached it: reconcile it.`);
    }
  }

  /** Halves what can't be written together until the one event that can't be written stands alone. */
  async #divide(period: Period, charges: readonly Charge[]): Promise<void> {
    const [only] = charges;
    if (charges.length === 1 && only !== undefined) return this.#refuse(only, refusalReasons.unstorable);
    const middle = Math.ceil(charges.length / 2);
    await this.#postPage(period, charges.slice(0, middle));
    await this.#postPage(period, charges.slice(middle));
  }

  async #refuse(charge: Charge, reason: string): Promise<void> {
    const { event, payloadHash } = charge;
    const { tenant, eventId } = event;
    await this.#ports.ledger.refuse({
      ...{ tenant, eventId, payloadHash, reason },
      ...{ final: true, at: nowOf(this.#ports.clock), deliveries: 1 },
    });
    tellRefused(event, reason, this.#ports.telemetry);
    this.#settle(charge, 'refused');
  }

  async #wait(attempt: number, cause: unknown): Promise<void> {
    if (await backOff(this.#ports.clock, attempt, this.#deadlineMs)) return;
    throw new LaneStalledError(`Out of time: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
