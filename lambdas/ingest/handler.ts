import { systemClock } from '../clock.ts';
import { authenticationVariables, readEnvironment } from '../environment.ts';
import { bearerAuthentication } from '../http/authenticate.ts';
import { jsonObject } from '../http/json-body.ts';
import { lambdaHandler } from '../http/lambda.ts';
import { createRouter, tenantRoute } from '../http/router.ts';
import { routes } from '../http/routes.ts';
import { secretsFrom } from '../secrets/from-environment.ts';
import { Config } from '../storage/config.ts';
import { documentClient } from '../storage/dynamo.ts';
import { UsageIntake } from '../storage/usage-intake.ts';
import { UsageQueue } from '../storage/usage-queue.ts';
import { powertoolsTelemetry } from '../telemetry.ts';
import { acceptUsage, type IngestPorts } from './accept-usage.ts';
import { usagePayloadOf } from './usage-request.ts';

const environment = readEnvironment([
  'USAGE_INTAKE_TABLE',
  'CONFIG_TABLE',
  'USAGE_QUEUE_URL',
  'CORS_ORIGINS',
  ...authenticationVariables,
]);
const client = documentClient();
const telemetry = powertoolsTelemetry();
const ports: IngestPorts = {
  intake: new UsageIntake(client, environment.USAGE_INTAKE_TABLE),
  queue: new UsageQueue(environment.USAGE_QUEUE_URL),
  prices: new Config(client, environment.CONFIG_TABLE, systemClock.nowMs),
  clock: systemClock,
  telemetry,
};
const browsers = { corsOrigins: environment.CORS_ORIGINS };
const tokens = { algorithm: environment.JWT_ALGORITHM, jwksUrl: environment.JWT_JWKS_URL };
const authenticate = bearerAuthentication(tokens, secretsFrom(environment), systemClock.nowMs);

const postEvent = tenantRoute('POST', routes.events.path, async ({ request }, { tenant }) => {
  const payload = usagePayloadOf(jsonObject(request), tenant);
  await acceptUsage(payload, ports);
  return { status: 202, body: { accepted: true, event_id: payload.eventId } };
});

/** Takes usage in: the only function that may write the usage intake. */
export const handler = lambdaHandler(createRouter([postEvent], authenticate, telemetry, browsers), telemetry);
