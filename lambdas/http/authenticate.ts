import type { webcrypto } from 'node:crypto';
import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose';
import { parseTenantId, type TenantId } from '../domain/ids.ts';
import type { Secrets } from '../secrets/secrets.ts';
import { Problem } from './problem.ts';

/** Who a verified credential speaks for. */
export type Principal = { readonly kind: 'tenant'; readonly tenant: TenantId } | { readonly kind: 'admin' };

/** Reads the `Authorization` header's token; throws the one 401 there is, whatever is wrong with it. */
export type Authenticate = (authorization: string | undefined) => Promise<Principal>;

export interface TokenSettings {
  /** The one algorithm tokens may use: pinned here, never read from a token. */
  readonly algorithm: string;
  /** Where the public keys are, for an algorithm that has them. */
  readonly jwksUrl: string | undefined;
}

/** How long secrets are kept: after a rotation the old one is still `previous` for far longer. */
const SECRET_CACHE_MS = 60_000;

/** Of HS256, the one algorithm with a shared secret. */
const SHARED_SECRET_HASH = 'SHA-256';

const BEARER = /^Bearer +([^ ]+)$/i;

/** Verifies bearer tokens against a shared secret or, with a JWKS URL, against published keys. */
export function bearerAuthentication(settings: TokenSettings, secrets: Secrets, nowMs: () => number): Authenticate {
  const verify = settings.jwksUrl === undefined ? sharedSecret(secrets, nowMs) : publishedKeys(settings.jwksUrl);
  return async (authorization) => {
    const token = BEARER.exec(authorization ?? '')?.[1];
    if (token === undefined) throw unauthenticated();
    const options = { algorithms: [settings.algorithm], requiredClaims: ['exp'], currentDate: new Date(nowMs()) };
    return principalOf(await verify(token, options));
  };
}

type Verify = (token: string, options: JWTVerifyOptions) => Promise<JWTPayload>;

function sharedSecret(secrets: Secrets, nowMs: () => number): Verify {
  let cached: { readonly keys: readonly webcrypto.CryptoKey[]; readonly readAtMs: number } | undefined;
  return async (token, options) => {
    if (cached === undefined || nowMs() - cached.readAtMs >= SECRET_CACHE_MS) {
      const { current, previous } = await secrets.jwt();
      const keys = [current, previous].filter((secret) => secret !== undefined);
      cached = { keys: await Promise.all(keys.map(importedKey)), readAtMs: nowMs() };
    }
    for (const key of cached.keys) {
      const payload = await verified(() => jwtVerify(token, key, options));
      if (payload !== undefined) return payload;
    }
    throw unauthenticated();
  };
}

/** In the form jose verifies with: any other it would convert again for every token. */
function importedKey(secret: string): Promise<webcrypto.CryptoKey> {
  const algorithm = { name: 'HMAC', hash: SHARED_SECRET_HASH };
  return crypto.subtle.importKey('raw', new TextEncoder().encode(secret), algorithm, false, ['verify']);
}

function publishedKeys(url: string): Verify {
  const keys = createRemoteJWKSet(new URL(url));
  return async (token, options) => {
    const payload = await verified(() => jwtVerify(token, keys, options));
    if (payload === undefined) throw unauthenticated();
    return payload;
  };
}

/** What jose throws when the key server is at fault and not the token: no answer in time, or one that is no key set. */
const keyServerFaults = new Set([errors.JOSEError.code, errors.JWKSTimeout.code, errors.JWKSInvalid.code]);

/** The payload, or undefined when the token is at fault; any other error is ours and goes on. */
async function verified(verify: () => Promise<{ payload: JWTPayload }>): Promise<JWTPayload | undefined> {
  try {
    return (await verify()).payload;
  } catch (error) {
    if (error instanceof errors.JOSEError && !keyServerFaults.has(error.code)) return undefined;
    throw error;
  }
}

function principalOf({ tenant_id: tenantClaim, admin }: JWTPayload): Principal {
  if (tenantClaim === undefined && admin === true) return { kind: 'admin' };
  const tenant = typeof tenantClaim === 'string' ? parseTenantId(tenantClaim) : undefined;
  if (tenant === undefined || admin === true) throw unauthenticated();
  return { kind: 'tenant', tenant };
}

export function unauthenticated(): Problem {
  return new Problem('unauthenticated', 'Send a valid, unexpired token as "Authorization: Bearer <token>".');
}
