import type { webcrypto } from 'node:crypto';
import { CachedSecret } from '../secrets/cached-secret.ts';
import type { Secrets } from '../secrets/secrets.ts';

export type Keys = readonly webcrypto.CryptoKey[];

/** The keys of the token secret, the current one first, in the form jose verifies with. */
export function sharedKeys(secrets: Secrets, nowMs: () => number): CachedSecret<Keys> {
  return new CachedSecret(async () => {
    const { current, previous } = await secrets.jwt();
    return Promise.all([current, previous].filter((secret) => secret !== undefined).map(imported));
  }, nowMs);
}

/** Any other form jose would convert again for every token. */
function imported(secret: string): Promise<webcrypto.CryptoKey> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  return crypto.subtle.importKey('raw', new TextEncoder().encode(secret), algorithm, false, ['verify']);
}
