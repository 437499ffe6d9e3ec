import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { systemClock } from '../clock.ts';
import { crashPoint } from '../crash-point.ts';
import { readEnvironment } from '../environment.ts';
import { Balances } from '../storage/balances.ts';
import { Config } from '../storage/config.ts';
import { documentClient } from '../storage/dynamo.ts';
import { Ledger } from '../storage/ledger.ts';
import { Posting } from '../storage/posting.ts';
import { QueueReceiver } from '../storage/queue-receiver.ts';
import { powertoolsTelemetry } from '../telemetry.ts';
import type { ConsumerPorts } from './ports.ts';
import { postBatch } from './post-batch.ts';

/** Left for recording what failed and answering, before Lambda ends the function. */
const ANSWER_RESERVE_MS = 1_000;

const environment = readEnvironment([
  'LEDGER_TABLE',
  'BALANCES_TABLE',
  'CONFIG_TABLE',
  'USAGE_QUEUE_URL',
  'USAGE_QUEUE_ARN',
  'ADJUSTMENT_QUEUE_URL',
  'ADJUSTMENT_QUEUE_ARN',
  'MAX_RECEIVE_COUNT',
]);
const queues = { usageArn: environment.USAGE_QUEUE_ARN, adjustmentArn: environment.ADJUSTMENT_QUEUE_ARN };
const client = documentClient();
const ports: ConsumerPorts = {
  balances: new Balances(client, environment.BALANCES_TABLE),
  posting: new Posting(client, { ledger: environment.LEDGER_TABLE, balances: environment.BALANCES_TABLE }),
  ledger: new Ledger(client, environment.LEDGER_TABLE),
  prices: new Config(client, environment.CONFIG_TABLE, systemClock.nowMs),
  receivers: {
    usage: new QueueReceiver(environment.USAGE_QUEUE_URL),
    adjustment: new QueueReceiver(environment.ADJUSTMENT_QUEUE_URL),
  },
  clock: systemClock,
  telemetry: powertoolsTelemetry(),
};

/** Turns accepted usage and adjustments into journal entries: the only function that may write the ledger. */
export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  const deadlineMs = systemClock.nowMs() + context.getRemainingTimeInMillis() - ANSWER_RESERVE_MS;
  try {
    const settings = { deadlineMs, maxReceiveCount: environment.MAX_RECEIVE_COUNT, queues };
    const response = await postBatch(event.Records, ports, settings);
    crashPoint('consumer:before-acknowledge');
    return response;
  } finally {
    ports.telemetry.flush();
  }
}
