import { QueueError } from './errors.ts';

/** SQS API Reference, `SendMessageBatch`, `DeleteMessageBatch`, `ChangeMessageVisibilityBatch`. */
const MAX_BATCH_ENTRIES = 10;

/** SQS Developer Guide, "Amazon SQS message quotas": batched message ID. */
const ENTRY_ID = /^[A-Za-z0-9_-]{1,80}$/;

/** The answer to a batch: an empty list is left out, as the JSON protocol does. */
interface BatchAnswer {
  readonly Successful?: readonly object[];
  readonly Failed?: readonly object[];
}

/**
 * Runs each entry by itself: one that is refused is listed under `Failed` and stops no other. Throws, with nothing done, if
 * the batch as a whole is malformed.
 */
export function runBatch<Entry extends { readonly Id: string }>(
  entries: readonly Entry[],
  run: (entry: Entry) => object,
): BatchAnswer {
  checkBatch(entries.map(({ Id }) => Id));
  const successful: object[] = [];
  const failed: object[] = [];
  for (const entry of entries) {
    try {
      successful.push({ Id: entry.Id, ...run(entry) });
    } catch (error) {
      if (!(error instanceof QueueError)) throw error;
      failed.push({ Id: entry.Id, Code: error.queryCode, Message: error.message, SenderFault: true });
    }
  }
  return {
    ...(successful.length > 0 && { Successful: successful }),
    ...(failed.length > 0 && { Failed: failed }),
  };
}

function checkBatch(ids: readonly string[]): void {
  if (ids.length === 0) {
    throw new QueueError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  }
  if (ids.length > MAX_BATCH_ENTRIES) {
    const message = `Maximum number of entries per request are ${MAX_BATCH_ENTRIES}. You have sent ${ids.length}.`;
    throw new QueueError('TooManyEntriesInBatchRequest', message);
  }
  if (!ids.every((id) => ENTRY_ID.test(id))) {
    const message =
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. 1 to 80 in length.';
    throw new QueueError('InvalidBatchEntryId', message);
  }
  if (new Set(ids).size < ids.length) {
    throw new QueueError('BatchEntryIdsNotDistinct', 'Two or more batch entries in the request have the same Id.');
  }
}
