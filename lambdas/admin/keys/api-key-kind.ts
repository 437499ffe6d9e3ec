import { type ApiKey, type ApiKeyHash, apiKeyHash, apiKeyText } from '../../domain/api-key.ts';
import type { ApiKeyId } from '../../domain/ids.ts';
import { apiKeyItem, apiKeyOf } from '../../storage/api-keys.ts';
import { KeyRegister } from '../../storage/key-register.ts';
import { apiKeyKey } from '../../storage/keys.ts';
import type { World } from '../../world.ts';
import type { KeyKind } from './key-kind.ts';
import type { ApiKeyWish } from './key-request.ts';

/** API keys: of their secrets only a hash is kept. */
export function apiKeyKind(
  { dynamodb, newSecret }: Pick<World, 'dynamodb' | 'newSecret'>,
  configTable: string,
): KeyKind<ApiKey, ApiKeyWish> {
  const form = { keyOf: apiKeyKey, itemOf: apiKeyItem, read: apiKeyOf };
  return {
    idPrefix: 'key_',
    register: new KeyRegister(dynamodb, configTable, form),
    newSecret: async (keyId) => {
      const secret = newSecret();
      return { kept: apiKeyHash(keyId, secret), shown: apiKeyText(keyId as ApiKeyId, secret) };
    },
    keepOn: async ({ current }) => current,
    create: ({ scopes }, key) => ({
      ...{ keyId: key.keyId as ApiKeyId, tenant: key.tenant, scopes, createdAt: key.createdAt },
      current: key.current as ApiKeyHash,
    }),
    details: ({ scopes }) => ({ scopes }),
  };
}
