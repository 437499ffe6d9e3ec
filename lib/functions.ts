import { App, Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { VariableName } from '../lambdas/environment.ts';
import { bundleFunctions } from './bundle.ts';
import { addConsolePage } from './console-page.ts';
import type { DataStack } from './data-stack.ts';
import { ADMIN_TIMEOUT_SECONDS, type FunctionName, functionLimits } from './function-limits.ts';
import { MAX_RECEIVE_COUNT } from './message-queue.ts';
import type { Stage } from './stage.ts';
import { ZerosumFunction } from './zerosum-function.ts';

/** A function that began a close longer ago has been ended; the rest is for clocks that differ. */
const CLOSE_CLAIM_MAX_AGE_SECONDS = ADMIN_TIMEOUT_SECONDS + 5;

const names: readonly FunctionName[] = [
  'ingest',
  'read',
  'consumer',
  'admin',
  'reconcile',
  'projector',
  'guard',
  'docs',
  'console',
];

interface Props {
  readonly stage: Stage;
  readonly data: DataStack;
  /** The folder with the console's built page. */
  readonly consolePage: string;
}

/** Every function, with exactly the environment it reads. */
export class Functions extends Construct {
  readonly all: Readonly<Record<FunctionName, ZerosumFunction>>;

  constructor(scope: Construct, id: string, { stage, data, consolePage }: Props) {
    super(scope, id);
    const bundles = bundleFunctions(names, stage, App.of(this)?.outdir ?? 'cdk.out');
    addConsolePage(bundles.console, consolePage);
    const limits = functionLimits(stage);
    const declare = (name: FunctionName, environment: Partial<Record<VariableName, string>>): ZerosumFunction => {
      // In the stack's own scope, so that a function's logical id says its name and nothing else.
      const logicalId = `${name[0]?.toUpperCase()}${name.slice(1)}`;
      const bundle = bundles[name];
      return new ZerosumFunction(scope, logicalId, {
        stage,
        key: data.key,
        name,
        bundle,
        limits: limits[name],
        environment,
      });
    };
    const usageIntake = { USAGE_INTAKE_TABLE: data.usageIntake.tableName };
    const adjustmentIntake = { ADJUSTMENT_INTAKE_TABLE: data.adjustmentIntake.tableName };
    const ledger = { LEDGER_TABLE: data.ledger.tableName };
    const balances = { BALANCES_TABLE: data.balances.tableName };
    const usage = { USAGE_TABLE: data.usage.tableName };
    const config = { CONFIG_TABLE: data.config.tableName };
    const operations = { OPERATIONS_TABLE: data.operations.tableName };
    const usageQueue = { USAGE_QUEUE_URL: data.usageQueue.queue.queueUrl };
    const adjustmentQueue = { ADJUSTMENT_QUEUE_URL: data.adjustmentQueue.queue.queueUrl };
    const anchors = { ANCHORS_BUCKET: data.anchors.bucketName };
    const tokens = { JWT_SECRET_ARN: data.jwtSecret.secretArn, JWT_ALGORITHM: 'HS256' };
    const sealing = { WEBHOOK_SEAL_SECRET_ARN: data.webhookSealSecret.secretArn };
    const browsers = stage.corsOrigins.length === 0 ? {} : { CORS_ORIGINS: stage.corsOrigins.join(',') };
    const rateLimits = {
      RATE_LIMITS_TABLE: data.rateLimits.tableName,
      REQUESTS_PER_WINDOW: String(stage.requestsPerWindow),
    };
    this.all = {
      ingest: declare('ingest', {
        ...{ ...usageIntake, ...config, ...usageQueue, ...tokens, ...rateLimits, ...browsers },
        ...sealing,
      }),
      read: declare('read', {
        ...{ ...usageIntake, ...adjustmentIntake, ...ledger, ...balances, ...usage, ...config },
        ...{ ...usageQueue, ...tokens, ...rateLimits, ...browsers },
      }),
      consumer: declare('consumer', {
        ...{ ...ledger, ...balances, ...config, ...usageQueue, ...adjustmentQueue },
        USAGE_QUEUE_ARN: data.usageQueue.queue.queueArn,
        ADJUSTMENT_QUEUE_ARN: data.adjustmentQueue.queue.queueArn,
        MAX_RECEIVE_COUNT: String(MAX_RECEIVE_COUNT),
      }),
      admin: declare('admin', {
        CLOSE_CLAIM_MAX_AGE_MS: String(Duration.seconds(CLOSE_CLAIM_MAX_AGE_SECONDS).toMilliseconds()),
        ...{ ...adjustmentIntake, ...balances, ...config, ...operations, ...adjustmentQueue, ...anchors, ...tokens },
        ...{ ...sealing, ...browsers },
      }),
      reconcile: declare('reconcile', {
        ...{ ...usageIntake, ...adjustmentIntake, ...ledger, ...balances, ...config, ...operations },
        ...{ ...usageQueue, ...adjustmentQueue, ...anchors, ...tokens, ...browsers },
        RECONCILE_QUEUE_URL: data.reconcileQueue.queue.queueUrl,
        SWEEP_MIN_AGE_MS: String(Duration.seconds(stage.sweepMinAgeSeconds).toMilliseconds()),
      }),
      projector: declare('projector', { ...ledger, ...balances, ...usage }),
      guard: declare('guard', { ...operations, ...ledger }),
      docs: declare('docs', browsers),
      console: declare('console', {}),
    };
  }
}
