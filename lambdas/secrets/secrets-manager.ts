import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { parseSecret, rotatingSecretSchema, type Secrets } from './secrets.ts';

/** Secrets from AWS Secrets Manager, read each time: callers cache. */
export function secretsManager(jwtSecretArn: string): Secrets {
  const client = new SecretsManagerClient({});
  return {
    async jwt() {
      const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId: jwtSecretArn }));
      return parseSecret(rotatingSecretSchema, SecretString, jwtSecretArn);
    },
  };
}
