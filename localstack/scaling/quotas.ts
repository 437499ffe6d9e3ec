/** What AWS grants by default in us-east-1, with where it says so, and whether a request raises it. */
export interface Quota {
  readonly value: number;
  readonly unit: string;
  readonly source: string;
  readonly isRaisable: boolean;
}

const guides = {
  dynamodb: 'DynamoDB Developer Guide, "Quotas"',
  partitions: 'DynamoDB Developer Guide, "Best practices for designing and using partition keys effectively"',
  onDemand: 'DynamoDB Developer Guide, "DynamoDB on-demand capacity mode"',
  messages: 'SQS Developer Guide, "Amazon SQS message quotas"',
  fifo: 'SQS Developer Guide, "Amazon SQS FIFO queue quotas"',
  lambda: 'Lambda Developer Guide, "Lambda quotas"',
  scaling: 'Lambda Developer Guide, "Understanding Lambda function scaling"',
  mapping: 'Lambda Developer Guide, "Configuring scaling behavior for SQS event source mappings"',
  apiGateway: 'API Gateway Developer Guide, "Amazon API Gateway quotas"',
};

export const quotas = {
  tableWrites: quota(40_000, 'write units/s a table with its indexes', guides.dynamodb),
  newTableWrites: quota(4_000, 'write units/s of a new on-demand table', guides.onDemand, false),
  partitionWrites: quota(1_000, 'write units/s a partition', guides.partitions, false),
  partitionReads: quota(3_000, 'read units/s a partition', guides.partitions, false),
  fifoCalls: quota(300, 'calls/s of each kind, a queue without high throughput', guides.messages, false),
  highThroughputCalls: quota(70_000, 'calls/s of each kind, a queue with high throughput', guides.messages),
  groupCalls: quota(
    300,
    'calls/s of each kind, a queue partition, which a message group never leaves',
    guides.messages,
    false,
  ),
  fifoInFlight: quota(
    120_000,
    'messages in flight; no group behind the first 120,000 waiting messages is looked at',
    guides.fifo,
  ),
  concurrency: quota(1_000, 'invocations at once, an account (10 in a new one)', guides.lambda),
  concurrencyGrowth: quota(1_000, 'more invocations at once each 10 s, a function', guides.scaling, false),
  mappingConcurrency: quota(1_250, 'batches at once of one queue, 300 more each minute', guides.mapping, false),
  apiRequests: quota(10_000, 'requests/s, an account', guides.apiGateway),
} as const satisfies Record<string, Quota>;

function quota(value: number, unit: string, source: string, isRaisable = true): Quota {
  return { value, unit, source, isRaisable };
}
