import type { ApiKey } from './domain/api-key.ts';
import { withApiKeys } from './http/api-key-authentication.ts';
import type { Authenticate } from './http/authenticate.ts';
import { ApiKeys } from './storage/api-keys.ts';
import { DamagedItemError } from './storage/item.ts';
import type { World } from './world.ts';

/** What a function that answers callers asks of each of them: a token or an API key. */
export function callerAuthentication(
  { authenticate, dynamodb, clock, telemetry }: Pick<World, 'authenticate' | 'dynamodb' | 'clock' | 'telemetry'>,
  configTable: string,
): Authenticate {
  const keys = new ApiKeys(dynamodb, configTable);
  /** A record that is damaged is nobody's key to a caller, whatever it is to us. */
  const find = async (keyId: string): Promise<ApiKey | undefined> => {
    try {
      return await keys.find(keyId);
    } catch (error) {
      if (!(error instanceof DamagedItemError)) throw error;
      telemetry.count('apiKeysDamaged');
      telemetry.error('An API key cannot be used: its record was damaged or tampered with.', error, { key_id: keyId });
      return undefined;
    }
  };
  return withApiKeys(authenticate, find, clock);
}
