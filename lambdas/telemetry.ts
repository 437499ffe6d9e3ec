import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { EnvironmentOf } from './environment.ts';

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
  usageChargedMinor: 'UsageChargedMinor',
  sweepResent: 'SweepResent',
  sweepGaveUp: 'SweepGaveUp',
  redriven: 'EventsRedriven',
  periodsClosed: 'PeriodsClosed',
  closesResumed: 'ClosesResumed',
  closeFailures: 'CloseFailures',
  closeAnchorFailures: 'CloseAnchorFailures',
  discrepancies: 'Discrepancies',
  runsCompleted: 'RunsCompleted',
  auditFailures: 'AuditFailures',
  pagesCounted: 'PagesCounted',
  pagesReturned: 'PagesReturned',
  pagesUncounted: 'PagesUncounted',
  pageGaps: 'PageGaps',
  guardFindings: 'GuardFindings',
  webhookKeysDamaged: 'WebhookKeysDamaged',
  apiKeysDamaged: 'ApiKeysDamaged',
  internalErrors: 'InternalErrors',
} as const;

export type MetricKey = keyof typeof metricNames;

export type StageName = EnvironmentOf<['STAGE']>['STAGE'];

/**
 * One for each stage: CloudWatch tells metrics apart by namespace, name and dimensions alone, so in an account with two stages
 * the runs of one would hide the silence of the other, and its faults take back the other's release.
 */
export function metricNamespace(stage: StageName): string {
  return `Zerosum/${stage}`;
}

/** The one dimension of every metric, which Powertools adds: the function's name. */
export const SERVICE_DIMENSION = 'service';

/** The second dimension of an amount of money: no sum over two currencies means anything. */
export const CURRENCY_DIMENSION = 'currency';

/**
 * What a function says of itself. Names may be said: of tenants, periods, lanes, event ids, requests. Never a secret, a token,
 * a signature, what a payload says, or why an adjustment was made (docs/runbook.md, "What is in a log").
 */
export interface Telemetry {
  count(metric: MetricKey, value?: number): void;
  durationMs(metric: MetricKey, value: number): void;
  /** Money to look at, in minor units: CloudWatch keeps it as a floating-point number, so no book is ever made of it. */
  amount(metric: MetricKey, minor: bigint, currency: string): void;
  info(message: string, details?: Record<string, unknown>): void;
  warn(message: string, details?: Record<string, unknown>): void;
  error(message: string, error: unknown, details?: Record<string, unknown>): void;
  /** Writes out the metrics of one invocation. */
  flush(): void;
}

/** Structured logs and CloudWatch's embedded metric format, both on standard output. */
export function powertoolsTelemetry(stage: StageName): Telemetry {
  const logger = new Logger();
  const metrics = new Metrics({ namespace: metricNamespace(stage) });
  const add = (metric: MetricKey, unit: (typeof MetricUnit)[keyof typeof MetricUnit], value: number) => {
    metrics.addMetric(metricNames[metric], unit, value);
  };
  const amounts = new Map<string, { metric: MetricKey; currency: string; minor: bigint }>();
  const publishAmounts = () => {
    for (const { metric, currency, minor } of amounts.values()) {
      const single = metrics.singleMetric();
      single.addDimension(CURRENCY_DIMENSION, currency);
      single.addMetric(metricNames[metric], MetricUnit.NoUnit, Number(minor));
    }
    amounts.clear();
  };
  return {
    count: (metric, value = 1) => add(metric, MetricUnit.Count, value),
    durationMs: (metric, value) => add(metric, MetricUnit.Milliseconds, value),
    // Summed exactly within an invocation, and rounded once.
    amount: (metric, minor, currency) => {
      const name = `${metric} ${currency}`;
      amounts.set(name, { metric, currency, minor: (amounts.get(name)?.minor ?? 0n) + minor });
    },
    info: (message, details = {}) => logger.info(message, details),
    warn: (message, details = {}) => logger.warn(message, details),
    error: (message, error, details = {}) => logger.error(message, { ...details, error: asError(error) }),
    flush: () => {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
      publishAmounts();
    },
  };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
