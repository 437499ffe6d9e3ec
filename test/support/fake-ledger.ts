import type { Unreadable } from '../../lambdas/consumer/ports.ts';
import type { EventId, TenantId } from '../../lambdas/domain/ids.ts';
import type { Instant } from '../../lambdas/domain/instant.ts';
import { ACCOUNTS, addTotals, zeroTotals } from '../../lambdas/domain/journal.ts';
import { ALL_LANES, type Lane } from '../../lambdas/domain/lane.ts';
import { emptyHead, headAfter, type JournalPage, type LaneHead, type LaneKey } from '../../lambdas/domain/page.ts';
import type { Period } from '../../lambdas/domain/period.ts';
import { afterFailure, type Failure, type Refusal } from '../../lambdas/domain/refusal.ts';
import { emptyCarry, nextSeal } from '../../lambdas/domain/seal.ts';
import type { PayloadHash } from '../../lambdas/domain/usage-event.ts';
import type { Standing } from '../../lambdas/storage/balances.ts';
import type { Closure } from '../../lambdas/storage/closure-item.ts';
import type { Marker } from '../../lambdas/storage/ledger.ts';
import type { CommitOutcome } from '../../lambdas/storage/posting.ts';

/** DynamoDB: at most 100 actions in a transaction, 38 digits in a number. */
const ACTIONS_MAX = 100;
const NUMBER_LIMIT = 10n ** 38n;

/**
 * The ledger and the balances as DynamoDB keeps them for the consumer: a transaction checks every condition against one
 * state, reports each that fails with the item that failed it, and changes everything or nothing.
 */
export class FakeLedger {
  readonly markers = new Map<string, Marker>();
  readonly refusals = new Map<string, Refusal>();
  readonly unreadable = new Map<string, string>();
  readonly #pages = new Map<string, JournalPage[]>();
  readonly #heads = new Map<string, LaneHead>();
  readonly #closures = new Map<string, Closure>();

  async commit(head: LaneHead, page: JournalPage, payloadHashes: readonly PayloadHash[]): Promise<CommitOutcome> {
    const fault = contentFault(page);
    if (fault !== undefined) return { status: 'invalid', detail: fault };
    const taken = new Map<number, Marker | null>();
    for (const [index, { eventId }] of page.entries.entries()) {
      const marker = this.markers.get(idOf(page.tenant, eventId));
      if (marker !== undefined) taken.set(index, marker);
    }
    const current = this.#heads.get(laneText(page));
    const isFirst = head.lastPostedAt === undefined;
    const currentSeq = current?.lastPostedAt === undefined ? undefined : current.nextSeq;
    const headHolds = current?.closedAt === undefined && currentSeq === (isFirst ? undefined : page.seq);
    const pageExists = this.pagesOf(page).some(({ seq }) => seq === page.seq);
    if (taken.size > 0 || !headHolds || pageExists) {
      return { status: 'cancelled', taken, head: headHolds ? undefined : (current ?? null), pageExists, invalid: [] };
    }
    const { tenant, period, lane, seq, postedAt } = page;
    for (const [index, { eventId }] of page.entries.entries()) {
      const payloadHash = payloadHashes[index];
      if (payloadHash === undefined) throw new RangeError('no payload hash');
      this.markers.set(idOf(tenant, eventId), { tenant, period, lane, seq, index, payloadHash, postedAt });
    }
    this.#pages.set(laneText(page), [...this.pagesOf(page), page]);
    this.#heads.set(laneText(page), headAfter(head, page));
    return { status: 'committed' };
  }

  async head(lane: LaneKey): Promise<LaneHead> {
    return this.#heads.get(laneText(lane)) ?? emptyHead(lane);
  }

  async heads(tenant: TenantId, period?: Period): Promise<LaneHead[]> {
    return this.allHeads().filter((head) => head.tenant === tenant && (period === undefined || head.period === period));
  }

  async standing(tenant: TenantId): Promise<Standing> {
    const heads = await this.heads(tenant);
    return {
      totals: heads.map((head) => head.totals).reduce(addTotals, zeroTotals),
      entryCount: heads.reduce((count, head) => count + head.entryCount, 0),
    };
  }

  async find(tenant: TenantId, period: Period): Promise<Closure | undefined> {
    return this.#closures.get(`${tenant}#${period}`);
  }

  async marker(tenant: TenantId, eventId: EventId): Promise<Marker | undefined> {
    return this.markers.get(idOf(tenant, eventId));
  }

  async postedAmong<Event extends { tenant: TenantId; eventId: EventId }>(
    events: readonly Event[],
  ): Promise<Set<Event>> {
    return new Set(events.filter(({ tenant, eventId }) => this.markers.has(idOf(tenant, eventId))));
  }

  async refusal(tenant: TenantId, eventId: EventId): Promise<Refusal | undefined> {
    return this.refusals.get(idOf(tenant, eventId));
  }

  async refuse(failure: Failure): Promise<void> {
    const id = idOf(failure.tenant, failure.eventId);
    const refusal = afterFailure(this.refusals.get(id), failure);
    if (refusal !== undefined) this.refusals.set(id, refusal);
  }

  async keepUnreadable({ messageId, body }: Unreadable): Promise<void> {
    if (!this.unreadable.has(messageId)) this.unreadable.set(messageId, body);
  }

  async page(lane: LaneKey, seq: number): Promise<JournalPage | undefined> {
    return this.pagesOf(lane).find((page) => page.seq === seq);
  }

  async *pages(lane: LaneKey, fromSeq: number, toSeq: number): AsyncGenerator<JournalPage> {
    yield* this.pagesOf(lane).filter(({ seq }) => seq >= fromSeq && seq <= toSeq);
  }

  pagesOf(lane: LaneKey): readonly JournalPage[] {
    return this.#pages.get(laneText(lane)) ?? [];
  }

  allHeads(): LaneHead[] {
    return [...this.#heads.entries()].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, head]) => head);
  }

  allPages(): JournalPage[] {
    return [...this.#pages.values()].flat();
  }

  /** Shuts a lane's gate, as a close does. */
  close(lane: LaneKey, closedAt: Instant): void {
    const head = this.#heads.get(laneText(lane)) ?? emptyHead(lane);
    if (head.closedAt === undefined) this.#heads.set(laneText(lane), { ...head, closedAt });
  }

  /** Begins to close a month, as an administrator does, and shuts the lanes that are named. */
  claim(tenant: TenantId, period: Period, at: Instant, lanes: readonly Lane[] = []): void {
    const claim = { id: 'claim-1', claimedAt: at, closedAt: at };
    this.#closures.set(`${tenant}#${period}`, { status: 'closing', claim });
    for (const lane of lanes) this.close({ tenant, period, lane }, at);
  }

  /** Closes a month: all its gates and its seal. */
  async seal(tenant: TenantId, period: Period, at: Instant, currency = 'USD'): Promise<void> {
    for (const lane of ALL_LANES) this.close({ tenant, period, lane }, at);
    const facts = { period, closedAt: at, sealedAt: at, currency };
    const seal = nextSeal(emptyCarry(tenant), await this.heads(tenant, period), facts);
    this.#closures.set(`${tenant}#${period}`, { status: 'closed', claimId: 'claim-1', seal });
  }

  /** Puts a head back to an earlier state, as no part of the system may. */
  rollBack(head: LaneHead): void {
    this.#heads.set(laneText(head), head);
  }
}

function contentFault(page: JournalPage): string | undefined {
  const ids = page.entries.map(({ eventId }) => eventId);
  if (ids.length + 2 > ACTIONS_MAX) return 'too many actions';
  if (new Set(ids).size < ids.length) return 'two actions on one item';
  const amounts = page.entries.flatMap(({ postings }) => postings.map(({ amountMinor }) => amountMinor as bigint));
  const numbers = [...amounts, ...ACCOUNTS.map((account) => page.totals[account] as bigint)];
  return numbers.some((value) => value >= NUMBER_LIMIT || value <= -NUMBER_LIMIT)
    ? 'a number has over 38 digits'
    : undefined;
}

function idOf(tenant: TenantId, eventId: EventId): string {
  return `${tenant}#${eventId}`;
}

function laneText({ tenant, period, lane }: LaneKey): string {
  return `${tenant}#${period}#${String(lane).padStart(2, '0')}`;
}
