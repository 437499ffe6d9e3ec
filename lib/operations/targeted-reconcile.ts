import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

/** Tries after the first: the function begins no run twice for one suspicion. */
const RETRIES = 2;

/** When one of these alarms is raised, the reconcile function verifies whom it is about, before anyone is awake. */
export class TargetedReconcile extends Rule {
  constructor(scope: Construct, id: string, { alarms, target }: { alarms: readonly Alarm[]; target: IFunction }) {
    super(scope, id, {
      description: 'Verifies the tenants that a suspicious alarm is about.',
      eventPattern: {
        source: ['aws.cloudwatch'],
        detailType: ['CloudWatch Alarm State Change'],
        resources: alarms.map(({ alarmArn }) => alarmArn),
        detail: { state: { value: ['ALARM'] } },
      },
      targets: [new LambdaFunction(target, { retryAttempts: RETRIES })],
    });
  }
}
