import { Aws } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';

const ofThisAccount = { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } };

const EMAIL = /^[^\s@]+@[^\s@]+$/;

/** Where alarms go: encrypted, over TLS alone, and by mail to `-c alarmEmail=…`, if that was given. */
export class AlarmTopic extends Topic {
  /** @param props.key a key of the stack's: SNS's own lets no alarm publish (AWS re:Post, "CloudWatch alarm with an encrypted SNS topic") */
  constructor(scope: Construct, id: string, { key }: { key: IKey }) {
    super(scope, id, { displayName: 'Zerosum alarms', masterKey: key, enforceSSL: true });
    key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsPublish',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
        conditions: ofThisAccount,
      }),
    );
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsOfThisAccount',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topicArn],
        conditions: ofThisAccount,
      }),
    );
    const email: unknown = this.node.tryGetContext('alarmEmail');
    if (email === undefined) return;
    if (typeof email !== 'string' || !EMAIL.test(email))
      throw new Error('Pass an address: -c alarmEmail=you@example.com');
    this.addSubscription(new EmailSubscription(email));
  }
}
