import { parseApiKey } from '../../lambdas/domain/api-key.ts';
import type { Credential } from './command.ts';
import type { Connection } from './connection.ts';
import { DeniedError, UsageError } from './failure.ts';

const HOW: Readonly<Record<Exclude<Credential, 'none'>, string>> = {
  tenant: 'export ZEROSUM_TOKEN=$(npx zerosum token alpha)',
  admin: 'export ZEROSUM_TOKEN=$(npx zerosum token admin)',
};

/** Throws a DeniedError that tells how to get a credential when a command needs one and there is none. */
export function requireToken(token: string | undefined, credential: Credential): void {
  if (token !== undefined || credential === 'none') return;
  const whose = credential === 'admin' ? "an administrator's token" : "a tenant's token or API key";
  throw new DeniedError(
    [
      `This needs ${whose}, in ZEROSUM_TOKEN or from --token-file.`,
      `  On a development stack:  ${HOW[credential]}`,
      `  On a deployed stage:     npm run --silent token -- ${credential === 'admin' ? '--admin' : '--tenant tenant_acme'}`,
    ].join('\n'),
  );
}

/**
 * The tenant whose token this is, as its claims say; undefined for an API key and an administrator's. It decides nothing: the
 * service verifies the token.
 */
export function tenantOfToken(token: string | undefined): string | undefined {
  const [, payload, signature] = token?.split('.') ?? [];
  if (payload === undefined || signature === undefined) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    const tenant =
      typeof claims === 'object' && claims !== null && 'tenant_id' in claims ? claims.tenant_id : undefined;
    return typeof tenant === 'string' ? tenant : undefined;
  } catch {
    return undefined;
  }
}

/** Where events go, and whose they are, as far as a credential says; nothing of its secret. */
export function destinationOf({ url, token }: Connection): string {
  const keyId = token === undefined ? undefined : parseApiKey(token)?.keyId;
  return `${url} as ${tenantOfToken(token) ?? (keyId === undefined ? 'unknown' : `API key ${keyId}`)}`;
}

/** The tenant to act for: the one named, else the token's. Throws a UsageError when neither says. */
export function requireTenant(named: string | undefined, token: string | undefined): string {
  const tenant = named ?? tenantOfToken(token);
  if (tenant === undefined)
    throw new UsageError(
      "This credential does not say whose usage it is: take a tenant's token, or name an API key's tenant with --tenant.",
    );
  return tenant;
}
