import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { HEAD_PREFIX, REFUSAL_PREFIX, SWEEP_PREFIX, TIME_INDEX } from '../lambdas/storage/keys.ts';
import type { DataStack } from './data-stack.ts';
import type { ZerosumFunction } from './zerosum-function.ts';

type Functions = Record<'ingest' | 'consumer' | 'read' | 'reconcile', ZerosumFunction>;
type Conditions = Record<string, Record<string, string | string[]>>;

/** The only writes that count are those inside a transaction, where the conditions of its other items hold too. */
const onlyInTransaction: Conditions = { StringEquals: { 'dynamodb:EnclosingOperation': 'TransactWriteItems' } };

/**
 * What each function may do, statement by statement. Nobody may update or delete in an intake or the ledger, and no
 * `grantReadWriteData` is used, for it would add exactly that.
 */
export function grantAuthority(functions: Functions, data: DataStack): void {
  const { ingest, consumer, read, reconcile } = functions;
  const { usageIntake, ledger, balances, config, operations, jwtSecret } = data;
  const { queue } = data.usageQueue;

  allowTable(ingest, usageIntake, ['PutItem', 'GetItem']);
  allowTable(ingest, config, ['GetItem', 'Query']);
  allowQueue(ingest, queue, ['SendMessage']);
  allowSecret(ingest, jwtSecret);

  allowTable(consumer, ledger, ['PutItem'], onlyInTransaction);
  allowTable(consumer, ledger, ['PutItem'], leadingKey(REFUSAL_PREFIX));
  allowTable(consumer, ledger, ['GetItem']);
  allowTable(consumer, balances, ['UpdateItem'], { ...onlyInTransaction, ...leadingKey(HEAD_PREFIX) });
  allowTable(consumer, balances, ['GetItem']);
  allowTable(consumer, config, ['GetItem', 'Query']);
  allowQueue(consumer, queue, ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes', 'ChangeMessageVisibility']);

  allowTable(read, usageIntake, ['GetItem']);
  allowTable(read, ledger, ['GetItem', 'Query']);
  allowTable(read, balances, ['GetItem', 'Query']);
  allowTable(read, config, ['GetItem', 'Query']);
  allowQueue(read, queue, ['GetQueueAttributes']);
  allowSecret(read, jwtSecret);

  allowTable(reconcile, usageIntake, ['GetItem']);
  allow(reconcile, ['dynamodb:Query'], `${usageIntake.tableArn}/index/${TIME_INDEX}`);
  allowTable(reconcile, ledger, ['GetItem', 'BatchGetItem']);
  allowTable(reconcile, config, ['GetItem', 'Query']);
  allowTable(reconcile, operations, ['GetItem', 'Query', 'PutItem', 'DeleteItem'], leadingKey(SWEEP_PREFIX));
  allowQueue(reconcile, queue, ['SendMessage', 'GetQueueAttributes']);
}

function allowTable(to: IGrantable, table: Table, actions: readonly string[], conditions: Conditions = {}): void {
  allow(
    to,
    actions.map((action) => `dynamodb:${action}`),
    table.tableArn,
    conditions,
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

function allow(to: IGrantable, actions: string[], resource: string, conditions: Conditions = {}): void {
  to.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions, resources: [resource], conditions }));
}

function leadingKey(prefix: string): Conditions {
  return { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${prefix}*`] } };
}
