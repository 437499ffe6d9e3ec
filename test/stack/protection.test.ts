import { beforeAll, describe, expect, it } from 'vitest';
import { type StageName, type Statement, synthesised, type Template } from '../support/templates.ts';

const templates = new Map<StageName, Template>();

beforeAll(async () => {
  for (const stage of ['dev', 'prod'] as const) templates.set(stage, await synthesised(stage));
});

describe.each(['dev', 'prod'] as const)('stage %s', (stage) => {
  const ofType = (type: string) => [...(templates.get(stage)?.resources ?? [])].filter(([, { Type }]) => Type === type);
  const key = () => ofType('AWS::KMS::Key')[0];
  const usesKey = (value: unknown) => JSON.stringify(value).includes(`${key()?.[0]}`);

  it('has one key of its own, which rotates', () => {
    expect(ofType('AWS::KMS::Key')).toHaveLength(1);
    expect(key()?.[1].Properties).toMatchObject({ EnableKeyRotation: true, PendingWindowInDays: 30 });
  });

  it('encrypts tables, queues, anchors, secrets and logs under it', () => {
    for (const [id, { Properties }] of ofType('AWS::DynamoDB::Table')) {
      expect(Properties.SSESpecification, id).toMatchObject({ SSEEnabled: true, SSEType: 'KMS' });
      expect(usesKey(Properties.SSESpecification.KMSMasterKeyId), id).toBe(true);
    }
    for (const [id, { Properties }] of ofType('AWS::SQS::Queue')) {
      expect(usesKey(Properties.KmsMasterKeyId), id).toBe(true);
      expect(Properties.KmsDataKeyReusePeriodSeconds, id).toBe(3_600);
    }
    for (const [id, { Properties }] of ofType('AWS::S3::Bucket')) {
      const [rule] = Properties.BucketEncryption.ServerSideEncryptionConfiguration;
      expect(rule, id).toMatchObject({ BucketKeyEnabled: true });
      expect(usesKey(rule.ServerSideEncryptionByDefault.KMSMasterKeyID), id).toBe(true);
    }
    for (const type of ['AWS::SecretsManager::Secret', 'AWS::Logs::LogGroup']) {
      expect(ofType(type).length).toBeGreaterThan(0);
      for (const [id, { Properties }] of ofType(type)) expect(usesKey(Properties.KmsKeyId), id).toBe(true);
    }
  });

  it('lets no service use the key but the logs and the alarms of this stage', () => {
    const statements = key()?.[1].Properties.KeyPolicy.Statement as (Statement & {
      Principal: { Service?: unknown };
    })[];
    const services = statements.filter(({ Principal }) => Principal.Service !== undefined);
    const bound = services.map(({ Principal, Condition }) => [
      /logs\.|cloudwatch\./.exec(JSON.stringify(Principal))?.[0],
      /log-group:zerosum-\w+-\*|aws:SourceAccount/.exec(JSON.stringify(Condition))?.[0],
    ]);
    expect(bound.sort()).toEqual([
      ['cloudwatch.', 'aws:SourceAccount'],
      ['logs.', `log-group:zerosum-${stage}-*`],
    ]);
  });

  it('refuses whoever comes to a queue or the bucket without TLS', () => {
    const refusesPlain = ({ Effect, Condition }: Statement) =>
      Effect === 'Deny' && Condition?.['Bool']?.['aws:SecureTransport'] === 'false';
    const policies = [...ofType('AWS::SQS::QueuePolicy'), ...ofType('AWS::S3::BucketPolicy')];
    const guarded = policies.filter(([, { Properties }]) => Properties.PolicyDocument.Statement.some(refusesPlain));
    const named = JSON.stringify(guarded.map(([, { Properties }]) => Properties.Queues ?? Properties.Bucket));
    for (const [id] of [...ofType('AWS::SQS::Queue'), ...ofType('AWS::S3::Bucket')]) expect(named).toContain(id);
  });

  it('gives each function its memory, time, log and trace', () => {
    for (const [id, { Properties }] of ofType('AWS::Lambda::Function')) {
      expect(Properties.MemorySize, id).toBeGreaterThanOrEqual(256);
      expect(Properties.Timeout, id).toBeGreaterThan(0);
      expect(Properties.TracingConfig, id).toEqual({ Mode: 'Active' });
      expect(Properties.LoggingConfig.LogGroup, id).toBeDefined();
    }
    for (const [id, { Properties }] of ofType('AWS::Logs::LogGroup')) {
      expect(Properties.RetentionInDays, id).toBe(stage === 'prod' ? 365 : 7);
    }
  });

  it('bounds how many batches are worked on at once, and reserves in prod alone', () => {
    const most = ofType('AWS::Lambda::EventSourceMapping')
      .filter(([, { Properties }]) => Properties.StartingPosition === undefined)
      .map(([, { Properties }]) => Properties.ScalingConfig?.MaximumConcurrency);
    const reserved = ofType('AWS::Lambda::Function').flatMap(([id, { Properties }]) =>
      Properties.ReservedConcurrentExecutions === undefined
        ? []
        : [[id.replace(/[0-9A-F]{8}$/, ''), Properties.ReservedConcurrentExecutions]],
    );
    expect(most).toEqual(stage === 'prod' ? [200, 20, 5] : [2, 2, 2]);
    expect(Object.fromEntries(reserved)).toEqual(stage === 'prod' ? { Consumer: 220, Guard: 20 } : {});
  });
});

it('leaves the data of prod behind whatever is deleted, and lets nobody delete a table', () => {
  const kept = [
    ...['AWS::DynamoDB::Table', 'AWS::KMS::Key', 'AWS::S3::Bucket', 'AWS::SecretsManager::Secret'],
    ...['AWS::SQS::Queue', 'AWS::Logs::LogGroup'],
  ];
  for (const [id, { Type, Properties, DeletionPolicy, UpdateReplacePolicy }] of templates.get('prod')?.resources ??
    []) {
    if (!kept.includes(Type)) continue;
    expect({ DeletionPolicy, UpdateReplacePolicy }, id).toEqual({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
    if (Type !== 'AWS::DynamoDB::Table') continue;
    expect(Properties, id).toMatchObject({
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
  }
});

it('refuses to destroy the stack with the data in prod alone', () => {
  expect(templates.get('prod')?.protectedStacks).toEqual(['zerosum-prod-data']);
  expect(templates.get('dev')?.protectedStacks).toEqual([]);
});
