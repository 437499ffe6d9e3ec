import type { S3Client } from '@aws-sdk/client-s3';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Clock } from './clock.ts';
import type { Authenticate } from './http/authenticate.ts';
import type { ReadSealSecret, Secrets } from './secrets/secrets.ts';
import type { Telemetry } from './telemetry.ts';

/**
 * Everything outside a function that it reaches: nothing of ours gets at AWS, time, chance or a secret but through this, so
 * that a simulation can stand in for all of it. Each function takes only what it needs.
 */
export interface World {
  readonly dynamodb: DynamoDBDocumentClient;
  readonly sqs: SQSClient;
  readonly s3: S3Client;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly authenticate: Authenticate;
  readonly secrets: Secrets;
  readonly readSealSecret: ReadSealSecret;
  /** A name nobody else has. */
  readonly newId: () => string;
  /** 256 bits that nobody can guess, as 64 hexadecimal digits. */
  readonly newSecret: () => string;
}
