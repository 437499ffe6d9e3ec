import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { crashPoint } from '../crash-point.ts';
import type { EnvironmentOf } from '../environment.ts';
import { Balances } from '../storage/balances.ts';
import { Config } from '../storage/config.ts';
import { Ledger } from '../storage/ledger.ts';
import { Posting } from '../storage/posting.ts';
import { QueueReceiver } from '../storage/queue-receiver.ts';
import type { World } from '../world.ts';
import type { ConsumerPorts } from './ports.ts';
import { postBatch } from './post-batch.ts';

/** Left for recording what failed and answering, before Lambda ends the function. */
const ANSWER_RESERVE_MS = 1_000;

/** The variables that the function reads. */
export const consumerVariables = [
  'LEDGER_TABLE',
  'BALANCES_TABLE',
  'CONFIG_TABLE',
  'USAGE_QUEUE_URL',
  'USAGE_QUEUE_ARN',
  'ADJUSTMENT_QUEUE_URL',
  'ADJUSTMENT_QUEUE_ARN',
  'MAX_RECEIVE_COUNT',
] as const;

type Needs = Pick<World, 'dynamodb' | 'sqs' | 'clock' | 'telemetry'>;

/** Turns accepted usage and adjustments into journal entries: the only function that may write the ledger. */
export function consumerFunction(world: Needs, environment: EnvironmentOf<typeof consumerVariables>) {
  const { dynamodb, sqs, clock, telemetry } = world;
  const queues = { usageArn: environment.USAGE_QUEUE_ARN, adjustmentArn: environment.ADJUSTMENT_QUEUE_ARN };
  const ports: ConsumerPorts = {
    balances: new Balances(dynamodb, environment.BALANCES_TABLE),
    posting: new Posting(dynamodb, { ledger: environment.LEDGER_TABLE, balances: environment.BALANCES_TABLE }),
    ledger: new Ledger(dynamodb, environment.LEDGER_TABLE),
    prices: new Config(dynamodb, environment.CONFIG_TABLE, () => clock.nowMs()),
    receivers: {
      usage: new QueueReceiver(sqs, environment.USAGE_QUEUE_URL),
      adjustment: new QueueReceiver(sqs, environment.ADJUSTMENT_QUEUE_URL),
    },
    clock,
    telemetry,
  };

  return async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    const deadlineMs = clock.nowMs() + context.getRemainingTimeInMillis() - ANSWER_RESERVE_MS;
    try {
      const settings = { deadlineMs, maxReceiveCount: environment.MAX_RECEIVE_COUNT, queues };
      const response = await postBatch(event.Records, ports, settings);
      crashPoint('consumer:before-acknowledge');
      return response;
    } finally {
      telemetry.flush();
    }
  };
}
