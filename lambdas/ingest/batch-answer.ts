import { RETRY_AFTER_SECONDS } from '../http/limits.ts';
import { Problem, problemDocument } from '../http/problem.ts';
import type { Answer } from '../http/router.ts';
import type { BatchItem } from './batch-request.ts';

const ACCEPTED = 202;
const SOME_FAILED = 207;

/**
 * The answer to a batch: what became of each place. When nothing at all could be written there is nothing to tell apart,
 * and it is the 503 that lets a client send the whole again.
 */
export function batchAnswer(
  items: readonly BatchItem[],
  verdicts: readonly (Problem | undefined)[],
  requestId: string,
): Answer {
  const isUnavailable = (problem: Problem | undefined) => problem?.kind === 'unavailable';
  if (verdicts.every(isUnavailable)) throw new Problem('unavailable', 'Send the same request again in a moment.');
  const results = items.map((item, index) => {
    const problem = verdicts[index];
    return {
      index,
      status: problem?.status ?? ACCEPTED,
      ...(!(item instanceof Problem) && { event_id: item.eventId }),
      ...(problem !== undefined && {
        problem: problemDocument(problem.kind, problem.message, requestId, problem.fieldErrors),
      }),
    };
  });
  const rejected = verdicts.filter((problem) => problem !== undefined).length;
  return {
    status: rejected === 0 ? ACCEPTED : SOME_FAILED,
    ...(verdicts.some(isUnavailable) && { headers: { 'retry-after': String(RETRY_AFTER_SECONDS) } }),
    body: { accepted: items.length - rejected, rejected, results },
  };
}
