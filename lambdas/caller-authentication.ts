import { damagedKeyReport, undamaged } from './damaged-key.ts';
import { withApiKeys } from './http/api-key-authentication.ts';
import type { Authenticate } from './http/authenticate.ts';
import { ApiKeys } from './storage/api-keys.ts';
import type { World } from './world.ts';

/** What a function that answers callers asks of each of them: a token or an API key. */
export function callerAuthentication(
  { authenticate, dynamodb, clock, telemetry }: Pick<World, 'authenticate' | 'dynamodb' | 'clock' | 'telemetry'>,
  configTable: string,
): Authenticate {
  const keys = new ApiKeys(dynamodb, configTable);
  const report = damagedKeyReport(telemetry, 'apiKeysDamaged');
  return withApiKeys(authenticate, (keyId) => undamaged(keys, keyId, report), clock);
}
