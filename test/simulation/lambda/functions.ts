import type { Context } from 'aws-lambda';
import { adminFunction, adminVariables } from '../../../lambdas/admin/function.ts';
import { consumerFunction, consumerVariables } from '../../../lambdas/consumer/function.ts';
import { guardFunction, guardVariables } from '../../../lambdas/guard/function.ts';
import { ingestFunction, ingestVariables } from '../../../lambdas/ingest/function.ts';
import { projectorFunction, projectorVariables } from '../../../lambdas/projector/function.ts';
import { readFunction, readVariables } from '../../../lambdas/read/function.ts';
import { reconcileFunction, reconcileVariables } from '../../../lambdas/reconcile/function.ts';
import type { World } from '../../../lambdas/world.ts';
import { BUCKET, queues, TABLES } from './resources.ts';

/** A deployed function: what Lambda calls. */
export type Handler = (event: never, context: Context) => Promise<unknown>;

export const environment = {
  USAGE_INTAKE_TABLE: TABLES.usageIntake,
  ADJUSTMENT_INTAKE_TABLE: TABLES.adjustmentIntake,
  LEDGER_TABLE: TABLES.ledger,
  BALANCES_TABLE: TABLES.balances,
  USAGE_TABLE: TABLES.usage,
  CONFIG_TABLE: TABLES.config,
  OPERATIONS_TABLE: TABLES.operations,
  RATE_LIMITS_TABLE: TABLES.rateLimits,
  REQUESTS_PER_WINDOW: 10_000,
  USAGE_QUEUE_URL: queues.usage.url,
  USAGE_QUEUE_ARN: queues.usage.arn,
  ADJUSTMENT_QUEUE_URL: queues.adjustments.url,
  ADJUSTMENT_QUEUE_ARN: queues.adjustments.arn,
  RECONCILE_QUEUE_URL: queues.runs.url,
  ANCHORS_BUCKET: BUCKET,
  MAX_RECEIVE_COUNT: queues.usage.maxReceiveCount,
  CLOSE_CLAIM_MAX_AGE_MS: 30_000,
  SWEEP_MIN_AGE_MS: 60_000,
  CORS_ORIGINS: [],
};

/** Every function of Zerosum that touches the ledger, its timeout as the embedded stack has it. */
export const functions = {
  ingest: {
    timeoutMs: 10_000,
    variables: ingestVariables,
    create: (world: World): Handler => ingestFunction(world, environment),
  },
  read: {
    timeoutMs: 10_000,
    variables: readVariables,
    create: (world: World): Handler => readFunction(world, environment),
  },
  consumer: {
    timeoutMs: 5_000,
    variables: consumerVariables,
    create: (world: World): Handler => consumerFunction(world, environment),
  },
  admin: {
    timeoutMs: 25_000,
    variables: adminVariables,
    create: (world: World): Handler => adminFunction(world, environment),
  },
  reconcile: {
    timeoutMs: 60_000,
    variables: reconcileVariables,
    create: (world: World): Handler => reconcileFunction(world, environment),
  },
  projector: {
    timeoutMs: 900_000,
    variables: projectorVariables,
    create: (world: World): Handler => projectorFunction(world, environment),
  },
  guard: {
    timeoutMs: 30_000,
    variables: guardVariables,
    create: (world: World): Handler => guardFunction(world, environment),
  },
} as const;

export type FunctionName = keyof typeof functions;
