import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type AdjustmentEvent, adjustmentHash } from '../domain/adjustment-event.ts';
import { ENTRIES_PER_PAGE_MAX } from '../domain/page.ts';
import { payloadHash, type UsageEvent } from '../domain/usage-event.ts';
import { AdjustmentIntake } from '../storage/adjustment-intake.ts';
import { ADJUSTMENTS_PER_MESSAGE_MAX } from '../storage/adjustment-message.ts';
import { AdjustmentQueue } from '../storage/adjustment-queue.ts';
import { SweepProgress } from '../storage/sweep-progress.ts';
import { UsageIntake } from '../storage/usage-intake.ts';
import { UsageQueue } from '../storage/usage-queue.ts';

/** Where the events of one kind lie and how they travel. */
interface Places {
  readonly intakeTable: string;
  readonly operationsTable: string;
  readonly queueUrl: string;
}

export function usageChannel(client: DynamoDBDocumentClient, places: Places) {
  return {
    intake: new UsageIntake(client, places.intakeTable),
    progress: new SweepProgress(client, places.operationsTable, 'usage'),
    queue: new UsageQueue(places.queueUrl),
    eventsPerMessage: ENTRIES_PER_PAGE_MAX,
    hashOf: (event: UsageEvent) => payloadHash(event),
  };
}

export function adjustmentChannel(client: DynamoDBDocumentClient, places: Places) {
  return {
    intake: new AdjustmentIntake(client, places.intakeTable),
    progress: new SweepProgress(client, places.operationsTable, 'adjustment'),
    queue: new AdjustmentQueue(places.queueUrl),
    eventsPerMessage: ADJUSTMENTS_PER_MESSAGE_MAX,
    hashOf: (event: AdjustmentEvent) => adjustmentHash(event),
  };
}
