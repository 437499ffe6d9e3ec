import { systemClock } from '../clock.ts';
import type { authenticationVariables, EnvironmentOf } from '../environment.ts';
import { secretsFrom } from '../secrets/from-environment.ts';
import { type Authenticate, bearerAuthentication } from './authenticate.ts';

/** Verifies tokens as this function's environment says. Throws at once when that contradicts itself. */
export function deployedAuthentication(environment: EnvironmentOf<typeof authenticationVariables>): Authenticate {
  const { JWT_ALGORITHM: algorithm, JWT_JWKS_URL: jwksUrl } = environment;
  return bearerAuthentication({ algorithm, jwksUrl }, secretsFrom(environment), systemClock.nowMs);
}
