import { systemClock } from '../clock.ts';
import { authenticationVariables, readEnvironment } from '../environment.ts';
import { deployedAuthentication } from '../http/deployed-authentication.ts';
import { anchorClient } from '../storage/anchors.ts';
import { documentClient } from '../storage/dynamo.ts';
import { sendingClient } from '../storage/queue-sender.ts';
import { powertoolsTelemetry } from '../telemetry.ts';
import { reconcileFunction, reconcileVariables } from './function.ts';

const environment = readEnvironment([...reconcileVariables, ...authenticationVariables]);

/** The reconcile function in this account. */
export const handler = reconcileFunction(
  {
    dynamodb: documentClient(),
    sqs: sendingClient(),
    s3: anchorClient(),
    clock: systemClock,
    telemetry: powertoolsTelemetry(readEnvironment(['STAGE']).STAGE),
    authenticate: deployedAuthentication(environment),
  },
  environment,
);
