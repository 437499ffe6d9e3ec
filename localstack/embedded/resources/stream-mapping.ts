import { z } from 'zod';
import { StackError } from '../stack-error.ts';
import { Checkpoint } from '../triggers/checkpoint.ts';
import { parseFilter } from '../triggers/event-filter.ts';
import { StreamPoller } from '../triggers/stream-poller.ts';
import type { Host } from './host.ts';
import { asideFor, kind, type Place, physicalName } from './kind.ts';

/** Lambda's default and limit for a stream (Lambda API Reference, `CreateEventSourceMapping`). */
const DEFAULT_BATCH_SIZE = 100;
const MOST_BATCH_SIZE = 10_000;
const MOST_WINDOW_SECONDS = 300;

/** Retries and age without a limit, which is also the default. */
const UNLIMITED = -1;

/** What Lambda does with the function's role (Lambda Developer Guide, "Using AWS Lambda with Amazon DynamoDB"). */
const READ_STREAM = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map(
  (name) => `dynamodb:${name}`,
);

/** A table's stream as an event source of a function. */
export const streamMapping = kind(
  'AWS::Lambda::EventSourceMapping',
  {
    EventSourceArn: z.string(),
    FunctionName: z.string(),
    StartingPosition: z.enum(['TRIM_HORIZON', 'LATEST']),
    BatchSize: z.number().int().min(1).max(MOST_BATCH_SIZE).optional(),
    MaximumBatchingWindowInSeconds: z.number().int().min(0).max(MOST_WINDOW_SECONDS).optional(),
    Enabled: z.boolean().optional(),
    BisectBatchOnFunctionError: z.boolean().optional(),
    MaximumRetryAttempts: z.number().int().min(UNLIMITED).max(10_000).optional(),
    MaximumRecordAgeInSeconds: z.number().int().min(UNLIMITED).max(604_800).optional(),
    FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).optional(),
    FilterCriteria: z.strictObject({ Filters: z.array(z.strictObject({ Pattern: z.string() })) }).optional(),
    DestinationConfig: z.strictObject({ OnFailure: z.strictObject({ Destination: z.string() }) }).optional(),
    ParallelizationFactor: asideFor('one batch at a time keeps the order that each item has at any factor'),
    MetricsConfig: asideFor('there are no metrics'),
    Tags: asideFor('nobody asks for them'),
  },
  async (properties, place, host) => {
    const pool = host.functions.referred(properties.FunctionName);
    const source = host.tableStreams.find(({ arn }) => arn === properties.EventSourceArn);
    if (source === undefined) throw new StackError(`The event source of ${place.logicalId} is no stream.`);
    const checkpoint = Checkpoint.open(host.checkpointFile(place.logicalId), source.engineArn);
    const destination = properties.DestinationConfig?.OnFailure.Destination;
    const poller = new StreamPoller({
      streams: host.streams,
      stream: { ...source, region: host.region },
      checkpoint,
      pool,
      functionArn: functionArn(properties.FunctionName, host),
      batchSize: properties.BatchSize ?? DEFAULT_BATCH_SIZE,
      windowMs: (properties.MaximumBatchingWindowInSeconds ?? 0) * 1_000,
      filter: parseFilter(properties.FilterCriteria?.Filters.map(({ Pattern }) => Pattern) ?? [], place.logicalId),
      rules: {
        reportsFailures: properties.FunctionResponseTypes?.includes('ReportBatchItemFailures') ?? false,
        bisects: properties.BisectBatchOnFunctionError ?? false,
        mostRetries: limit(properties.MaximumRetryAttempts),
        mostAgeMs: limit(properties.MaximumRecordAgeInSeconds) * 1_000,
      },
      onFailure: destination === undefined ? undefined : sender(destination, place, host),
    });
    const { logicalId } = pool;
    host.authority.demand({ logicalId, actions: READ_STREAM, resource: source.arn, by: place.logicalId });
    if (destination !== undefined) {
      host.authority.demand({ logicalId, actions: ['sqs:SendMessage'], resource: destination, by: place.logicalId });
    }
    // The function may have other sources: each has a batch of its own under way.
    pool.allowConcurrency();
    if (properties.StartingPosition === 'LATEST' && !checkpoint.isKept) await poller.skipToEnd();
    if (properties.Enabled !== false) host.triggers.push(poller);
    return { ref: physicalName(place), attributes: { Id: physicalName(place) } };
  },
);

function limit(declared: number | undefined): number {
  return declared === undefined || declared === UNLIMITED ? Number.POSITIVE_INFINITY : declared;
}

function functionArn(reference: string, { region, accountId }: Host): string {
  return reference.startsWith('arn:') ? reference : `arn:aws:lambda:${region}:${accountId}:function:${reference}`;
}

/** Sends to the on-failure queue. Lambda takes only a standard queue there. */
function sender(destination: string, place: Place, host: Host): (message: object) => Promise<void> {
  const queue = host.queues.find(({ arn }) => arn === destination);
  if (queue === undefined || queue.arn.endsWith('.fifo')) {
    throw new StackError(`The on-failure destination of ${place.logicalId} is no standard queue of the template.`);
  }
  return async (message) => {
    await host.sqs.call('SendMessage', { QueueUrl: queue.url, MessageBody: JSON.stringify(message) });
  };
}
