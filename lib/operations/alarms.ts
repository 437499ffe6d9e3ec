import { Alarm, ComparisonOperator } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { type AlarmSpec, missingData } from './alarm-spec.ts';
import { alarmTable } from './alarm-table.ts';
import type { Watched } from './watched.ts';

/** Where the description of each alarm sends whoever it wakes. */
const RUNBOOK = 'docs/runbook.md';

/**
 * The stage's alarms, each telling the topic. A month of an alarm costs $0.10 for every metric in it (CloudWatch pricing), so a
 * stage that must idle cheaply has those alone that are about money.
 */
export class Alarms extends Construct {
  /** What a release is watched by while traffic shifts to it. */
  readonly rollback: readonly Alarm[];
  /** What starts a targeted reconciliation. */
  readonly suspicious: readonly Alarm[];

  constructor(scope: Construct, id: string, { watched, topic }: { watched: Watched; topic: ITopic }) {
    super(scope, id);
    const { stage } = watched;
    const chosen = alarmTable(watched).filter(({ isAboutMoney }) => stage.alarms === 'all' || isAboutMoney);
    const alarms = chosen.map((spec) => ({ spec, alarm: this.#alarm(spec, stage.name) }));
    for (const { alarm } of alarms) alarm.addAlarmAction(new SnsAction(topic));
    this.rollback = alarms.filter(({ spec }) => spec.rollsBack).map(({ alarm }) => alarm);
    this.suspicious = alarms.filter(({ spec }) => spec.startsReconcile).map(({ alarm }) => alarm);
  }

  #alarm(spec: AlarmSpec, stage: string): Alarm {
    const { name, loses, metric, threshold, comparison, windows = 1 } = spec;
    return new Alarm(this, name, {
      alarmName: `zerosum-${stage}-${name}`,
      alarmDescription: `${loses} ${RUNBOOK}#${name.toLowerCase()}`,
      metric,
      threshold,
      comparisonOperator: comparison ?? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: windows,
      treatMissingData: missingData(spec),
    });
  }
}
