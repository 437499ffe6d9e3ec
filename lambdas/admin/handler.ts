import { randomUUID } from 'node:crypto';
import { systemClock } from '../clock.ts';
import { authenticationVariables, readEnvironment } from '../environment.ts';
import { deployedAuthentication } from '../http/deployed-authentication.ts';
import { anchorClient } from '../storage/anchors.ts';
import { documentClient } from '../storage/dynamo.ts';
import { sendingClient } from '../storage/queue-sender.ts';
import { powertoolsTelemetry } from '../telemetry.ts';
import { adminFunction, adminVariables } from './function.ts';

const environment = readEnvironment([...adminVariables, ...authenticationVariables]);

/** The admin function in this account. */
export const handler = adminFunction(
  {
    dynamodb: documentClient(),
    sqs: sendingClient(),
    s3: anchorClient(),
    clock: systemClock,
    telemetry: powertoolsTelemetry(),
    authenticate: deployedAuthentication(environment),
    newId: randomUUID,
  },
  environment,
);
