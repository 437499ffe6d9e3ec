import type { CallOptions, Retry } from '../caller.ts';
import { ZerosumProblem } from '../errors.ts';
import { waitMs } from '../retry-policy.ts';
import type { ClientClock } from '../runtime.ts';
import type { BatchAnswer, UsageRequest } from '../types/api.ts';
import type { Rejection, SpooledEvent } from './spool.ts';

/** What a buffer sends with: a ZerosumClient. */
export interface BatchSender {
  sendBatch(events: readonly UsageRequest[], options?: CallOptions): Promise<BatchAnswer>;
}

export interface DeliveryParts {
  readonly sender: BatchSender;
  readonly clock: ClientClock;
  readonly signal: AbortSignal;
  /** Told of each try that failed and is followed by another. */
  readonly onTrouble: (error: Error) => void;
}

/** What became of a batch, each of its events counted once. */
export interface Delivered {
  readonly accepted: number;
  readonly rejections: readonly Rejection[];
}

interface Sorted {
  accepted: number;
  readonly rejections: Rejection[];
  readonly again: UsageRequest[];
}

/** What a batch as a whole may be refused with because of what is in it. */
const PARTED: ReadonlySet<number> = new Set([400, 413]);
/** What an event may be refused with for good. */
const FINAL: ReadonlySet<number> = new Set([400, 403, 409]);

/**
 * Sends events until each of them is accepted or refused for good, however long that takes. A refusal of the whole batch
 * that is nobody's fault in it, such as an expired token's, is no event's end. Rejects only with the signal's reason.
 */
export async function deliver(events: readonly SpooledEvent[], parts: DeliveryParts): Promise<Delivered> {
  const damaged = events.filter(({ isDamaged }) => isDamaged).map(damagedRejection);
  const total: Sorted = { accepted: 0, rejections: damaged, again: [] };
  let pending = events.filter(({ isDamaged }) => !isDamaged).map(({ json }): UsageRequest => JSON.parse(json));
  for (let tries = 1; pending.length > 0; tries += 1) {
    const sorted = await sortedBy(pending, parts);
    total.accepted += sorted.accepted;
    total.rejections.push(...sorted.rejections);
    pending = sorted.again;
    if (pending.length > 0) await parts.clock.sleep(waitMs(tries, undefined, parts.clock), parts.signal);
  }
  return total;
}

async function sortedBy(batch: readonly UsageRequest[], parts: DeliveryParts): Promise<Sorted> {
  try {
    const answer = await parts.sender.sendBatch(batch, {
      signal: parts.signal,
      budgetMs: Number.POSITIVE_INFINITY,
      triesMax: Number.POSITIVE_INFINITY,
      onRetry: ({ because }: Retry) => parts.onTrouble(because),
    });
    return sortedAs(batch, answer, parts);
  } catch (error) {
    parts.signal.throwIfAborted();
    if (!(error instanceof ZerosumProblem) || !PARTED.has(error.status)) {
      parts.onTrouble(error as Error);
      return { accepted: 0, rejections: [], again: [...batch] };
    }
    const [event] = batch;
    if (batch.length === 1 && event !== undefined) {
      return { accepted: 0, rejections: [{ status: error.status, reason: error.detail, event }], again: [] };
    }
    const half = Math.ceil(batch.length / 2);
    const first = await sortedBy(batch.slice(0, half), parts);
    const second = await sortedBy(batch.slice(half), parts);
    return {
      accepted: first.accepted + second.accepted,
      rejections: [...first.rejections, ...second.rejections],
      again: [...first.again, ...second.again],
    };
  }
}

/** An event that the answer says nothing final of is sent again. */
function sortedAs(batch: readonly UsageRequest[], { results }: BatchAnswer, parts: DeliveryParts): Sorted {
  const sorted: Sorted = { accepted: 0, rejections: [], again: [] };
  const byIndex = new Map(results.map((result) => [result.index, result]));
  batch.forEach((event, index) => {
    const result = byIndex.get(index);
    if (result?.status === 202) sorted.accepted += 1;
    else if (result !== undefined && FINAL.has(result.status)) {
      sorted.rejections.push({ status: result.status, reason: result.problem.detail, event });
    } else sorted.again.push(event);
  });
  const left = results.find((result) => result.status !== 202 && !FINAL.has(result.status));
  if (left !== undefined && left.status !== 202) parts.onTrouble(new ZerosumProblem(left.problem));
  return sorted;
}

function damagedRejection({ json }: SpooledEvent): Rejection {
  return { status: 0, reason: 'The disk gives back other bytes than were recorded.', event: json };
}
