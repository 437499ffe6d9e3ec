import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { parseSecret, type RotatingSecret, rotatingSecretSchema } from './secrets.ts';

/** A rotating secret in AWS Secrets Manager, read each time: callers cache. */
export function secretsManager(): (arn: string) => Promise<RotatingSecret> {
  const client = new SecretsManagerClient({});
  return async (arn) => {
    const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
    return parseSecret(rotatingSecretSchema, SecretString, arn);
  };
}
