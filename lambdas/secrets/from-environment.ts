import type { Secrets } from './secrets.ts';
import { secretsManager } from './secrets-manager.ts';
import { seedFile } from './seed-file.ts';

/** Secrets Manager, unless the embedded stack has named its file. */
export function secretsFrom(environment: {
  JWT_SECRET_ARN: string;
  ZEROSUM_SECRETS_FILE: string | undefined;
}): Secrets {
  const { JWT_SECRET_ARN: arn, ZEROSUM_SECRETS_FILE: path } = environment;
  return path === undefined ? secretsManager(arn) : seedFile(path);
}
