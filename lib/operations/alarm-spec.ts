import { type ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';

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

/** How CloudWatch is told: silence is no fault but where it is the very fault. */
export function missingData({ isHeartbeat }: AlarmSpec): TreatMissingData {
  return isHeartbeat ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING;
}
