import { beforeAll, describe, expect, it } from 'vitest';
import { type StageName, type Statement, synthesised, type Template } from '../support/templates.ts';

/** Every resource of both stacks of a stage. */
const templates = new Map<StageName, Template>();

beforeAll(async () => {
  for (const stage of ['local', 'dev', 'prod'] as const) {
    templates.set(stage, await synthesised(stage));
  }
});

describe.each(['local', 'dev', 'prod'] as const)('stage %s', (stage) => {
  const ofType = (type: string) => [...(templates.get(stage)?.resources ?? [])].filter(([, { Type }]) => Type === type);

  it('runs functions on Node 24 on arm64, with a timeout that leaves the queue six of them', () => {
    const functions = ofType('AWS::Lambda::Function');
    expect(functions).toHaveLength(9);
    for (const [, { Properties }] of functions) {
      expect(Properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
      expect(Properties.MemorySize).toBeGreaterThan(0);
    }
    const aliases = ofType('AWS::Lambda::Alias');
    const timeoutOf = (target: unknown): number => {
      const named = JSON.stringify(target);
      const alias = aliases.find(([id]) => named.includes(id));
      if (alias !== undefined) return timeoutOf(alias[1].Properties.FunctionName);
      return functions.find(([id]) => named.includes(id))?.[1].Properties.Timeout;
    };
    const queues = new Map(ofType('AWS::SQS::Queue'));
    const fromQueues = ofType('AWS::Lambda::EventSourceMapping').filter(
      ([, { Properties }]) => Properties.StartingPosition === undefined,
    );
    expect(fromQueues).toHaveLength(3);
    for (const [, { Properties }] of fromQueues) {
      const queue = [...queues].find(([id]) => JSON.stringify(Properties.EventSourceArn).includes(`${id}Arn`))?.[1];
      expect(queue?.Properties.VisibilityTimeout).toBe(6 * timeoutOf(Properties.FunctionName));
      expect(queue?.Properties.FifoQueue).toBe(true);
    }
  });

  it('hands failed messages back one by one and dead-letters into a FIFO queue', () => {
    const [mapping] = ofType('AWS::Lambda::EventSourceMapping');
    expect(mapping?.[1].Properties).toMatchObject({
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    const queues = ofType('AWS::SQS::Queue');
    const dead = queues.filter(([, { Properties }]) => !Properties.RedrivePolicy && Properties.FifoQueue);
    expect(dead).toHaveLength(3);
    for (const [id, { Properties }] of queues) expect(Properties.MessageRetentionPeriod, id).toBe(14 * 24 * 3600);
  });

  it('keeps anchors under lock, each under a key of its own', () => {
    const [bucket] = ofType('AWS::S3::Bucket');
    expect(bucket?.[1].Properties).toMatchObject({
      ObjectLockEnabled: true,
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: stage === 'prod' ? 'COMPLIANCE' : 'GOVERNANCE' } } },
      VersioningConfiguration: { Status: 'Enabled' },
    });
    const [policy] = ofType('AWS::S3::BucketPolicy');
    expect(policy?.[1].Properties.PolicyDocument.Statement).toContainEqual(
      expect.objectContaining({
        ...{ Effect: 'Deny', Principal: { AWS: '*' }, Action: 's3:PutObject' },
        Condition: { Null: { 's3:if-none-match': 'true' } },
      }),
    );
  });

  it('carries no secret', () => {
    const text = templates.get(stage)?.text ?? '';
    expect(text).not.toMatch(/dev_jwt|whsec|ZEROSUM_SECRETS_FILE/);
    for (const [, { Properties }] of ofType('AWS::SecretsManager::Secret')) {
      expect(Properties.SecretString).toBeUndefined();
      expect(Properties.GenerateSecretString).toBeDefined();
    }
  });

  it('lets nobody update or delete in the ledger or an intake, nor use a wildcard', () => {
    for (const [id, { Properties }] of ofType('AWS::IAM::Policy')) {
      for (const { Action, Resource, Effect } of Properties.PolicyDocument.Statement as Statement[]) {
        expect(Effect).toBe('Allow');
        const where = JSON.stringify(Resource);
        for (const action of [Action].flat()) {
          expect(action, id).not.toContain('*');
          if (/UsageIntake|Ledger/.test(where)) expect(action, id).not.toMatch(/Update|Delete|BatchWrite/);
        }
        const traces = [Action].flat().every((action) => action.startsWith('xray:Put'));
        if (!traces) expect(where, id).not.toBe('"*"');
      }
    }
  });

  it('lets the consumer write markers, pages and heads inside a transaction alone, and refusals by their key', () => {
    const [, policy] = ofType('AWS::IAM::Policy').find(([id]) => id.startsWith('Consumer')) ?? [];
    const statements = policy?.Properties.PolicyDocument.Statement as Statement[];
    const writes = statements.filter(({ Action }) =>
      [Action].flat().some((action) => /dynamodb:(Put|Update)/.test(action)),
    );
    expect(writes.map(({ Action, Condition }) => ({ Action, Condition }))).toEqual([
      { Action: 'dynamodb:PutItem', Condition: { StringEquals: inTransaction } },
      { Action: 'dynamodb:PutItem', Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['R#*'] } } },
      {
        Action: 'dynamodb:UpdateItem',
        Condition: {
          StringEquals: inTransaction,
          'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['H#*'] },
        },
      },
    ]);
  });

  it('lets ingest reach its intake, prices, queue, limits, secrets, log and the key behind them, and nothing else', () => {
    const [, policy] = ofType('AWS::IAM::Policy').find(([id]) => id.startsWith('Ingest')) ?? [];
    const statements = policy?.Properties.PolicyDocument.Statement as Statement[];
    expect(statements.map(({ Action }) => [Action].flat().sort().join(' ')).sort()).toEqual([
      'dynamodb:BatchGetItem dynamodb:GetItem dynamodb:PutItem',
      'dynamodb:GetItem dynamodb:Query',
      'dynamodb:UpdateItem',
      'kms:Decrypt',
      'kms:GenerateDataKey',
      'logs:CreateLogStream logs:PutLogEvents',
      'secretsmanager:GetSecretValue',
      'sqs:SendMessage',
      'xray:PutTelemetryRecords xray:PutTraceSegments',
    ]);
    expect(JSON.stringify(statements)).not.toMatch(/Ledger|Balances|Operations/);
  });
});

const inTransaction = { 'dynamodb:EnclosingOperation': 'TransactWriteItems' };
