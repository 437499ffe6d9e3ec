import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { type MetricKey, metricNames, metricNamespace, SERVICE_DIMENSION } from '../../lambdas/telemetry.ts';
import type { FunctionName } from '../function-limits.ts';
import type { Stage } from '../stage.ts';

/** CloudWatch delivers an embedded metric within a minute or two: a window of five sees it before it closes. */
export const WINDOW = Duration.minutes(5);

/**
 * The functions that count each metric. CloudWatch keeps one metric for each of them and adds none up by itself: an alarm
 * sees exactly the functions that it names.
 */
export const countedBy = {
  accepted: ['ingest', 'admin'],
  replayed: ['ingest', 'admin'],
  conflicts: ['ingest', 'admin'],
  notAccepted: ['ingest'],
  enqueueFailed: ['ingest', 'admin', 'reconcile'],
  posted: ['consumer'],
  alreadyPosted: ['consumer'],
  refused: ['consumer'],
  undelivered: ['consumer'],
  unreadable: ['consumer'],
  laneHalted: ['consumer'],
  groupsReturned: ['consumer'],
  postingLagMs: ['consumer'],
  usageChargedMinor: ['consumer'],
  sweepResent: ['reconcile'],
  sweepGaveUp: ['reconcile'],
  redriven: ['reconcile'],
  periodsClosed: ['admin'],
  closesResumed: ['admin'],
  closeFailures: ['admin'],
  closeAnchorFailures: ['admin'],
  discrepancies: ['reconcile'],
  runsCompleted: ['reconcile'],
  auditFailures: ['admin', 'reconcile'],
  pagesCounted: ['projector'],
  pagesReturned: ['projector'],
  pagesUncounted: ['projector'],
  pageGaps: ['projector'],
  guardFindings: ['guard'],
  webhookKeysDamaged: ['ingest'],
  apiKeysDamaged: ['ingest', 'read', 'admin', 'reconcile'],
  internalErrors: ['ingest', 'read', 'admin', 'reconcile', 'docs', 'console'],
} as const satisfies Record<MetricKey, readonly FunctionName[]>;

/** What gives a stage's metrics of ours: of a key one for each function that counts it. */
export function countedIn({ name }: Stage) {
  return (key: MetricKey, statistic = 'Sum', period = WINDOW): Metric[] =>
    countedBy[key].map(
      (service) =>
        new Metric({
          namespace: metricNamespace(name),
          metricName: metricNames[key],
          dimensionsMap: { [SERVICE_DIMENSION]: service },
          label: `${metricNames[key]} ${service}`,
          ...{ statistic, period },
        }),
    );
}

/** All of them added up; where one says nothing it counts as nothing. A single metric stays itself. */
export function sumOf(metrics: readonly IMetric[], label: string, period = WINDOW): IMetric {
  return combined(metrics, (terms) => terms.join(' + '), label, period);
}

/** The greatest of them. */
export function greatestOf(metrics: readonly IMetric[], label: string, period = WINDOW): IMetric {
  return combined(metrics, (terms) => `MAX([${terms.join(', ')}])`, label, period);
}

function combined(
  metrics: readonly IMetric[],
  formula: (terms: readonly string[]) => string,
  label: string,
  period: Duration,
): IMetric {
  const [only] = metrics;
  if (only !== undefined && metrics.length === 1) return only;
  const names = metrics.map((_, index) => `m${index}`);
  return new MathExpression({
    expression: formula(names.map((name) => `FILL(${name}, 0)`)),
    usingMetrics: Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric])),
    ...{ label, period },
  });
}
