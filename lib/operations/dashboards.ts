import { Duration } from 'aws-cdk-lib';
import {
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  MathExpression,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { CURRENCY_DIMENSION, metricNames, metricNamespace, SERVICE_DIMENSION } from '../../lambdas/telemetry.ts';
import type { Stage } from '../stage.ts';
import { apiMetric } from './alarms-about-service.ts';
import { countedIn } from './metrics.ts';
import type { Watched } from './watched.ts';

/** Columns of a dashboard, and of a widget that stands beside another. */
const WHOLE_WIDTH = 24;
const HALF_WIDTH = 12;

/** What happens to the money, and what happens to the machinery. */
export class Dashboards extends Construct {
  constructor(scope: Construct, id: string, watched: Watched) {
    super(scope, id);
    const { name } = watched.stage;
    new Dashboard(this, 'Business', {
      dashboardName: `zerosum-${name}-business`,
      widgets: inPairs(business(watched.stage)),
    });
    const resources = inPairs([...functions(watched), ...queues(watched), ...tables(watched), ...api(watched)]);
    new Dashboard(this, 'Resources', { dashboardName: `zerosum-${name}-resources`, widgets: resources });
  }
}

function business(stage: Stage): IWidget[] {
  const counted = countedIn(stage);
  const day = Duration.days(1);
  const byCurrency = `{${metricNamespace(stage.name)},${SERVICE_DIMENSION},${CURRENCY_DIMENSION}}`;
  const charged = new MathExpression({
    expression: `SEARCH('${byCurrency} MetricName="${metricNames.usageChargedMinor}"', 'Sum', ${day.toSeconds()})`,
    ...{ label: '', period: day, usingMetrics: {} },
  });
  const note =
    'Figures to look at. CloudWatch keeps them as floating-point numbers and may count an event twice: what is owed, the trial balance says.';
  return [
    new TextWidget({ markdown: note, width: WHOLE_WIDTH, height: 1 }),
    graph('Accepted', counted('accepted')),
    graph('Posted', counted('posted')),
    graph('Lag from acceptance to entry, in ms', [
      ...counted('postingLagMs', 'p50'),
      ...counted('postingLagMs', 'p99'),
    ]),
    graph('Duplicates', [...counted('replayed'), ...counted('alreadyPosted')]),
    graph('Conflicts', counted('conflicts')),
    graph('Refusals', [...counted('refused'), ...counted('undelivered'), ...counted('unreadable')]),
    graph('Drift', [...counted('discrepancies'), ...counted('guardFindings'), ...counted('sweepResent')]),
    graph('Usage charged a day, in minor units', [charged]),
  ];
}

function functions({ functions }: Watched): IWidget[] {
  const all = Object.entries(functions);
  const of = (metric: string, statistic: string) =>
    all.map(([label, each]) => each.metric(metric, { statistic, label }));
  return [
    graph('Functions: errors', of('Errors', 'Sum')),
    graph('Functions: duration, in ms', of('Duration', 'p99')),
    graph('Functions: throttles', of('Throttles', 'Sum')),
    graph('Functions: at once', of('ConcurrentExecutions', 'Maximum')),
  ];
}

function queues({ queues: { usage, adjustments, reconcileRuns, streamFailures } }: Watched): IWidget[] {
  const live = [usage, adjustments, reconcileRuns].map(({ queue }) => queue);
  const dead = [...[usage, adjustments, reconcileRuns].map(({ deadLetters }) => deadLetters), streamFailures];
  const depth = { statistic: 'Maximum' };
  return [
    graph(
      'Queues: waiting',
      live.map((queue) => queue.metricApproximateNumberOfMessagesVisible(depth)),
    ),
    graph(
      'Queues: age of the oldest message, in s',
      live.map((queue) => queue.metricApproximateAgeOfOldestMessage(depth)),
    ),
    graph(
      'Dead letters',
      dead.map((queue) => queue.metricApproximateNumberOfMessagesVisible(depth)),
    ),
  ];
}

function tables({ tables }: Watched): IWidget[] {
  const all = [tables.usageIntake, tables.adjustmentIntake, tables.ledger, tables.balances, tables.usage];
  all.push(tables.config, tables.operations, tables.rateLimits);
  const of = (name: string) => all.map((table) => table.metric(name, { statistic: 'Sum' }));
  const names = all.map(({ tableName }) => `"${tableName}"`).join(' OR ');
  // They come by table and operation, of which there are too many to name.
  const systemErrors = new MathExpression({
    expression: `SEARCH('{AWS/DynamoDB,TableName,Operation} MetricName="SystemErrors" TableName=(${names})', 'Sum')`,
    ...{ label: '', usingMetrics: {} },
  });
  return [
    graph('Tables: write units', of('ConsumedWriteCapacityUnits')),
    graph('Tables: read units', of('ConsumedReadCapacityUnits')),
    graph('Tables: throttled', [...of('WriteThrottleEvents'), ...of('ReadThrottleEvents')]),
    graph('Tables: system errors', [systemErrors]),
  ];
}

function api({ api }: Watched): IWidget[] {
  return [
    graph('API: requests', [apiMetric(api, 'Count', 'Sum'), apiMetric(api, '4XXError', 'Sum')]),
    graph('API: server errors', [apiMetric(api, '5XXError', 'Sum')]),
    graph('API: latency, in ms', [apiMetric(api, 'Latency', 'p50'), apiMetric(api, 'Latency', 'p99')]),
  ];
}

function graph(title: string, left: readonly IMetric[]): IWidget {
  return new GraphWidget({ title, left: [...left], width: HALF_WIDTH });
}

/** A row for what takes the whole width, and rows of two. */
function inPairs(widgets: readonly IWidget[]): IWidget[][] {
  const rows: IWidget[][] = [];
  for (const widget of widgets) {
    const row = rows.at(-1);
    const taken = row?.reduce((sum, { width }) => sum + width, 0) ?? WHOLE_WIDTH;
    if (row !== undefined && taken + widget.width <= WHOLE_WIDTH) row.push(widget);
    else rows.push([widget]);
  }
  return rows;
}
