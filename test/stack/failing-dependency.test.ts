import { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { guardFunction } from '../../lambdas/guard/function.ts';
import { readFunction } from '../../lambdas/read/function.ts';
import { markerKey } from '../../lambdas/storage/keys.ts';
import { powertoolsTelemetry } from '../../lambdas/telemetry.ts';
import { environment } from '../simulation/lambda/functions.ts';
import { proxyEvent } from '../simulation/lambda/gateway.ts';
import { type AlarmProperties, alarmMetrics } from '../support/alarm-metrics.ts';
import { alpha, eventId } from '../support/events.ts';
import { useRefusingEngine } from '../support/refusing-engine.ts';
import { streamRecord } from '../support/stream-records.ts';
import { synthesised } from '../support/templates.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

/** What DynamoDB says when it is down. */
const INTERNAL = { __type: 'com.amazonaws.dynamodb.v20120810#InternalServerError', message: 'down' };

const refusing = useRefusingEngine();

let alarms: AlarmProperties[];

beforeAll(async () => {
  const { resources } = await synthesised('prod');
  const all = [...resources.values()].filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm');
  alarms = all.map(({ Properties }) => Properties as AlarmProperties);
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** A metric as CloudWatch takes it from a line of the log. */
interface Emitted {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, unknown>>;
  readonly sum: number;
}

/** What a function's log tells CloudWatch while it does something (CloudWatch User Guide, "Embedded metric format"). */
async function emittedBy(service: string, act: () => Promise<unknown>): Promise<Emitted[]> {
  vi.stubEnv('POWERTOOLS_SERVICE_NAME', service);
  const lines: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => lines.push(String(chunk)) > 0);
  await act();
  vi.mocked(process.stdout.write).mockRestore();
  return lines.flatMap((line) => {
    if (!line.startsWith('{"_aws"')) return [];
    const document = JSON.parse(line);
    return document._aws.CloudWatchMetrics.flatMap(
      (directive: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] }) =>
        directive.Dimensions.flatMap((names) =>
          directive.Metrics.map(({ Name }) => ({
            ...{ namespace: directive.Namespace, name: Name },
            dimensions: Object.fromEntries(names.map((name) => [name, document[name]])),
            sum: [document[Name]].flat().reduce((total: number, value: number) => total + value, 0),
          })),
        ),
    );
  });
}

/** The alarms that these metrics alone raise: by exactly their namespaces, names and dimensions, and their sums. */
function raisedBy(emitted: readonly Emitted[]): string[] {
  const raised = alarms.filter((alarm) => {
    const looksAt = alarmMetrics(alarm).filter(({ statistic }) => statistic === 'Sum');
    const seen = emitted.filter((one) =>
      looksAt.some(
        ({ namespace, name, dimensions }) =>
          namespace === one.namespace &&
          name === one.name &&
          JSON.stringify(dimensions) === JSON.stringify(one.dimensions),
      ),
    );
    const total = seen.reduce((sum, one) => sum + one.sum, 0);
    return alarm.ComparisonOperator === 'GreaterThanOrEqualToThreshold' && total >= alarm.Threshold;
  });
  return raised.map(({ AlarmName }) => AlarmName);
}

describe('a dependency that fails', () => {
  it('raises the alarm for internal errors by a request that could not be answered', async () => {
    const dynamodb = await refusing(INTERNAL);
    const emitted = await emittedBy('read', async () => {
      const answer = await readFrom(dynamodb)(
        proxyEvent(
          { method: 'GET', path: '/balance', token: 'anyone' } as Parameters<typeof proxyEvent>[0],
          'request-1',
        ),
      );
      expect(answer.statusCode).toBe(503);
    });
    expect(emitted).toContainEqual({
      ...{ namespace: 'Zerosum/prod', name: 'InternalErrors', dimensions: { service: 'read' }, sum: 1 },
    });
    expect(raisedBy(emitted)).toEqual(['zerosum-prod-InternalErrors']);
  });

  it('keeps no edit from raising its alarm, also where the finding could not be kept', async () => {
    const dynamodb = await refusing(INTERNAL);
    const key = markerKey(alpha, eventId('api:k'));
    const record = streamRecord(1, { before: { ...key, v: 1 }, after: { ...key, v: 2 } });
    const emitted = await emittedBy('guard', async () => {
      const guard = guardFunction({ dynamodb, telemetry: powertoolsTelemetry('prod') }, environment);
      const answer = await guard({ Records: [record] } as DynamoDBStreamEvent);
      expect(answer.batchItemFailures).toHaveLength(1);
    });
    expect(raisedBy(emitted)).toEqual(['zerosum-prod-GuardFindings']);
  });

  it('raises nothing by what no alarm looks at: the same metric of another function', () => {
    const dimensions = { service: 'consumer' };
    expect(raisedBy([{ namespace: 'Zerosum/prod', name: 'InternalErrors', dimensions, sum: 9 }])).toEqual([]);
  });

  it('raises nothing by what another stage of the account says', () => {
    const dimensions = { service: 'read' };
    expect(raisedBy([{ namespace: 'Zerosum/dev', name: 'InternalErrors', dimensions, sum: 9 }])).toEqual([]);
  });
});

function readFrom(dynamodb: DynamoDBDocumentClient) {
  const world = {
    ...{
      dynamodb,
      clock: new VirtualClock(Date.parse('2026-03-15T12:00:00Z')),
      telemetry: powertoolsTelemetry('prod'),
    },
    sqs: new SQSClient({ region: 'us-east-1' }),
    secrets: { jwt: async () => ({ current: 'unused' }) },
    authenticate: async () => ({ kind: 'tenant', tenant: alpha, scopes: ['ledger:read'] }) as const,
  };
  return readFunction(world, environment);
}
