import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Stage } from './stage.ts';

/**
 * Write-once anchors: a version under Object Lock can't be changed or deleted before its retention ends, in compliance
 * mode by nobody, the account's root included (Amazon S3 User Guide, "Locking objects with Object Lock").
 */
export class AnchorBucket extends Bucket {
  constructor(scope: Construct, id: string, props: { stage: Stage; key: IKey }) {
    const { keepsData, anchorRetentionDays } = props.stage;
    const retention = Duration.days(anchorRetentionDays);
    super(scope, id, {
      objectLockEnabled: true,
      // A stage that may be thrown away must be deletable by whoever may bypass governance.
      objectLockDefaultRetention: keepsData
        ? ObjectLockRetention.compliance(retention)
        : ObjectLockRetention.governance(retention),
      versioned: true,
      encryption: BucketEncryption.KMS,
      encryptionKey: props.key,
      // One call of KMS for the bucket now and then, not one for every anchor.
      bucketKeyEnabled: true,
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      removalPolicy: keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    // The lock protects versions, not keys: without this, a second put would stand in front of the first.
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: 'OnlyUnderNewKeys',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['s3:PutObject'],
        resources: [this.arnForObjects('*')],
        conditions: { Null: { 's3:if-none-match': 'true' } },
      }),
    );
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'Two roles may put and one may read, nobody may change: a log of that needs a second bucket, unlocked.',
    });
  }
}
