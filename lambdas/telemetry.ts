import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

/** Every business metric, by the one name that code, dashboards and alarms share. */
export const metricNames = {
  accepted: 'EventsAccepted',
  replayed: 'EventsReplayed',
  conflicts: 'EventConflicts',
  notAccepted: 'EventsNotAccepted',
  enqueueFailed: 'EnqueueFailures',
  posted: 'EventsPosted',
  alreadyPosted: 'EventsAlreadyPosted',
  refused: 'EventsRefused',
  undelivered: 'EventsUndelivered',
  unreadable: 'UnreadableMessages',
  laneHalted: 'LanesHalted',
  groupsReturned: 'GroupsReturned',
  postingLagMs: 'PostingLag',
  sweepResent: 'SweepResent',
  sweepGaveUp: 'SweepGaveUp',
  redriven: 'EventsRedriven',
  periodsClosed: 'PeriodsClosed',
  closesResumed: 'ClosesResumed',
  closeFailures: 'CloseFailures',
  closeAnchorFailures: 'CloseAnchorFailures',
  discrepancies: 'Discrepancies',
  auditFailures: 'AuditFailures',
  pagesCounted: 'PagesCounted',
  pagesReturned: 'PagesReturned',
  pagesUncounted: 'PagesUncounted',
  pageGaps: 'PageGaps',
  guardFindings: 'GuardFindings',
  webhookKeysDamaged: 'WebhookKeysDamaged',
  internalErrors: 'InternalErrors',
} as const;

export type MetricKey = keyof typeof metricNames;

export const METRIC_NAMESPACE = 'Zerosum';

/** What a function says of itself. Never an idempotency key's owner's secret, a token or a payload. */
export interface Telemetry {
  count(metric: MetricKey, value?: number): void;
  durationMs(metric: MetricKey, value: number): void;
  info(message: string, details?: Record<string, unknown>): void;
  warn(message: string, details?: Record<string, unknown>): void;
  error(message: string, error: unknown, details?: Record<string, unknown>): void;
  /** Writes out the metrics of one invocation. */
  flush(): void;
}

/** Structured logs and CloudWatch's embedded metric format, both on standard output. */
export function powertoolsTelemetry(): Telemetry {
  const logger = new Logger();
  const metrics = new Metrics({ namespace: METRIC_NAMESPACE });
  const add = (metric: MetricKey, unit: (typeof MetricUnit)[keyof typeof MetricUnit], value: number) => {
    metrics.addMetric(metricNames[metric], unit, value);
  };
  return {
    count: (metric, value = 1) => add(metric, MetricUnit.Count, value),
    durationMs: (metric, value) => add(metric, MetricUnit.Milliseconds, value),
    info: (message, details = {}) => logger.info(message, details),
    warn: (message, details = {}) => logger.warn(message, details),
    error: (message, error, details = {}) => logger.error(message, { ...details, error: asError(error) }),
    flush: () => {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    },
  };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
