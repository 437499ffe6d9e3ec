import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { API_KEY_PREFIX, type ApiKey, type ApiKeyHash, apiKeyHash, parseApiKey } from '../domain/api-key.ts';
import { stillValid } from '../domain/issued-key.ts';
import { type Authenticate, bearerOf, unauthenticated } from './authenticate.ts';
import { RecentKeys } from './recent-keys.ts';

const HASH_BYTES = 32;

/**
 * Verifies API keys, and leaves every other credential to `authenticateToken`. Each key of the right form takes the same
 * steps, whatever is wrong with it, so that neither answer nor time tells a caller which keys there are.
 * @param find the key as it stands now, revoked or not
 */
export function withApiKeys(
  authenticateToken: Authenticate,
  find: (keyId: string) => Promise<ApiKey | undefined>,
  clock: Pick<Clock, 'nowMs'>,
): Authenticate {
  const nowMs = () => clock.nowMs();
  const dummyHash = randomBytes(HASH_BYTES).toString('hex') as ApiKeyHash;
  const valid = async (keyId: string) => {
    const key = await find(keyId);
    return key?.revokedAt === undefined ? key : undefined;
  };
  const recent = new RecentKeys(valid, (key) => key !== undefined, nowMs);
  return async (authorization) => {
    const text = bearerOf(authorization);
    if (text?.startsWith(API_KEY_PREFIX) !== true) return authenticateToken(authorization);
    const claim = parseApiKey(text);
    if (claim === undefined) throw unauthenticated();
    const key = await recent.find(claim.keyId);
    const sent = apiKeyHash(claim.keyId, claim.secret);
    // Both comparisons are made, also after one that fits.
    const isCurrent = isSame(sent, key?.current ?? dummyHash);
    const isPrevious = isSame(sent, stillValid(key?.previous, nowMs()) ?? dummyHash);
    if (key === undefined || !(isCurrent || isPrevious)) throw unauthenticated();
    return { kind: 'tenant', tenant: key.tenant, scopes: key.scopes, subject: `api_key:${key.keyId}` };
  };
}

function isSame(left: ApiKeyHash, right: ApiKeyHash): boolean {
  return timingSafeEqual(Buffer.from(left), Buffer.from(right));
}
