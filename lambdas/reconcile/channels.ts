import { type AdjustmentEvent, adjustmentHash } from '../domain/adjustment-event.ts';
import { ENTRIES_PER_PAGE_MAX } from '../domain/page.ts';
import { payloadHash, type UsageEvent } from '../domain/usage-event.ts';
import { AdjustmentIntake } from '../storage/adjustment-intake.ts';
import { ADJUSTMENTS_PER_MESSAGE_MAX } from '../storage/adjustment-message.ts';
import { AdjustmentQueue } from '../storage/adjustment-queue.ts';
import { SweepProgress } from '../storage/sweep-progress.ts';
import { UsageIntake } from '../storage/usage-intake.ts';
import { UsageQueue } from '../storage/usage-queue.ts';
import type { World } from '../world.ts';

/** Where the events of one kind lie and how they travel. */
interface Places {
  readonly intakeTable: string;
  readonly operationsTable: string;
  readonly queueUrl: string;
}

type Clients = Pick<World, 'dynamodb' | 'sqs'>;

export function usageChannel({ dynamodb, sqs }: Clients, places: Places) {
  return {
    intake: new UsageIntake(dynamodb, places.intakeTable),
    progress: new SweepProgress(dynamodb, places.operationsTable, 'usage'),
    queue: new UsageQueue(sqs, places.queueUrl),
    eventsPerMessage: ENTRIES_PER_PAGE_MAX,
    hashOf: (event: UsageEvent) => payloadHash(event),
  };
}

export function adjustmentChannel({ dynamodb, sqs }: Clients, places: Places) {
  return {
    intake: new AdjustmentIntake(dynamodb, places.intakeTable),
    progress: new SweepProgress(dynamodb, places.operationsTable, 'adjustment'),
    queue: new AdjustmentQueue(sqs, places.queueUrl),
    eventsPerMessage: ADJUSTMENTS_PER_MESSAGE_MAX,
    hashOf: (event: AdjustmentEvent) => adjustmentHash(event),
  };
}
