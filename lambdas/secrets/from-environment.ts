import type { ReadSealSecret, Secrets } from './secrets.ts';
import { secretsManager } from './secrets-manager.ts';
import { seedFile } from './seed-file.ts';

interface SecretsFile {
  readonly ZEROSUM_SECRETS_FILE: string | undefined;
}

/** Secrets Manager, unless the embedded stack has named its file. */
export function secretsFrom(environment: SecretsFile & { readonly JWT_SECRET_ARN: string }): Secrets {
  const { JWT_SECRET_ARN: arn, ZEROSUM_SECRETS_FILE: path } = environment;
  if (path !== undefined) return { jwt: () => seedFile(path, 'jwt') };
  const read = secretsManager();
  return { jwt: () => read(arn) };
}

/** The same for the secret that webhook secrets are sealed with. */
export function sealSecretFrom(
  environment: SecretsFile & { readonly WEBHOOK_SEAL_SECRET_ARN: string },
): ReadSealSecret {
  const { WEBHOOK_SEAL_SECRET_ARN: arn, ZEROSUM_SECRETS_FILE: path } = environment;
  if (path !== undefined) return () => seedFile(path, 'webhookSeal');
  const read = secretsManager();
  return () => read(arn);
}
