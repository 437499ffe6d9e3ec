import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { Stage } from './stage.ts';

/** KMS's longest wait before a key is really gone, and with it everything that was encrypted under it. */
const PENDING_DAYS = 30;

/**
 * The stage's one key (docs/adr/0025-one-key.md): tables, queues, bucket, secrets and logs lie encrypted under it. Who
 * may use it by way of which service is listed in `authority.ts`; only services that come without a role are named here.
 */
export class DataKey extends Key {
  constructor(scope: Construct, id: string, { stage }: { stage: Stage }) {
    super(scope, id, {
      description: `Zerosum ${stage.name}: encrypts tables, queues, anchors, secrets and logs`,
      enableKeyRotation: true,
      pendingWindow: Duration.days(PENDING_DAYS),
      removalPolicy: stage.keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    this.#allowLogs(stage);
  }

  /**
   * CloudWatch Logs comes as itself, for the log groups of this stage's service stack and its API alone (CloudWatch Logs
   * User Guide, "Encrypt log data in CloudWatch Logs using AWS KMS").
   */
  #allowLogs(stage: Stage): void {
    const { partition, region, account } = Stack.of(this);
    const logGroups = `arn:${partition}:logs:${region}:${account}:log-group`;
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: 'LogGroupsOfThisStage',
        principals: [new ServicePrincipal(`logs.${region}.amazonaws.com`)],
        actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
        resources: ['*'],
        conditions: {
          ArnLike: {
            'kms:EncryptionContext:aws:logs:arn': [
              `${logGroups}:zerosum-${stage.name}-*`,
              `${logGroups}:${executionLogGroupName('*', stage)}`,
            ],
          },
        },
      }),
    );
  }
}

/** The name under which API Gateway logs what goes wrong inside it, whether or not such a log group was declared. */
export function executionLogGroupName(restApiId: string, stage: Stage): string {
  return `API-Gateway-Execution-Logs_${restApiId}/${stage.name}`;
}
