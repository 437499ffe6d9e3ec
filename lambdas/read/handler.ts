import { systemClock } from '../clock.ts';
import { authenticationVariables, readEnvironment } from '../environment.ts';
import { deployedAuthentication } from '../http/deployed-authentication.ts';
import { secretsFrom } from '../secrets/from-environment.ts';
import { documentClient } from '../storage/dynamo.ts';
import { sendingClient } from '../storage/queue-sender.ts';
import { powertoolsTelemetry } from '../telemetry.ts';
import { readFunction, readVariables } from './function.ts';

const environment = readEnvironment([...readVariables, ...authenticationVariables]);

/** The read function in this account. */
export const handler = readFunction(
  {
    dynamodb: documentClient(),
    sqs: sendingClient(),
    clock: systemClock,
    telemetry: powertoolsTelemetry(readEnvironment(['STAGE']).STAGE),
    authenticate: deployedAuthentication(environment),
    secrets: secretsFrom(environment),
  },
  environment,
);
