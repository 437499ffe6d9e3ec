import { type BatchResultErrorEntry, SQSServiceException } from '@aws-sdk/client-sqs';
import { failedEntry, refusal } from './errors.ts';

/** SQS API Reference, `SendMessageBatch`, `ChangeMessageVisibilityBatch`. */
const ENTRIES_MAX = 10;
const ENTRY_ID = /^[A-Za-z0-9_-]{1,80}$/;

interface Entry {
  readonly Id: string | undefined;
}

interface BatchAnswer {
  readonly Successful: object[];
  readonly Failed: BatchResultErrorEntry[];
}

/**
 * Does each entry by itself, in order: what is refused, or fails for no reason of its own, stops no other. Throws when the
 * batch is none, with nothing done.
 */
export function eachEntry<OfBatch extends Entry>(
  entries: readonly OfBatch[],
  fails: () => boolean,
  run: (entry: OfBatch) => object,
): BatchAnswer {
  const answer: BatchAnswer = { Successful: [], Failed: [] };
  for (const { Id, entry } of checked(entries)) {
    if (fails()) {
      answer.Failed.push({ Id, Code: 'InternalError', Message: 'Try again later.', SenderFault: false });
      continue;
    }
    try {
      answer.Successful.push({ Id, ...run(entry) });
    } catch (error) {
      if (!(error instanceof SQSServiceException)) throw error;
      answer.Failed.push(failedEntry(Id, error));
    }
  }
  return answer;
}

function checked<OfBatch extends Entry>(entries: readonly OfBatch[]): { Id: string; entry: OfBatch }[] {
  if (entries.length === 0) throw refusal('EmptyBatchRequest', 'There should be at least one entry in the request.');
  if (entries.length > ENTRIES_MAX) {
    const message = `Maximum number of entries per request are ${ENTRIES_MAX}. You have sent ${entries.length}.`;
    throw refusal('TooManyEntriesInBatchRequest', message);
  }
  const named = entries.map((entry) => ({ Id: entry.Id ?? '', entry }));
  if (!named.every(({ Id }) => ENTRY_ID.test(Id))) {
    throw refusal('InvalidBatchEntryId', 'An entry id is 1 to 80 alphanumeric characters, hyphens and underscores.');
  }
  if (new Set(named.map(({ Id }) => Id)).size < named.length) {
    throw refusal('BatchEntryIdsNotDistinct', 'Two or more batch entries in the request have the same Id.');
  }
  return named;
}
