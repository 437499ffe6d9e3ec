import type { DynamoDBBatchResponse, DynamoDBRecord } from 'aws-lambda';
import { isLegitimate } from '../storage/guarded-change.ts';
import { changeOfStream, type ItemChange } from '../storage/stream-record.ts';
import type { Telemetry } from '../telemetry.ts';

/** All of the world the guard reaches. */
export interface GuardPorts {
  readonly findings: { add(change: ItemChange): Promise<void> };
  readonly telemetry: Telemetry;
  /** The one table of the guarded in which anything may change. */
  readonly ledgerTable: string;
}

/** Somebody changed what nobody may change. */
class TamperingError extends Error {}

/**
 * Raises every edit and removal in a batch from the streams of what must never change: a finding, a metric and a log
 * line. Whoever fails to record one gets the stream again from that record on.
 */
export async function guardBatch(
  records: readonly DynamoDBRecord[],
  ports: GuardPorts,
): Promise<DynamoDBBatchResponse> {
  const { findings, telemetry, ledgerTable } = ports;
  for (const record of records) {
    try {
      const change = changeOfStream(record);
      if (change === undefined || isLegitimate(change, ledgerTable)) continue;
      // Counted and logged at each delivery: twice is better than never.
      raise(change, telemetry);
      await findings.add(change);
    } catch (error) {
      telemetry.error('A change could not be recorded.', error, { record: record.dynamodb?.SequenceNumber });
      const sequenceNumber = record.dynamodb?.SequenceNumber;
      if (sequenceNumber === undefined) throw error;
      return { batchItemFailures: [{ itemIdentifier: sequenceNumber }] };
    }
  }
  return { batchItemFailures: [] };
}

/** What was in the item stays out of the log: where it lies, and what of it differs, is enough to look. */
function raise({ table, key, event, changed, at, streamEventId }: ItemChange, telemetry: Telemetry): void {
  telemetry.count('guardFindings');
  const message = 'What must never change was changed: find out by whom, then reconcile.';
  telemetry.error(message, new TamperingError(`${event} of ${key.pk} / ${key.sk}`), {
    ...{ table, ...key, event, changed, at, stream_event_id: streamEventId },
  });
}
