import { type JWTPayload, SignJWT } from 'jose';
import { developmentSecrets } from './development.ts';

/** Fixed, so that the tokens are the same bytes for ever and can stand in a README. */
const ISSUED_AT = new Date('2026-01-01T00:00:00Z');
const EXPIRES_AT = new Date('2036-01-01T00:00:00Z');

export interface DevelopmentTokens {
  readonly alpha: string;
  readonly beta: string;
  readonly admin: string;
}

/**
 * The development stack's three tokens, two tenants' and the administrator's: of the seeded secret, and so always the same
 * bytes, unless another is given.
 */
export async function developmentTokens(secret?: string): Promise<DevelopmentTokens> {
  return {
    alpha: await sign({ tenant_id: 'tenant_alpha' }, secret),
    beta: await sign({ tenant_id: 'tenant_beta' }, secret),
    admin: await sign({ admin: true }, secret),
  };
}

/** A token with these claims that the development stack accepts; with `iat` and `exp` fixed unless claimed otherwise. */
export function sign(claims: JWTPayload, secret: string = developmentSecrets.jwt.current): Promise<string> {
  return new SignJWT({ iat: seconds(ISSUED_AT), exp: seconds(EXPIRES_AT), ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(secret));
}

function seconds(time: Date): number {
  return time.getTime() / 1_000;
}
