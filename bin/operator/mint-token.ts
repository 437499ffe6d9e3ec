import { type JWTPayload, SignJWT } from 'jose';
import type { TenantId } from '../../lambdas/domain/ids.ts';
import type { KeptSecret } from './kept-secret.ts';

const SECONDS_PER_HOUR = 3_600;

/** As long as any token is valid that is minted here; a rotation waits so long before the next. */
export const TOKEN_HOURS_MAX = 24;

/** Whose token it is. */
export type Bearer = { readonly kind: 'admin' } | { readonly kind: 'tenant'; readonly tenant: TenantId };

/** A token that the stage with this secret accepts from now on. @param subject who uses it, for the audit log */
export function mintToken(
  bearer: Bearer,
  { current }: Pick<KeptSecret, 'current'>,
  options: { readonly nowMs: number; readonly hours: number; readonly subject?: string | undefined },
): Promise<string> {
  const issuedAt = Math.floor(options.nowMs / 1_000);
  const claims: JWTPayload = bearer.kind === 'admin' ? { admin: true } : { tenant_id: bearer.tenant };
  if (options.subject !== undefined) claims.sub = options.subject;
  return new SignJWT({ ...claims, iat: issuedAt, exp: issuedAt + options.hours * SECONDS_PER_HOUR })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(current));
}
