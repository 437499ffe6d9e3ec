import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose';
import { dateOf } from '../clock.ts';
import { parseTenantId, type TenantId } from '../domain/ids.ts';
import { SCOPES, type Scope } from '../domain/scope.ts';
import type { Secrets } from '../secrets/secrets.ts';
import { Problem } from './problem.ts';
import { type Keys, sharedKeys } from './shared-keys.ts';

/** Who a verified credential speaks for, and whose it is if it says so: the subject is for the audit log alone. */
export type Principal =
  | {
      readonly kind: 'tenant';
      readonly tenant: TenantId;
      /** What it may do for its tenant: a token all there is. */
      readonly scopes: readonly Scope[];
      readonly subject?: string;
    }
  | { readonly kind: 'admin'; readonly subject?: string };

/** Reads the `Authorization` header's credential; throws the one 401 there is, whatever is wrong with it. */
export type Authenticate = (authorization: string | undefined) => Promise<Principal>;

/** Of a function whose routes are all for anyone. */
export const nobody: Authenticate = async () => {
  throw unauthenticated();
};

export interface TokenSettings {
  /** The one algorithm tokens may use: pinned here, never read from a token. */
  readonly algorithm: string;
  /** Where the public keys are, for an algorithm that has them. */
  readonly jwksUrl: string | undefined;
}

const BEARER = /^Bearer +([^ ]+)$/i;

/** Enough for any identity provider's ids; what is longer is cut, so that no token fills the audit log. */
const SUBJECT_MAX_CHARS = 256;

/** The one algorithm with a shared secret. */
const SHARED_SECRET_ALGORITHM = 'HS256';

/**
 * Verifies bearer tokens against a shared secret (HS256) or the keys published at a JWKS URL (any other algorithm).
 * Throws at once when algorithm and URL do not go together.
 */
export function bearerAuthentication(settings: TokenSettings, secrets: Secrets, nowMs: () => number): Authenticate {
  if ((settings.algorithm === SHARED_SECRET_ALGORITHM) !== (settings.jwksUrl === undefined)) {
    throw new Error('JWT_JWKS_URL must be set for every JWT_ALGORITHM but HS256, and not for HS256.');
  }
  const verify = settings.jwksUrl === undefined ? sharedSecret(secrets, nowMs) : publishedKeys(settings.jwksUrl);
  return async (authorization) => {
    const token = bearerOf(authorization);
    if (token === undefined) throw unauthenticated();
    const options = { algorithms: [settings.algorithm], requiredClaims: ['exp'], currentDate: dateOf(nowMs()) };
    return principalOf(await verify(token, options));
  };
}

/** The one credential that a header bears, or undefined. */
export function bearerOf(authorization: string | undefined): string | undefined {
  return BEARER.exec(authorization ?? '')?.[1];
}

type Verify = (token: string, options: JWTVerifyOptions) => Promise<JWTPayload>;

function sharedSecret(secrets: Secrets, nowMs: () => number): Verify {
  const keys = sharedKeys(secrets, nowMs);
  return async (token, options) => {
    const cached = await keys.cached();
    const payload = await verifiedByAny(cached, token, options);
    if (payload !== undefined) return payload;
    // It may be signed with a secret of a moment ago: that is looked up again before it is refused.
    const recent = await keys.recent();
    const retried = recent === cached ? undefined : await verifiedByAny(recent, token, options);
    if (retried === undefined) throw unauthenticated();
    return retried;
  };
}

async function verifiedByAny(keys: Keys, token: string, options: JWTVerifyOptions): Promise<JWTPayload | undefined> {
  for (const key of keys) {
    const payload = await verified(() => jwtVerify(token, key, options));
    if (payload !== undefined) return payload;
  }
  return undefined;
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

function principalOf({ tenant_id: tenantClaim, admin, sub }: JWTPayload): Principal {
  const subject = typeof sub === 'string' && { subject: sub.slice(0, SUBJECT_MAX_CHARS).toWellFormed() };
  if (tenantClaim === undefined && admin === true) return { kind: 'admin', ...subject };
  const tenant = typeof tenantClaim === 'string' ? parseTenantId(tenantClaim) : undefined;
  if (tenant === undefined || admin === true) throw unauthenticated();
  return { kind: 'tenant', tenant, scopes: SCOPES, ...subject };
}

export function unauthenticated(): Problem {
  return new Problem('unauthenticated', 'Send a valid token or API key as "Authorization: Bearer <it>".');
}
