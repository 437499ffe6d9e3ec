import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { documentClient } from '../../lambdas/storage/dynamo.ts';
import type { RunningStack } from './stack.ts';

/** A function's way to its services, in other hands: what whoever has taken it over could do. */
export interface FunctionClients {
  readonly dynamodb: DynamoDBDocumentClient;
  readonly sqs: SQSClient;
  readonly s3: S3Client;
  /** A queue's URL as the function would be given it, by the short form of its logical id. */
  queueUrl(label: string): string;
}

/** Clients with the credentials and endpoints of a function's own processes. */
export async function clientsOf(stack: RunningStack, functionName: string): Promise<FunctionClients> {
  const response = await fetch(`${stack.info().controlUrl}/functions/${functionName}/environment`);
  const environment = (await response.json()) as Record<string, string>;
  const variable = (name: string): string => {
    const value = environment[name];
    if (value === undefined) throw new Error(`${functionName} has no ${name}: ${JSON.stringify(environment)}`);
    return value;
  };
  const common = {
    region: variable('AWS_REGION'),
    credentials: {
      accessKeyId: variable('AWS_ACCESS_KEY_ID'),
      secretAccessKey: variable('AWS_SECRET_ACCESS_KEY'),
      sessionToken: variable('AWS_SESSION_TOKEN'),
    },
  };
  const sqsEndpoint = variable('AWS_ENDPOINT_URL_SQS');
  return {
    dynamodb: documentClient({ ...common, endpoint: variable('AWS_ENDPOINT_URL_DYNAMODB') }),
    sqs: new SQSClient({ ...common, endpoint: sqsEndpoint }),
    s3: new S3Client({ ...common, endpoint: variable('AWS_ENDPOINT_URL_S3'), forcePathStyle: true }),
    queueUrl: (label) => `${sqsEndpoint}${new URL(stack.queueUrl(label)).pathname}`,
  };
}
