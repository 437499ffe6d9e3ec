import { Duration } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import {
  EventSourceMapping,
  FilterCriteria,
  FilterRule,
  type IFunction,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { PAGE_PREFIX } from '../lambdas/storage/keys.ts';
import type { DataStack } from './data-stack.ts';
import type { FunctionName } from './function-limits.ts';
import type { MessageQueue } from './message-queue.ts';
import type { Stage } from './stage.ts';

/** SQS's limit for a FIFO event source; the consumer commits the messages of one lane together. */
const MESSAGES_PER_BATCH = 10;

/** A page is up to 90 entries; so many keep a batch far below Lambda's 6 MB. */
const RECORDS_PER_BATCH = 100;

/** Pages of a second are counted together: a meter then costs one write a second, and lags by no more than promised. */
const PROJECTOR_WINDOW_SECONDS = 1;

/** A record that fails so often is damaged, not unlucky: it goes to the failures' queue and the stream goes on. */
const STREAM_RETRIES = 10;

interface Props {
  readonly stage: Stage;
  readonly data: DataStack;
  /** What to invoke of each function: itself, or its alias. */
  readonly targets: Readonly<Record<FunctionName, IFunction>>;
}

/** What makes the functions run besides requests: queues, streams and schedules. */
export class Triggers extends Construct {
  readonly #streamFailures: DataStack['streamFailures'];

  constructor(scope: Construct, id: string, { stage, data, targets }: Props) {
    super(scope, id);
    const { consumer, admin, reconcile, projector, guard } = targets;
    const { usageBatches, adjustmentBatches, reconcileRuns } = stage.concurrency;
    this.#queue('UsageToConsumer', data.usageQueue, consumer, usageBatches);
    this.#queue('AdjustmentsToConsumer', data.adjustmentQueue, consumer, adjustmentBatches);
    this.#queue('RunsToReconcile', data.reconcileQueue, reconcile, reconcileRuns);

    this.#streamFailures = data.streamFailures;
    const newPages = {
      eventName: FilterRule.isEqual('INSERT'),
      dynamodb: { Keys: { pk: { S: FilterRule.beginsWith(PAGE_PREFIX) } } },
    };
    this.#stream('PagesToProjector', data.ledger, projector, newPages, PROJECTOR_WINDOW_SECONDS);
    const edits = { eventName: FilterRule.or('MODIFY', 'REMOVE') };
    this.#stream('LedgerEditsToGuard', data.ledger, guard, edits);
    this.#stream('UsageIntakeEditsToGuard', data.usageIntake, guard, edits);
    this.#stream('AdjustmentIntakeEditsToGuard', data.adjustmentIntake, guard, edits);

    const sweepRate = Schedule.rate(Duration.minutes(stage.sweepEveryMinutes));
    this.#schedule('Sweep', 'Sends accepted events again that never settled.', sweepRate, reconcile, 'sweep');
    this.#schedule('ResumeCloses', 'Finishes closes whose caller died.', sweepRate, admin, 'resume-closes');
    const verifyRate = Schedule.rate(Duration.minutes(stage.verifyEveryMinutes));
    this.#schedule('VerifyNew', 'Verifies and anchors what is new.', verifyRate, reconcile, 'verify-new');
    const verifyAllRate = Schedule.rate(Duration.hours(stage.verifyAllEveryHours));
    this.#schedule('VerifyAll', 'Verifies everything from the start.', verifyAllRate, reconcile, 'verify-all');
  }

  // Mappings of their own, not `addEventSource`: that would grant by itself what `authority.ts` is there to list.
  #queue(id: string, { queue }: MessageQueue, target: IFunction, maxConcurrency: number | undefined): void {
    new EventSourceMapping(this, id, {
      target,
      eventSourceArn: queue.queueArn,
      batchSize: MESSAGES_PER_BATCH,
      ...(maxConcurrency !== undefined && { maxConcurrency }),
      reportBatchItemFailures: true,
    });
  }

  #stream(
    id: string,
    table: Table,
    target: IFunction,
    filter: Parameters<typeof FilterCriteria.filter>[0],
    windowSeconds = 0,
  ): void {
    if (table.tableStreamArn === undefined) throw new Error(`${table.node.id} has no stream.`);
    new EventSourceMapping(this, id, {
      target,
      eventSourceArn: table.tableStreamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: RECORDS_PER_BATCH,
      ...(windowSeconds > 0 && { maxBatchingWindow: Duration.seconds(windowSeconds) }),
      retryAttempts: STREAM_RETRIES,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      filters: [FilterCriteria.filter(filter)],
      onFailure: { bind: () => ({ destination: this.#streamFailures.queueArn }) },
    });
  }

  #schedule(id: string, description: string, schedule: Schedule, target: IFunction, task: string): void {
    const event = RuleTargetInput.fromObject({ task });
    new Rule(this, id, { description, schedule, targets: [new LambdaFunction(target, { event, retryAttempts: 0 })] });
  }
}
