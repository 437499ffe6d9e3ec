import { randomUUID } from 'node:crypto';
import type { Outcome } from '../functions/outcome.ts';
import type { StreamRecord } from './stream-record.ts';

export interface Discarded {
  readonly condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded';
  readonly records: readonly StreamRecord[];
  readonly invocations: number;
  /** How the last invocation ended, if there was one. */
  readonly outcome: Outcome | undefined;
}

/**
 * What the on-failure queue is told of records given up: where they lie in the stream, not what they say (Lambda
 * Developer Guide, "Retain discarded records for a DynamoDB event source", example invocation record).
 */
export function discardedBatch(discarded: Discarded, at: { shardId: string; functionArn: string; now: Date }): object {
  const { condition, records, invocations, outcome } = discarded;
  const [first, last] = [records.at(0), records.at(-1)];
  return {
    requestContext: {
      requestId: randomUUID(),
      functionArn: at.functionArn,
      condition,
      approximateInvokeCount: invocations,
    },
    ...(outcome !== undefined && {
      responseContext: {
        statusCode: 200,
        executedVersion: '$LATEST',
        ...(outcome.kind !== 'result' && { functionError: 'Unhandled' }),
      },
    }),
    version: '1.0',
    timestamp: at.now.toISOString(),
    DDBStreamBatchInfo: {
      shardId: at.shardId,
      startSequenceNumber: first?.dynamodb.SequenceNumber,
      endSequenceNumber: last?.dynamodb.SequenceNumber,
      approximateArrivalOfFirstRecord: arrival(first),
      approximateArrivalOfLastRecord: arrival(last),
      batchSize: records.length,
      streamArn: first?.eventSourceARN,
    },
  };
}

function arrival(record: StreamRecord | undefined): string | undefined {
  return record && new Date(record.dynamodb.ApproximateCreationDateTime * 1_000).toISOString().replace('.000Z', 'Z');
}
