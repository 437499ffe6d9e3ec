import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { AlarmTopic } from './alarm-topic.ts';
import { Alarms } from './alarms.ts';
import { Dashboards } from './dashboards.ts';
import { TargetedReconcile } from './targeted-reconcile.ts';
import type { Watched } from './watched.ts';

interface Props {
  readonly watched: Watched;
  readonly key: IKey;
  readonly reconcile: IFunction;
}

/** What a stage is run by: alarms that tell people, dashboards, and the verification that an alarm starts by itself. */
export class Operations extends Construct {
  /** What a release is watched by while traffic shifts to it. */
  readonly rollbackAlarms: readonly Alarm[];

  constructor(scope: Construct, id: string, { watched, key, reconcile }: Props) {
    super(scope, id);
    const alarms = new Alarms(this, 'Alarms', { watched, topic: new AlarmTopic(this, 'AlarmTopic', { key }) });
    this.rollbackAlarms = alarms.rollback;
    new TargetedReconcile(this, 'VerifySuspects', { alarms: alarms.suspicious, target: reconcile });
    if (watched.stage.hasDashboards) new Dashboards(this, 'Dashboards', watched);
  }
}
