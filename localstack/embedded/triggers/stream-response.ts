import type { Outcome } from '../functions/outcome.ts';

/**
 * The index of the first record that failed and with which the next attempt begins; undefined when all succeeded. From
 * Lambda Developer Guide, "Configuring partial batch response with DynamoDB and Lambda": the lowest sequence number of
 * an answer's list is the checkpoint; an empty or null answer or list is success; an item without a proper identifier,
 * like an error, fails the whole batch. An identifier of no record of the batch fails it too, for nothing may be skipped
 * on the word of a confused function.
 */
export function firstFailed(
  outcome: Outcome,
  sequenceNumbers: readonly string[],
  reportsFailures: boolean,
): number | undefined {
  if (outcome.kind !== 'result') return 0;
  if (!reportsFailures || outcome.payload === null || outcome.payload === undefined) return undefined;
  if (typeof outcome.payload !== 'object') return 0;
  const { batchItemFailures } = outcome.payload as { batchItemFailures?: unknown };
  if (batchItemFailures === undefined || batchItemFailures === null) return undefined;
  if (!Array.isArray(batchItemFailures)) return 0;
  if (batchItemFailures.length === 0) return undefined;
  const identifiers: readonly unknown[] = sequenceNumbers;
  const indexes = batchItemFailures.map((item: { itemIdentifier?: unknown } | null) =>
    identifiers.indexOf(item?.itemIdentifier),
  );
  // -1 for one that is not in the batch.
  return Math.max(0, Math.min(...indexes));
}
