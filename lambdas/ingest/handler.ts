import { systemClock } from '../clock.ts';
import { authenticationVariables, readEnvironment } from '../environment.ts';
import { deployedAuthentication } from '../http/deployed-authentication.ts';
import { sealSecretFrom } from '../secrets/from-environment.ts';
import { documentClient } from '../storage/dynamo.ts';
import { sendingClient } from '../storage/queue-sender.ts';
import { powertoolsTelemetry } from '../telemetry.ts';
import { ingestFunction, ingestVariables } from './function.ts';

const environment = readEnvironment([...ingestVariables, 'WEBHOOK_SEAL_SECRET_ARN', ...authenticationVariables]);

/** The ingest function in this account. */
export const handler = ingestFunction(
  {
    dynamodb: documentClient(),
    sqs: sendingClient(),
    clock: systemClock,
    telemetry: powertoolsTelemetry(readEnvironment(['STAGE']).STAGE),
    authenticate: deployedAuthentication(environment),
    readSealSecret: sealSecretFrom(environment),
  },
  environment,
);
