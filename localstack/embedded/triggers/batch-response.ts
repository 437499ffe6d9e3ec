import type { Outcome } from '../functions/outcome.ts';

/**
 * The ids of the messages that failed and must stay in the queue (Lambda Developer Guide, "Implementing partial batch
 * responses", "Success and failure conditions"): an error fails the whole batch; an empty or null answer, or an empty
 * or null list, none of it; an item without a proper identifier fails the whole batch. An identifier that is no message
 * of the batch fails it too, for nothing may be deleted on the word of a confused function.
 */
export function failedMessages(outcome: Outcome, messageIds: readonly string[], reportsFailures: boolean): Set<string> {
  const all = new Set(messageIds);
  if (outcome.kind !== 'result') return all;
  if (!reportsFailures || outcome.payload === null || outcome.payload === undefined) return new Set();
  if (typeof outcome.payload !== 'object') return all;
  const { batchItemFailures } = outcome.payload as { batchItemFailures?: unknown };
  if (batchItemFailures === undefined || batchItemFailures === null) return new Set();
  if (!Array.isArray(batchItemFailures)) return all;
  const failed = batchItemFailures.map((item: { itemIdentifier?: unknown } | null) => item?.itemIdentifier);
  return failed.every((id) => typeof id === 'string' && all.has(id)) ? new Set(failed as string[]) : all;
}
