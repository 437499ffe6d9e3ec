import type { Branded } from './brand.ts';
import { sha256Hex } from './digest.ts';
import type { ApiKeyId } from './ids.ts';
import type { IssuedKey } from './issued-key.ts';
import type { Scope } from './scope.ts';

/** What every API key begins with, and no JSON Web Token does: that begins with `{` in Base64, which is `e`. */
export const API_KEY_PREFIX = 'zs_';

/** Its secret is 64 hexadecimal digits without any `_`, so what lies before the last `_` is its id. */
const API_KEY_PATTERN = new RegExp(`^${API_KEY_PREFIX}([A-Za-z0-9_-]{1,64})_([0-9a-f]{64})$`);

export type ApiKeyHash = Branded<string, 'ApiKeyHash'>;

/** A key that lets programs of a tenant in. */
export interface ApiKey extends IssuedKey<ApiKeyId, ApiKeyHash> {
  readonly scopes: readonly Scope[];
}

/** The parts of what a caller sent as an API key, or undefined when it is none. */
export function parseApiKey(text: string): { readonly keyId: ApiKeyId; readonly secret: string } | undefined {
  const [, keyId, secret] = API_KEY_PATTERN.exec(text) ?? [];
  return keyId === undefined || secret === undefined ? undefined : { keyId: keyId as ApiKeyId, secret };
}

/** What a caller sends. @param secret 64 hexadecimal digits */
export function apiKeyText(keyId: ApiKeyId, secret: string): string {
  return `${API_KEY_PREFIX}${keyId}_${secret}`;
}

/**
 * What we keep of a secret: bound to its key, so that it fits no other. One fast hash is enough for a secret of 256 random
 * bits (NIST SP 800-63B, 5.1.2.2: from 112 bits on; salted, slow hashes are for what people choose), and a slow one would
 * let anyone who makes keys up keep us busy.
 */
export function apiKeyHash(keyId: string, secret: string): ApiKeyHash {
  return sha256Hex(JSON.stringify(['zerosum/api-key/1', keyId, secret])) as ApiKeyHash;
}
