import { z } from 'zod';
import { StackError } from '../stack-error.ts';
import { QueuePoller } from '../triggers/queue-poller.ts';
import { asideFor, kind, physicalName } from './kind.ts';

/** Lambda's default, and the limit of one receive (and of a FIFO queue's batch). */
const DEFAULT_BATCH_SIZE = 10;
const MOST_BATCH_SIZE = 10;

/** A queue, FIFO or standard, as an event source of a function. */
export const queueMapping = kind(
  'AWS::Lambda::EventSourceMapping',
  {
    EventSourceArn: z.string(),
    FunctionName: z.string(),
    BatchSize: z.number().int().min(1).max(MOST_BATCH_SIZE).optional(),
    Enabled: z.boolean().optional(),
    FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).optional(),
    MaximumBatchingWindowInSeconds: z.literal(0).optional(),
    ScalingConfig: z.strictObject({ MaximumConcurrency: z.number().int() }).optional(),
    MetricsConfig: asideFor('there are no metrics'),
    Tags: asideFor('nobody asks for them'),
  },
  (properties, place, host) => {
    const pool = host.functions.referred(properties.FunctionName);
    const queue = host.queues.find(({ arn }) => arn === properties.EventSourceArn);
    if (queue === undefined) {
      throw new StackError(
        `The event source of ${place.logicalId} is no queue or stream of the template: nothing else is run.`,
      );
    }
    pool.allowConcurrency();
    host.authority.demand({
      logicalId: pool.logicalId,
      actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
      resource: queue.arn,
      by: place.logicalId,
    });
    if (properties.Enabled !== false) {
      host.triggers.push(
        new QueuePoller({
          sqs: host.sqs,
          queue: { url: queue.url, arn: queue.arn, region: host.region },
          pool,
          batchSize: properties.BatchSize ?? DEFAULT_BATCH_SIZE,
          concurrency: Math.min(pool.capacity, properties.ScalingConfig?.MaximumConcurrency ?? pool.capacity),
          reportsFailures: properties.FunctionResponseTypes?.includes('ReportBatchItemFailures') ?? false,
        }),
      );
    }
    return { ref: physicalName(place), attributes: { Id: physicalName(place) } };
  },
);
