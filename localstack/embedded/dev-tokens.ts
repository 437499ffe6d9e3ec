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

/** The three stable tokens of the development stack: two tenants' and the administrator's. */
export async function developmentTokens(): Promise<DevelopmentTokens> {
  return {
    alpha: await sign({ tenant_id: 'tenant_alpha' }),
    beta: await sign({ tenant_id: 'tenant_beta' }),
    admin: await sign({ admin: true }),
  };
}

/** A token with these claims that the development stack accepts; with `iat` and `exp` fixed unless claimed otherwise. */
export function sign(claims: JWTPayload): Promise<string> {
  return new SignJWT({ iat: seconds(ISSUED_AT), exp: seconds(EXPIRES_AT), ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(developmentSecrets.jwt.current));
}

function seconds(time: Date): number {
  return time.getTime() / 1_000;
}
