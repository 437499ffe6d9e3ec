import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { Stage } from './stage.ts';

const SECRET_CHARS = 64;

/** A secret that Secrets Manager makes up, in the form in which ours rotate; nobody ever has to see it. */
export class GeneratedSecret extends Secret {
  constructor(scope: Construct, id: string, props: { stage: Stage; key: IKey; description: string }) {
    super(scope, id, {
      description: props.description,
      encryptionKey: props.key,
      generateSecretString: { secretStringTemplate: '{}', generateStringKey: 'current', passwordLength: SECRET_CHARS },
      removalPolicy: props.stage.keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason: 'It is rotated by a person, who knows who holds tokens signed with it; two secrets are valid meanwhile.',
    });
  }
}
