import { App, CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { Api } from './api.ts';
import { grantAuthority } from './authority.ts';
import { bundleFunctions } from './bundle.ts';
import type { DataStack } from './data-stack.ts';
import type { Stage } from './stage.ts';
import { MAX_RECEIVE_COUNT } from './usage-queue.ts';
import { ZerosumFunction } from './zerosum-function.ts';

/** SQS's limit for a FIFO event source; the consumer commits the messages of one lane together. */
const MESSAGES_PER_BATCH = 10;

/** An HTTP function must answer before API Gateway's 29 s; ours give up, and say so, long before. */
const HTTP_TIMEOUT_SECONDS = 10;

/** Everything that can be deployed again at will: functions, their triggers and the API. */
export class ServiceStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps & { stage: Stage; data: DataStack }) {
    super(scope, id, props);
    const { stage, data } = props;
    const { queue } = data.usageQueue;
    const auth = { JWT_SECRET_ARN: data.jwtSecret.secretArn, JWT_ALGORITHM: 'HS256' };
    const usageIntake = { USAGE_INTAKE_TABLE: data.usageIntake.tableName };
    const ledger = { LEDGER_TABLE: data.ledger.tableName };
    const balances = { BALANCES_TABLE: data.balances.tableName };
    const config = { CONFIG_TABLE: data.config.tableName };
    const usageQueue = { USAGE_QUEUE_URL: queue.queueUrl };

    const names = ['ingest', 'read', 'consumer', 'reconcile'] as const;
    const bundles = bundleFunctions(names, stage, App.of(this)?.outdir ?? 'cdk.out');

    const ingest = new ZerosumFunction(this, 'Ingest', {
      stage,
      name: 'ingest',
      bundle: bundles.ingest,
      memoryMb: 512,
      timeoutSeconds: HTTP_TIMEOUT_SECONDS,
      environment: { ...usageIntake, ...config, ...usageQueue, ...auth },
    });
    const read = new ZerosumFunction(this, 'Read', {
      stage,
      name: 'read',
      bundle: bundles.read,
      memoryMb: 512,
      timeoutSeconds: HTTP_TIMEOUT_SECONDS,
      environment: { ...usageIntake, ...ledger, ...balances, ...config, ...usageQueue, ...auth },
    });
    const consumer = new ZerosumFunction(this, 'Consumer', {
      stage,
      name: 'consumer',
      bundle: bundles.consumer,
      memoryMb: 512,
      timeoutSeconds: stage.consumerTimeoutSeconds,
      environment: { ...ledger, ...balances, ...config, MAX_RECEIVE_COUNT: String(MAX_RECEIVE_COUNT) },
    });
    const reconcile = new ZerosumFunction(this, 'Reconcile', {
      stage,
      name: 'reconcile',
      bundle: bundles.reconcile,
      memoryMb: 512,
      timeoutSeconds: 60,
      environment: {
        ...usageIntake,
        ...ledger,
        ...config,
        ...usageQueue,
        OPERATIONS_TABLE: data.operations.tableName,
        SWEEP_MIN_AGE_MS: String(Duration.seconds(stage.sweepMinAgeSeconds).toMilliseconds()),
      },
    });
    grantAuthority({ ingest, consumer, read, reconcile }, data);

    // A mapping of its own, not `addEventSource`: that would grant by itself what `authority.ts` is there to list.
    new EventSourceMapping(this, 'UsageToConsumer', {
      target: consumer,
      eventSourceArn: queue.queueArn,
      batchSize: MESSAGES_PER_BATCH,
      reportBatchItemFailures: true,
    });
    new Rule(this, 'SweepSchedule', {
      description: 'Finds accepted events that never settled and sends them again.',
      schedule: Schedule.rate(Duration.minutes(stage.sweepEveryMinutes)),
      targets: [new LambdaFunction(reconcile, { retryAttempts: 0 })],
    });
    const api = new Api(this, 'Api', { stage, functions: { ingest, read } });
    new CfnOutput(this, 'ApiUrl', { value: api.rest.url });
  }
}
