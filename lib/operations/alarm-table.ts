import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, type IMetric, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { TIME_INDEX } from '../../lambdas/storage/keys.ts';
import { counted, greatestOf, sumOf, WINDOW } from './metrics.ts';
import type { Watched } from './watched.ts';

/** What is watched, when it is wrong, and what a customer then loses. */
export interface AlarmSpec {
  /** Also the heading of its section in docs/runbook.md. */
  readonly name: string;
  /** A sentence: the first thing that whoever is woken reads. */
  readonly loses: string;
  readonly metric: IMetric;
  readonly threshold: number;
  readonly comparison?: ComparisonOperator;
  /** So many windows in a row; one unless said. */
  readonly windows?: number;
  /** Silence is the fault. */
  readonly isHeartbeat?: true;
  /** Watched in every stage: money may be missing, or nobody would know. */
  readonly isAboutMoney?: true;
  /** Starts a reconciliation of whom it is about. */
  readonly startsReconcile?: true;
  /** A new release that raises it is taken back. */
  readonly rollsBack?: true;
}

/** A message that waits so long is no burst any more: consumers take in seconds what queues up. */
const OLDEST_MESSAGE_SECONDS = 300;

/** Callers give up about then; the HTTP functions themselves do at ten seconds. */
const SLOW_MS = 3_000;

/** Below these a retry hides it: SDK and queues repeat what was throttled. */
const THROTTLED_INVOCATIONS = 10;
const THROTTLED_WRITES = 100;

/** So many in a window are no one's bad luck. */
const SERVER_ERRORS = 5;

/** Verifications that may fail or run long one after another before anyone need look. */
const MISSED_VERIFICATIONS = 3;

/** Every alarm of the system; docs/runbook.md has a section for each. */
export function alarmTable(watched: Watched): AlarmSpec[] {
  return [...aboutEvents(watched), ...aboutBooks(watched), ...aboutService(watched)];
}

function aboutEvents({ queues }: Watched): AlarmSpec[] {
  const dead = [queues.usage.deadLetters, queues.adjustments.deadLetters];
  return [
    {
      name: 'DeadLetters',
      loses: 'Accepted events are not charged: they failed at every delivery and wait for a person.',
      metric: sumOf(
        dead.map((queue) => queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: WINDOW })),
        'dead letters',
      ),
      ...{ threshold: 1, isAboutMoney: true, startsReconcile: true },
    },
    {
      name: 'UndoneWork',
      loses:
        'Nobody is verifying what a failed reconcile run or stream record was about, and usage figures may stand still.',
      metric: sumOf(
        [queues.reconcileRuns.deadLetters, queues.streamFailures].map((queue) =>
          queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: WINDOW }),
        ),
        'undone work',
      ),
      threshold: 1,
    },
    {
      name: 'OldestMessage',
      loses: 'Accepted events show in no balance or statement yet: what was accepted minutes ago is not posted.',
      metric: greatestOf(
        [queues.usage.queue, queues.adjustments.queue].map((queue) =>
          queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum', period: WINDOW }),
        ),
        'age of the oldest message',
      ),
      ...{ threshold: OLDEST_MESSAGE_SECONDS, windows: 2, rollsBack: true },
    },
    {
      name: 'StrandedEvents',
      loses: 'Accepted events were charged late: they had not settled, and the sweep sent them again.',
      metric: sumOf(counted('sweepResent'), 'events sent again'),
      ...{ threshold: 1, isAboutMoney: true },
    },
    {
      name: 'UnsettledEvents',
      loses: 'Accepted events will not be charged: the sweep gave them up, or nothing could be read from a message.',
      metric: sumOf([...counted('sweepGaveUp'), ...counted('unreadable')], 'events given up'),
      ...{ threshold: 1, isAboutMoney: true },
    },
    {
      name: 'LanesHalted',
      loses: 'A tenant is not charged for a sixteenth of its events: a lane of its journal stands still.',
      metric: sumOf(counted('laneHalted'), 'halted lanes'),
      threshold: 1,
    },
    {
      name: 'EventsNotAccepted',
      loses: 'Customers’ batches are turned away in part, and what they do not send again is never charged.',
      metric: sumOf(counted('notAccepted'), 'events not accepted'),
      ...{ threshold: 1, rollsBack: true },
    },
    {
      name: 'KeysDamaged',
      loses:
        'Deliveries of a provider, or requests of a program, are turned away: what is kept of its key can’t be read.',
      metric: sumOf([...counted('webhookKeysDamaged'), ...counted('apiKeysDamaged')], 'damaged keys'),
      threshold: 1,
    },
  ];
}

function aboutBooks({ stage }: Watched): AlarmSpec[] {
  return [
    {
      name: 'Drift',
      loses: 'A balance, statement or invoice may be wrong: the records contradict each other.',
      metric: sumOf(counted('discrepancies'), 'discrepancies'),
      ...{ threshold: 1, isAboutMoney: true },
    },
    {
      name: 'GuardFindings',
      loses: 'A customer’s records may be forged: somebody edited or removed what must never change.',
      metric: sumOf(counted('guardFindings'), 'edits and removals'),
      ...{ threshold: 1, isAboutMoney: true, startsReconcile: true },
    },
    {
      name: 'ReconcileSilent',
      loses: 'An error in the books would go unnoticed: no scheduled verification has been completed.',
      metric: sumOf(counted('runsCompleted', 'Sum', Duration.minutes(stage.verifyEveryMinutes)), 'completed runs'),
      ...{ threshold: 1, comparison: ComparisonOperator.LESS_THAN_THRESHOLD, windows: MISSED_VERIFICATIONS },
      ...{ isHeartbeat: true, isAboutMoney: true },
    },
    {
      name: 'AuditFailures',
      loses: 'Nobody could prove later what an administrator did: the audit log could not be written.',
      metric: sumOf(counted('auditFailures'), 'audit failures'),
      threshold: 1,
    },
    {
      name: 'CloseFailures',
      loses: 'A month can’t be invoiced: its close does not finish, or its seal has no anchor.',
      metric: sumOf([...counted('closeFailures'), ...counted('closeAnchorFailures')], 'close failures'),
      threshold: 1,
    },
    {
      name: 'PagesUncounted',
      loses: 'Usage over time shows too little until it is rebuilt; balances and statements are right.',
      metric: sumOf([...counted('pagesUncounted'), ...counted('pageGaps')], 'uncounted pages'),
      threshold: 1,
    },
  ];
}

function aboutService({ api, functions, tables }: Watched): AlarmSpec[] {
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

/** How CloudWatch is told: silence is no fault but where it is the very fault. */
export function missingData({ isHeartbeat }: AlarmSpec): TreatMissingData {
  return isHeartbeat ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING;
}
