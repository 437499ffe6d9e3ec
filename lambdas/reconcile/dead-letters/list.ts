import { type EventId, isAdjustmentId, type TenantId } from '../../domain/ids.ts';
import type { EntryKind } from '../../domain/journal.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { type DeadLetters, deadLetterOf, type RefusalPlace } from '../../storage/dead-letters.ts';
import { DamagedItemError } from '../../storage/item.ts';
import type { UnreadableMessage } from '../../storage/refusal-item.ts';
import type { SweepAttempt } from '../../storage/sweep-progress.ts';
import type { Telemetry } from '../../telemetry.ts';
import { type DeadLetterQuery, encodeCursor, type ListPosition } from './query.ts';

/** All of the world that listing dead letters reaches. */
export interface ListPorts {
  readonly deadLetters: Pick<DeadLetters, 'refusals' | 'read' | 'givenUp'>;
  readonly ledger: {
    marker(tenant: TenantId, eventId: EventId): Promise<object | undefined>;
    refusal(tenant: TenantId, eventId: EventId): Promise<Refusal | undefined>;
  };
  /** What each intake's sweep remembers of an event. */
  readonly attempts: Readonly<
    Record<EntryKind, { attempt(tenant: TenantId, eventId: EventId): Promise<SweepAttempt | undefined> }>
  >;
  readonly telemetry: Telemetry;
}

/** One event, or unreadable message, that was not posted. */
export interface DeadLetter {
  readonly tenant: TenantId | null;
  readonly event_id: EventId | null;
  /** Of a message from which no event could be read. */
  readonly message_id?: string;
  readonly status: 'refused' | 'undelivered' | 'given_up' | 'unreadable';
  readonly reason: string;
  readonly first_failed_at: string;
  readonly last_failed_at: string;
  readonly attempts: number;
}

/** Reads of one request at most: what turns out to be posted is left out, and a page may then be short, not late. */
const READS_MAX = 5;

export const GIVEN_UP_REASON = 'it was sent again as often as the sweep tries, and never settled';

/** A page of what was not posted: refusals by their index first, then what the sweep gave up without any refusal. */
export async function listDeadLetters({ tenant, limit, position }: DeadLetterQuery, ports: ListPorts): Promise<object> {
  const letters: DeadLetter[] = [];
  let place: ListPosition | undefined = position;
  for (let reads = 0; place !== undefined && letters.length < limit && reads < READS_MAX; reads += 1) {
    const page: Page = await readAt(place, tenant, limit - letters.length, ports);
    letters.push(...page.letters);
    place = page.next;
  }
  return { dead_letters: letters, ...(place !== undefined && { next_cursor: encodeCursor(tenant, place) }) };
}

interface Page {
  readonly letters: readonly DeadLetter[];
  readonly next: ListPosition | undefined;
}

async function readAt(
  position: ListPosition,
  tenant: TenantId | undefined,
  limit: number,
  ports: ListPorts,
): Promise<Page> {
  if (position.stage === 'refusals') {
    const { items, next } = await ports.deadLetters.refusals(tenant, position.after, limit);
    const letters = await refusedAt(items, ports);
    return { letters, next: next ? { stage: 'refusals', after: next } : { stage: 'usage', after: undefined } };
  }
  const { stage, after } = position;
  const { items, next } = await ports.deadLetters.givenUp(stage, tenant, after, limit);
  const letters: DeadLetter[] = [];
  for (const attempt of items) letters.push(...(await givenUp(attempt, ports)));
  if (next !== undefined) return { letters, next: { stage, after: next } };
  return { letters, next: stage === 'usage' ? { stage: 'adjustment', after: undefined } : undefined };
}

async function refusedAt(places: readonly RefusalPlace[], ports: ListPorts): Promise<DeadLetter[]> {
  if (places.length === 0) return [];
  const letters: DeadLetter[] = [];
  for (const { place, item, postedHash } of await ports.deadLetters.read(places)) {
    try {
      const letter = deadLetterOf(place, item);
      if ('messageId' in letter) letters.push(unreadable(letter));
      else if (letter.payloadHash !== postedHash) letters.push(await refused(letter, ports));
    } catch (error) {
      if (!(error instanceof DamagedItemError)) throw error;
      ports.telemetry.error('A dead letter was passed over.', error);
    }
  }
  return letters;
}

async function refused(refusal: Refusal, ports: ListPorts): Promise<DeadLetter> {
  const { tenant, eventId, final, reason, firstAt, lastAt, attempts } = refusal;
  const tried = final ? undefined : await ports.attempts[kindOf(eventId)].attempt(tenant, eventId);
  const status = final ? 'refused' : tried?.gaveUp ? 'given_up' : 'undelivered';
  return {
    ...{ tenant, event_id: eventId, status, reason },
    ...{ first_failed_at: firstAt, last_failed_at: lastAt, attempts },
  };
}

function unreadable({ messageId, reason, firstAt, lastAt, attempts }: UnreadableMessage): DeadLetter {
  return {
    ...{ tenant: null, event_id: null, message_id: messageId, status: 'unreadable', reason },
    ...{ first_failed_at: firstAt, last_failed_at: lastAt, attempts },
  };
}

/** None when it was posted meanwhile, or when its refusal lists it already. */
async function givenUp(attempt: SweepAttempt, { ledger }: ListPorts): Promise<DeadLetter[]> {
  const { tenant, eventId, attempts, firstAt, nextAt } = attempt;
  if ((await ledger.marker(tenant, eventId)) !== undefined) return [];
  if ((await ledger.refusal(tenant, eventId))?.final === false) return [];
  const letter = { tenant, event_id: eventId, status: 'given_up', reason: GIVEN_UP_REASON } as const;
  return [{ ...letter, first_failed_at: firstAt, last_failed_at: nextAt, attempts }];
}

/** Which intake and queue an id belongs to. */
export function kindOf(eventId: EventId): EntryKind {
  return isAdjustmentId(eventId) ? 'adjustment' : 'usage';
}
