import {
  REFUSAL_INDEX,
  REFUSAL_INDEX_PARTITION_KEY,
  REFUSAL_INDEX_SORT_KEY,
  TIME_INDEX,
  TIME_INDEX_PARTITION_KEY,
  TIME_INDEX_SORT_KEY,
} from '../../../lambdas/storage/keys.ts';

export const TABLES = {
  usageIntake: 'UsageIntake',
  adjustmentIntake: 'AdjustmentIntake',
  ledger: 'Ledger',
  balances: 'Balances',
  usage: 'Usage',
  config: 'Config',
  operations: 'Operations',
  rateLimits: 'RateLimits',
} as const;

const timeIndex = { name: TIME_INDEX, partition: TIME_INDEX_PARTITION_KEY, sort: TIME_INDEX_SORT_KEY };

const refusalIndex = { name: REFUSAL_INDEX, partition: REFUSAL_INDEX_PARTITION_KEY, sort: REFUSAL_INDEX_SORT_KEY };

/** The tables with their indexes, as the stack declares them; a test compares the two. */
export const tables = [
  { name: TABLES.usageIntake, index: timeIndex },
  { name: TABLES.adjustmentIntake, index: timeIndex },
  { name: TABLES.ledger, index: refusalIndex },
  ...[TABLES.balances, TABLES.usage, TABLES.config, TABLES.operations, TABLES.rateLimits].map((name) => ({ name })),
];

export const BUCKET = 'anchors';

/** Locked for longer than any run lasts, and denying every put under a key that is not new. */
export const buckets = [
  { name: BUCKET, defaultRetention: { mode: 'COMPLIANCE' as const, days: 3_653 }, onlyUnderNewKeys: true },
];

/** Deliveries before a message is dead. */
const MAX_RECEIVE_COUNT = 5;

export const queues = {
  usage: queue('usage', 30_000),
  adjustments: queue('adjustments', 30_000),
  runs: queue('runs', 360_000),
} as const;

function queue(name: string, visibilityTimeoutMs: number) {
  const deadLetter = `${name}-dead.fifo`;
  return { ...addressOf(`${name}.fifo`), visibilityTimeoutMs, maxReceiveCount: MAX_RECEIVE_COUNT, deadLetter };
}

/** Each queue's dead-letter queue, which nothing reads. */
export const deadLetterQueues = Object.values(queues).map(({ deadLetter }) => ({
  ...{ ...addressOf(deadLetter), visibilityTimeoutMs: 30_000, maxReceiveCount: 1, deadLetter: undefined },
}));

function addressOf(name: string) {
  return {
    name,
    url: `https://sqs.us-east-1.amazonaws.com/000000000000/${name}`,
    arn: `arn:aws:sqs:us-east-1:000000000000:${name}`,
  };
}
