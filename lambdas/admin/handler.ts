import { systemClock } from '../clock.ts';
import { authenticationVariables, readEnvironment } from '../environment.ts';
import { bearerAuthentication } from '../http/authenticate.ts';
import { lambdaHandler } from '../http/lambda.ts';
import { createRouter } from '../http/router.ts';
import { secretsFrom } from '../secrets/from-environment.ts';
import { powertoolsTelemetry } from '../telemetry.ts';

const environment = readEnvironment([...authenticationVariables]);
const telemetry = powertoolsTelemetry();
const tokens = { algorithm: environment.JWT_ALGORITHM, jwksUrl: environment.JWT_JWKS_URL };
const authenticate = bearerAuthentication(tokens, secretsFrom(environment), systemClock.nowMs);

/** Answers administrators: the only function that may write adjustments, shut lanes and seal periods. */
export const handler = lambdaHandler(createRouter([], authenticate, telemetry), telemetry);
