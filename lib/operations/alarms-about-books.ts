import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmSpec } from './alarm-spec.ts';
import { countedIn, sumOf } from './metrics.ts';
import type { Watched } from './watched.ts';

/** Verifications that may fail or run long one after another before anyone need look. */
const MISSED_VERIFICATIONS = 3;

/** Whether the books are right, and somebody looks. */
export function aboutBooks({ stage }: Watched): AlarmSpec[] {
  const counted = countedIn(stage);
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
