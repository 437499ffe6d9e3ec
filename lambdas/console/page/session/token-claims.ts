/** What a credential says of itself. Nothing is believed of it: the service verifies, this only names it. */
export interface TokenFacts {
  readonly kind: 'tenant' | 'admin' | 'api-key' | 'unreadable';
  /** The tenant that a token names; an API key's is known to the service alone. */
  readonly tenant?: string;
  readonly expiresAtMs?: number;
}

/** Reads a token's claims (RFC 7519, without verifying), or an API key's form. */
export function tokenFacts(token: string): TokenFacts {
  if (token.startsWith('zs_')) return { kind: 'api-key' };
  const claims = claimsOf(token);
  if (claims === undefined) return { kind: 'unreadable' };
  const { exp, tenant_id: tenant, admin } = claims;
  const expires = typeof exp === 'number' ? { expiresAtMs: exp * 1_000 } : {};
  if (typeof tenant === 'string') return { kind: 'tenant', tenant, ...expires };
  return admin === true ? { kind: 'admin', ...expires } : { kind: 'unreadable' };
}

function claimsOf(token: string): Record<string, unknown> | undefined {
  const part = token.split('.')[1];
  if (part === undefined) return undefined;
  try {
    const bytes = Uint8Array.from(atob(part.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
