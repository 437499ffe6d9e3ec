import { RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type LogGroupProps, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Stage } from './stage.ts';

/** How long every log group of a stage keeps what it is told, and under which key. */
export function logSettings(stage: Stage, key: IKey): LogGroupProps {
  return {
    encryptionKey: key,
    retention: stage.keepsData ? RetentionDays.ONE_YEAR : RetentionDays.ONE_WEEK,
    removalPolicy: stage.keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  };
}
