import { readEnvironment } from '../environment.ts';
import { unauthenticated } from '../http/authenticate.ts';
import { lambdaHandler } from '../http/lambda.ts';
import { createRouter } from '../http/router.ts';
import { powertoolsTelemetry } from '../telemetry.ts';

const environment = readEnvironment(['CORS_ORIGINS']);
const browsers = { corsOrigins: environment.CORS_ORIGINS };
const telemetry = powertoolsTelemetry();
const nobody = async () => {
  throw unauthenticated();
};

/** Serves the documentation; it may do nothing else. */
export const handler = lambdaHandler(createRouter([], nobody, telemetry, browsers), telemetry);
