import { beforeAll, describe, expect, it } from 'vitest';
import { type Resource, synthesised, type Template } from '../support/templates.ts';
import { environment, functions } from './lambda/functions.ts';
import { buckets, deadLetterQueues, queues, TABLES, tables } from './lambda/resources.ts';
import { schedules } from './lambda/schedules.ts';
import { watchedTables } from './lambda/streams.ts';

const SECOND_MS = 1_000;

let template: Template;

beforeAll(async () => {
  template = await synthesised('local');
});

function ofType(type: string): [string, Resource][] {
  return [...template.resources].filter(([, { Type }]) => Type === type);
}

/** A logical id without the hash that the CDK puts behind it. */
function idOf(logicalId: string): string {
  return logicalId.replace(/[0-9A-F]{8}$/, '');
}

describe('a simulation has what the stack declares', () => {
  it('the tables, their keys and indexes', () => {
    const declared = ofType('AWS::DynamoDB::Table').map(([id, { Properties }]) => {
      const keys = (schema: { AttributeName: string }[]) => schema.map(({ AttributeName }) => AttributeName);
      expect(keys(Properties.KeySchema)).toEqual(['pk', 'sk']);
      const [index] = Properties.GlobalSecondaryIndexes ?? [];
      const [partition, sort] = keys(index?.KeySchema ?? []);
      return { name: idOf(id), ...(index && { index: { name: index.IndexName, partition, sort } }) };
    });
    const byName = (one: { name: string }, other: { name: string }) => one.name.localeCompare(other.name);
    expect([...tables].sort(byName)).toEqual(declared.sort(byName));
  });

  it('the queues, their timeouts and their patience', () => {
    const declared = ofType('AWS::SQS::Queue').filter(([, { Properties }]) => Properties.RedrivePolicy !== undefined);
    const facts = declared.map(([, { Properties }]) => [
      Properties.VisibilityTimeout * SECOND_MS,
      Properties.RedrivePolicy.maxReceiveCount,
    ]);
    const simulated = Object.values(queues).map((queue) => [queue.visibilityTimeoutMs, queue.maxReceiveCount]);
    expect(simulated.sort()).toEqual(facts.sort());
    expect(deadLetterQueues.length).toBe(simulated.length);
  });

  it('the functions, the time they have and the variables they read', () => {
    for (const [name, { timeoutMs, variables }] of Object.entries(functions)) {
      const { Properties } = ofType('AWS::Lambda::Function').find(([id]) => idOf(id).toLowerCase() === name)?.[1] ?? {};
      expect(timeoutMs, name).toBe(Properties?.Timeout * SECOND_MS);
      const declared = Object.keys(Properties?.Environment.Variables ?? {});
      expect(declared, name).toEqual(
        expect.arrayContaining(variables.filter((variable) => variable !== 'CORS_ORIGINS')),
      );
    }
  });

  it('the settings that decide about money and time', () => {
    const variables = ofType('AWS::Lambda::Function').map(
      ([, { Properties }]) => Properties.Environment?.Variables ?? {},
    );
    for (const name of [
      'MAX_RECEIVE_COUNT',
      'CLOSE_CLAIM_MAX_AGE_MS',
      'SWEEP_MIN_AGE_MS',
      'REQUESTS_PER_WINDOW',
    ] as const) {
      const declared = variables.map((of) => of[name]).find((value) => value !== undefined);
      expect(String(environment[name]), name).toBe(declared);
    }
  });

  it('the schedules', () => {
    // The rule that hears alarms has no schedule: a simulation has no CloudWatch.
    const rules = ofType('AWS::Events::Rule').filter(([, { Properties }]) => Properties.EventPattern === undefined);
    const declared = rules.map(([, { Properties }]) => [
      JSON.parse(Properties.Targets[0].Input).task,
      Properties.ScheduleExpression,
    ]);
    const rate = (everyMs: number) => {
      const [count, unit] = everyMs % 3_600_000 === 0 ? [everyMs / 3_600_000, 'hour'] : [everyMs / 60_000, 'minute'];
      // So the CDK writes it.
      if (unit === 'hour' && count === 24) return 'rate(1 day)';
      return `rate(${count} ${unit}${count === 1 ? '' : 's'})`;
    };
    expect(schedules.map(({ task, everyMs }) => [task, rate(everyMs)]).sort()).toEqual(declared.sort());
  });

  it('the streams, and what is watched in them', () => {
    const streams = ofType('AWS::Lambda::EventSourceMapping').filter(
      ([, { Properties }]) => Properties.StartingPosition !== undefined,
    );
    expect(streams.map(([id]) => idOf(id)).sort()).toEqual([
      'TriggersAdjustmentIntakeEditsToGuard',
      'TriggersLedgerEditsToGuard',
      'TriggersPagesToProjector',
      'TriggersUsageIntakeEditsToGuard',
    ]);
    expect([TABLES.ledger, TABLES.usageIntake, TABLES.adjustmentIntake]).toEqual([...watchedTables]);
  });

  it('the bucket, locked, and its policy', () => {
    const [bucket] = ofType('AWS::S3::Bucket').map(([, { Properties }]) => Properties);
    expect(bucket.ObjectLockEnabled).toBe(true);
    expect(buckets.length).toBe(1);
    const denied = ofType('AWS::S3::BucketPolicy').flatMap(([, { Properties }]) =>
      Properties.PolicyDocument.Statement.filter(({ Effect }: { Effect: string }) => Effect === 'Deny'),
    );
    const isDenied = denied.some(({ Condition }) => Condition?.Null?.['s3:if-none-match'] !== undefined);
    expect(buckets[0]?.onlyUnderNewKeys).toBe(isDenied);
  });
});
