import { unauthenticated } from '../http/authenticate.ts';
import { lambdaHandler } from '../http/lambda.ts';
import { createRouter } from '../http/router.ts';
import { powertoolsTelemetry } from '../telemetry.ts';

const telemetry = powertoolsTelemetry();
const nobody = async () => {
  throw unauthenticated();
};

/** Serves the documentation; it may do nothing else. */
export const handler = lambdaHandler(createRouter([], nobody, telemetry), telemetry);
