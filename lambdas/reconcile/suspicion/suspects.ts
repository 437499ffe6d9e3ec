import type { Clock } from '../../clock.ts';
import type { TenantId } from '../../domain/ids.ts';
import { type Instant, instantOf, isAfter } from '../../domain/instant.ts';
import type { DeadLetters, RefusalPlace } from '../../storage/dead-letters.ts';
import { deadLetterOf } from '../../storage/dead-letters.ts';
import type { GuardFindings } from '../../storage/guard-findings.ts';
import { DamagedItemError } from '../../storage/item.ts';
import { NO_TENANT } from '../../storage/keys.ts';

/** All of the world that finding suspects reaches. */
export interface SuspectPorts {
  readonly guard: Pick<GuardFindings, 'guardFindings'>;
  readonly deadLetters: Pick<DeadLetters, 'refusals' | 'read' | 'givenUp'>;
  readonly clock: Pick<Clock, 'nowMs'>;
}

/** By tenant, when something suspicious last happened to it. `everyone`: nobody can say to whom, or to too many. */
export type Suspects = ReadonlyMap<TenantId, Instant> | 'everyone';

/** An alarm is raised within minutes; what is older was looked into when it was new. */
export const SUSPECT_AGE_MS = 3_600_000;

/** Whoever suspects more tenants verifies everyone: one run over all reads less than so many over one each. */
export const SUSPECTS_MAX = 10;

/** So many records tell whom it is about; behind more of them anybody may stand. */
export const RECORDS_MAX = 1_000;

const RECORDS_PER_READ = 100;

/** Whom the newest findings of the guard, refusals and given-up events are about. */
export async function findSuspects(ports: SuspectPorts): Promise<Suspects> {
  const since = instantOf(ports.clock.nowMs() - SUSPECT_AGE_MS);
  const suspects = new Map<TenantId, Instant>();
  for await (const { tenant, at } of suspicions(since, ports)) {
    if (tenant === undefined) return 'everyone';
    if (isAfter(since, at)) continue;
    const before = suspects.get(tenant);
    if (before === undefined || isAfter(at, before)) suspects.set(tenant, at);
    if (suspects.size > SUSPECTS_MAX) return 'everyone';
  }
  // A message may die without leaving a reason, as when its consumer is killed each time.
  return suspects.size === 0 ? 'everyone' : suspects;
}

/** Something that happened to a tenant, or to who knows whom. */
interface Suspicion {
  readonly tenant: TenantId | undefined;
  readonly at: Instant;
}

async function* suspicions(since: Instant, ports: SuspectPorts): AsyncGenerator<Suspicion> {
  yield* edits(since, ports);
  yield* refusals(since, ports);
  yield* givenUp(since, ports);
}

async function* edits(since: Instant, { guard }: SuspectPorts): AsyncGenerator<Suspicion> {
  let looked = 0;
  for await (const { place, at } of guard.guardFindings(since)) {
    looked += 1;
    yield { tenant: looked > RECORDS_MAX ? undefined : place?.tenant, at };
  }
}

async function* refusals(since: Instant, { deadLetters }: SuspectPorts): AsyncGenerator<Suspicion> {
  let after: RefusalPlace | undefined;
  for (let looked = 0; looked < RECORDS_MAX; looked += RECORDS_PER_READ) {
    const { items, next } = await deadLetters.refusals(undefined, after, RECORDS_PER_READ);
    for (const { place, item, postedHash } of items.length === 0 ? [] : await deadLetters.read(items)) {
      // Of a message from which nothing could be read, only the message is suspect.
      if (place.tenant === NO_TENANT) continue;
      const refusal = readRefusal(place, item);
      if (refusal === undefined) yield { tenant: place.tenant, at: since };
      else if (refusal.payloadHash !== postedHash) yield { tenant: place.tenant, at: refusal.lastAt };
    }
    if (next === undefined) return;
    after = next;
  }
  yield { tenant: undefined, at: since };
}

/** Undefined for one that can't be read, which is suspicious whenever it happened. */
function readRefusal(place: RefusalPlace, item: Record<string, unknown>) {
  try {
    const letter = deadLetterOf(place, item);
    return 'tenant' in letter ? letter : undefined;
  } catch (error) {
    if (error instanceof DamagedItemError) return undefined;
    throw error;
  }
}

async function* givenUp(since: Instant, { deadLetters }: SuspectPorts): AsyncGenerator<Suspicion> {
  for (const kind of ['usage', 'adjustment'] as const) {
    let after: Parameters<DeadLetters['givenUp']>[2];
    for (let looked = 0; ; looked += RECORDS_PER_READ) {
      if (looked >= RECORDS_MAX) yield { tenant: undefined, at: since };
      const { items, next } = await deadLetters.givenUp(kind, undefined, after, RECORDS_PER_READ);
      for (const { tenant, nextAt } of items) yield { tenant, at: nextAt };
      if (next === undefined) break;
      after = next;
    }
  }
}
