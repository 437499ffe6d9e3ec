import { Validations } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { CLOSE_ANCHOR_PREFIX, RUN_ANCHOR_PREFIX } from '../lambdas/storage/anchor-keys.ts';
import {
  API_KEYS_PARTITION,
  CLOSURE_PREFIX,
  CONSTANTS_PARTITION,
  HEAD_PREFIX,
  PARTITION_KEY,
  PRICES_PARTITION,
  REFUSAL_INDEX,
  REFUSAL_PREFIX,
  SORT_KEY,
  TENANTS_PARTITION,
  TIME_INDEX,
  WEBHOOK_KEYS_PARTITION,
} from '../lambdas/storage/keys.ts';
import {
  ADMIN_AUDIT_PREFIX,
  CLOSING_PREFIX,
  FINDING_PREFIX,
  GUARD_PREFIX,
  RECONCILE_AUDIT_PREFIX,
  RUN_PREFIX,
  SWEEP_PREFIX,
  VERIFIED_PREFIX,
} from '../lambdas/storage/operations-keys.ts';
import type { DataStack } from './data-stack.ts';
import type { FunctionName } from './function-limits.ts';
import type { ZerosumFunction } from './zerosum-function.ts';

type Conditions = Record<string, Record<string, string | string[]>>;

/** The only writes that count are those inside a transaction, where the conditions of its other items hold too. */
const onlyInTransaction: Conditions = { StringEquals: { 'dynamodb:EnclosingOperation': 'TransactWriteItems' } };

/**
 * Shuts a lane and nothing more: whoever may only touch these attributes can't forge a total (DynamoDB Developer Guide,
 * "Using IAM policy conditions for fine-grained access control").
 */
const onlyTheGate: Conditions = {
  'ForAllValues:StringEquals': { 'dynamodb:Attributes': [PARTITION_KEY, SORT_KEY, 'closed_at'] },
  StringEqualsIfExists: { 'dynamodb:ReturnValues': ['NONE', 'UPDATED_OLD', 'UPDATED_NEW'] },
};

const RECEIVE = ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes', 'ChangeMessageVisibility'];
const READ_STREAM = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'];
const READ_ALL = ['GetItem', 'BatchGetItem', 'Query', 'Scan'];

/** What a function's call to another service makes that service do with the key, as the function. */
type KeyUser = 'dynamodb' | 's3' | 'secretsmanager' | 'sqs';

/**
 * What each function may do, statement by statement. Nobody may update or delete in an intake or the ledger, and no
 * `grantReadWriteData` is used, for it would add exactly that. `docs` and `console` may do nothing but log and trace, as all may.
 */
export function grantAuthority(functions: Readonly<Record<FunctionName, ZerosumFunction>>, data: DataStack): void {
  for (const each of Object.values(functions)) grantLogsAndTraces(each);
  grantIngest(functions.ingest, data);
  grantConsumer(functions.consumer, data);
  grantRead(functions.read, data);
  grantAdmin(functions.admin, data);
  grantReconcile(functions.reconcile, data);
  grantProjector(functions.projector, data);
  grantGuard(functions.guard, data);
}

function grantLogsAndTraces(to: ZerosumFunction): void {
  allow(to, ['logs:CreateLogStream', 'logs:PutLogEvents'], to.logGroup.logGroupArn);
  // X-Ray has no resources that a policy could name (Service Authorization Reference, "Actions, resources, and condition
  // keys for AWS X-Ray").
  allow(to, ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], '*');
  Validations.of(to.serviceRole).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'Traces alone: X-Ray has no resources that a policy could name.',
  });
}

function grantIngest(to: IGrantable, data: DataStack): void {
  allowTable(to, data.usageIntake, ['PutItem', 'GetItem', 'BatchGetItem']);
  allowTable(to, data.config, ['GetItem', 'Query']);
  allowTable(to, data.rateLimits, ['UpdateItem']);
  allowQueue(to, data.usageQueue.queue, ['SendMessage']);
  allowSecret(to, data.jwtSecret);
  allowSecret(to, data.webhookSealSecret);
  allowKey(to, data, { decrypt: ['dynamodb', 'sqs', 'secretsmanager'], generate: ['sqs'] });
}

function grantConsumer(to: IGrantable, data: DataStack): void {
  allowTable(to, data.ledger, ['PutItem'], onlyInTransaction);
  allowTable(to, data.ledger, ['PutItem'], leadingKey(REFUSAL_PREFIX));
  allowTable(to, data.ledger, ['GetItem']);
  allowTable(to, data.balances, ['UpdateItem'], { ...onlyInTransaction, ...leadingKey(HEAD_PREFIX) });
  allowTable(to, data.balances, ['GetItem']);
  allowTable(to, data.config, ['GetItem', 'Query']);
  allowQueue(to, data.usageQueue.queue, RECEIVE);
  allowQueue(to, data.adjustmentQueue.queue, RECEIVE);
  allowKey(to, data, { decrypt: ['dynamodb', 'sqs'] });
}

function grantRead(to: IGrantable, data: DataStack): void {
  allowTable(to, data.usageIntake, ['GetItem']);
  allowTable(to, data.adjustmentIntake, ['GetItem']);
  for (const table of [data.ledger, data.balances, data.usage, data.config])
    allowTable(to, table, ['GetItem', 'Query']);
  allowTable(to, data.rateLimits, ['UpdateItem']);
  allowQueue(to, data.usageQueue.queue, ['GetQueueAttributes']);
  allowSecret(to, data.jwtSecret);
  allowKey(to, data, { decrypt: ['dynamodb', 'secretsmanager'] });
}

function grantAdmin(to: ZerosumFunction, data: DataStack): void {
  allowTable(to, data.adjustmentIntake, ['PutItem', 'GetItem']);
  allowQueue(to, data.adjustmentQueue.queue, ['SendMessage']);
  allowTable(to, data.config, ['GetItem', 'Query']);
  // The constants, too: they have to be there before the first price book.
  const configured = [API_KEYS_PARTITION, CONSTANTS_PARTITION, PRICES_PARTITION, TENANTS_PARTITION];
  allowTable(to, data.config, ['PutItem'], partitions(...configured, WEBHOOK_KEYS_PARTITION));
  allowTable(to, data.balances, ['GetItem', 'Query', 'Scan']);
  allowTable(to, data.balances, ['PutItem'], leadingKey(CLOSURE_PREFIX));
  allow(to, ['dynamodb:UpdateItem'], data.balances.tableArn, {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${HEAD_PREFIX}*`] },
    ...onlyTheGate,
  });
  allowTable(to, data.operations, ['GetItem', 'Query', 'PutItem'], leadingKey(ADMIN_AUDIT_PREFIX));
  allowTable(to, data.operations, ['GetItem', 'Query'], leadingKey(RECONCILE_AUDIT_PREFIX));
  allowTable(to, data.operations, ['GetItem', 'Query', 'PutItem', 'DeleteItem'], leadingKey(CLOSING_PREFIX));
  allowAnchors(to, data, 's3:PutObject', CLOSE_ANCHOR_PREFIX);
  allowSecret(to, data.jwtSecret);
  allowSecret(to, data.webhookSealSecret);
  allowKey(to, data, { decrypt: ['dynamodb', 'sqs', 's3', 'secretsmanager'], generate: ['sqs', 's3'] });
}

function grantReconcile(to: ZerosumFunction, data: DataStack): void {
  for (const table of [data.usageIntake, data.adjustmentIntake]) {
    allowTable(to, table, READ_ALL);
    allow(to, ['dynamodb:Query'], `${table.tableArn}/index/${TIME_INDEX}`);
  }
  for (const table of [data.ledger, data.balances]) allowTable(to, table, READ_ALL);
  allow(to, ['dynamodb:Query', 'dynamodb:Scan'], `${data.ledger.tableArn}/index/${REFUSAL_INDEX}`);
  allowTable(to, data.config, ['GetItem', 'Query']);
  for (const prefix of [SWEEP_PREFIX, RUN_PREFIX, FINDING_PREFIX, VERIFIED_PREFIX]) {
    allowTable(to, data.operations, ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'DeleteItem'], leadingKey(prefix));
  }
  allowTable(to, data.operations, ['GetItem', 'Query', 'PutItem'], leadingKey(RECONCILE_AUDIT_PREFIX));
  allowTable(to, data.operations, ['GetItem', 'Query'], leadingKey(GUARD_PREFIX));
  for (const { queue } of [data.usageQueue, data.adjustmentQueue]) {
    allowQueue(to, queue, ['SendMessage', 'GetQueueAttributes']);
  }
  allowQueue(to, data.reconcileQueue.queue, ['SendMessage', ...RECEIVE]);
  allowAnchors(to, data, 's3:PutObject', RUN_ANCHOR_PREFIX);
  allowAnchors(to, data, 's3:GetObject', '');
  allow(to, ['s3:ListBucket'], data.anchors.bucketArn);
  allowSecret(to, data.jwtSecret);
  allowKey(to, data, { decrypt: ['dynamodb', 'sqs', 's3', 'secretsmanager'], generate: ['sqs', 's3'] });
}

function grantProjector(to: IGrantable, data: DataStack): void {
  allowStream(to, data.ledger);
  allowTable(to, data.ledger, ['GetItem', 'Query']);
  allowTable(to, data.balances, ['GetItem', 'Query', 'Scan']);
  allowTable(to, data.usage, [...READ_ALL, 'PutItem', 'UpdateItem', 'DeleteItem']);
  allowQueue(to, data.streamFailures, ['SendMessage']);
  allowKey(to, data, { decrypt: ['dynamodb', 'sqs'], generate: ['sqs'] });
}

function grantGuard(to: IGrantable, data: DataStack): void {
  for (const table of [data.ledger, data.usageIntake, data.adjustmentIntake]) allowStream(to, table);
  allowTable(to, data.operations, ['PutItem'], leadingKey(GUARD_PREFIX));
  allowQueue(to, data.streamFailures, ['SendMessage']);
  allowKey(to, data, { decrypt: ['dynamodb', 'sqs'], generate: ['sqs'] });
}

function allowTable(to: IGrantable, table: Table, actions: readonly string[], conditions: Conditions = {}): void {
  allow(
    to,
    actions.map((action) => `dynamodb:${action}`),
    table.tableArn,
    conditions,
  );
}

function allowStream(to: IGrantable, table: Table): void {
  if (table.tableStreamArn === undefined) throw new Error(`${table.node.id} has no stream.`);
  allow(
    to,
    READ_STREAM.map((action) => `dynamodb:${action}`),
    table.tableStreamArn,
  );
}

function allowQueue(to: IGrantable, queue: IQueue, actions: readonly string[]): void {
  allow(
    to,
    actions.map((action) => `sqs:${action}`),
    queue.queueArn,
  );
}

function allowSecret(to: IGrantable, secret: Secret): void {
  allow(to, ['secretsmanager:GetSecretValue'], secret.secretArn);
}

function allowAnchors(to: ZerosumFunction, data: DataStack, action: string, prefix: string): void {
  allow(to, [action], data.anchors.arnForObjects(`${prefix}*`));
  // The finding names the resource as the template does, which is by the name under which the data stack exports it.
  const exported = data.resolve(data.exportValue(data.anchors.bucketArn)) as { 'Fn::ImportValue': string };
  Validations.of(to.serviceRole).acknowledge({
    id: `AwsSolutions-IAM5[Resource::${exported['Fn::ImportValue']}/${prefix}*]`,
    reason: 'An anchor has a key of its own, which nobody knows before it is put.',
  });
}

/**
 * The key, by way of services alone: nobody can use it by himself. DynamoDB unlocks a table's key as whoever calls it; SQS
 * makes a data key for whoever sends, checks it, and unlocks it for whoever receives; S3 makes one for whoever puts, and
 * checks the one that the bucket has already (the guides of each, on encryption at rest and on bucket keys).
 */
function allowKey(to: IGrantable, data: DataStack, via: Partial<Record<'decrypt' | 'generate', KeyUser[]>>): void {
  const only = (services: KeyUser[]): Conditions => ({
    StringEquals: { 'kms:ViaService': services.map((service) => `${service}.${data.region}.amazonaws.com`) },
  });
  if (via.decrypt) allow(to, ['kms:Decrypt'], data.key.keyArn, only(via.decrypt));
  if (via.generate) allow(to, ['kms:GenerateDataKey'], data.key.keyArn, only(via.generate));
}

function allow(to: IGrantable, actions: string[], resource: string, conditions: Conditions = {}): void {
  to.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions, resources: [resource], conditions }));
}

function partitions(...names: string[]): Conditions {
  return { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': names } };
}

function leadingKey(prefix: string): Conditions {
  return { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${prefix}*`] } };
}
