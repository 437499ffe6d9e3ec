import { parseTenantId } from '../../../lambdas/domain/ids.ts';
import { SCOPES } from '../../../lambdas/domain/scope.ts';
import { type Authenticate, unauthenticated } from '../../../lambdas/http/authenticate.ts';
import type { RotatingSecret, Secrets } from '../../../lambdas/secrets/secrets.ts';

/** Seals the webhook secrets in a simulation's Config. */
export const SEAL_SECRET: RotatingSecret = { current: 'simulated_seal_secret' };

export const secrets: Secrets = { jwt: async () => ({ current: 'simulated_token_secret' }) };

const BEARER = /^Bearer (?:tenant:(.+)|(admin))$/;

/**
 * Takes a token at its word: `tenant:alpha` or `admin`. The product verifies tokens with WebCrypto, whose threads answer when
 * they like; that has tests of its own.
 */
export const authenticate: Authenticate = async (authorization) => {
  const [, name, admin] = BEARER.exec(authorization ?? '') ?? [];
  if (admin !== undefined) return { kind: 'admin', subject: 'operator' };
  const tenant = parseTenantId(name ?? '');
  if (tenant === undefined) throw unauthenticated();
  return { kind: 'tenant', tenant, scopes: SCOPES };
};
