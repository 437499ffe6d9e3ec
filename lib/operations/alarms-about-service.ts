import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { TIME_INDEX } from '../../lambdas/storage/keys.ts';
import type { AlarmSpec } from './alarm-spec.ts';
import { countedIn, sumOf, WINDOW } from './metrics.ts';
import type { Watched } from './watched.ts';

/** Callers give up about then; the HTTP functions themselves do at ten seconds. */
const SLOW_MS = 3_000;

/** Below these a retry hides it: SDK and queues repeat what was throttled. */
const THROTTLED_INVOCATIONS = 10;
const THROTTLED_WRITES = 100;

/** So many in a window are no one's bad luck. */
const SERVER_ERRORS = 5;

/** Whether requests are answered, and in time. */
export function aboutService({ stage, api, functions, tables }: Watched): AlarmSpec[] {
  const counted = countedIn(stage);
  return [
    {
      name: 'ServerErrors',
      loses: 'Requests fail: customers have to send their usage again, and what they do not is never charged.',
      metric: apiMetric(api, '5XXError', 'Sum'),
      ...{ threshold: SERVER_ERRORS, rollsBack: true },
    },
    {
      name: 'SlowAnswers',
      loses: 'Callers give up: one request in a hundred takes longer than they wait.',
      metric: apiMetric(api, 'Latency', 'p99'),
      ...{ threshold: SLOW_MS, windows: 3, rollsBack: true },
    },
    {
      name: 'InternalErrors',
      loses: 'Requests fail for a fault of ours, in the service or in what it depends on.',
      metric: sumOf(counted('internalErrors'), 'internal errors'),
      ...{ threshold: 1, rollsBack: true },
    },
    {
      name: 'Crashes',
      loses:
        'Requests fail and events wait: a function crashed or ran out of time, and will again with the same input.',
      metric: sumOf(
        Object.values(functions).map((each) => each.metricErrors({ statistic: 'Sum', period: WINDOW })),
        'crashes',
      ),
      // A release that is taken back for nothing costs a quarter of an hour, a bad one a month's books.
      ...{ threshold: 1, rollsBack: true },
    },
    {
      name: 'ThrottledFunctions',
      loses: 'Requests are turned away and events wait: Lambda runs no more of our functions at once.',
      metric: sumOf(
        Object.values(functions).map((each) => each.metricThrottles({ statistic: 'Sum', period: WINDOW })),
        'throttled invocations',
      ),
      threshold: THROTTLED_INVOCATIONS,
    },
    {
      name: 'ThrottledTables',
      loses: 'Requests are turned away and events wait: a table takes no more reads or writes.',
      metric: sumOf(throttleEvents(tables), 'throttled reads and writes'),
      threshold: THROTTLED_WRITES,
    },
  ];
}

/** An alarm takes ten metrics: every table that a request or an event writes, and what it reads most. */
function throttleEvents({
  usageIntake,
  adjustmentIntake,
  ledger,
  balances,
  usage,
  rateLimits,
  ...rest
}: Watched['tables']) {
  const on = (table: Table, metricName: string, more: Record<string, string> = {}) =>
    new Metric({
      namespace: 'AWS/DynamoDB',
      metricName,
      dimensionsMap: { TableName: table.tableName, ...more },
      ...{ statistic: 'Sum', period: WINDOW },
    });
  const written = [usageIntake, adjustmentIntake, ledger, balances, usage, rateLimits, rest.operations];
  return [
    ...written.map((table) => on(table, 'WriteThrottleEvents')),
    on(usageIntake, 'WriteThrottleEvents', { GlobalSecondaryIndexName: TIME_INDEX }),
    on(ledger, 'ReadThrottleEvents'),
    on(balances, 'ReadThrottleEvents'),
  ];
}

/** A REST API's metrics are by its name and stage, which two deployments of one account must not share. */
export function apiMetric({ name, stageName }: Watched['api'], metricName: string, statistic: string): Metric {
  const dimensionsMap = { ApiName: name, Stage: stageName };
  return new Metric({ namespace: 'AWS/ApiGateway', metricName, dimensionsMap, statistic, period: WINDOW });
}
