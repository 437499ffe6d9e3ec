import { randomBytes, randomUUID } from 'node:crypto';
import { systemClock } from '../clock.ts';
import { authenticationVariables, readEnvironment } from '../environment.ts';
import { deployedAuthentication } from '../http/deployed-authentication.ts';
import { sealSecretFrom } from '../secrets/from-environment.ts';
import { anchorClient } from '../storage/anchors.ts';
import { documentClient } from '../storage/dynamo.ts';
import { sendingClient } from '../storage/queue-sender.ts';
import { powertoolsTelemetry } from '../telemetry.ts';
import { adminFunction, adminVariables } from './function.ts';

const environment = readEnvironment([...adminVariables, 'WEBHOOK_SEAL_SECRET_ARN', ...authenticationVariables]);

/** As many as SHA-256 has: no more could be used. */
const SECRET_BYTES = 32;

/** The admin function in this account. */
export const handler = adminFunction(
  {
    dynamodb: documentClient(),
    sqs: sendingClient(),
    s3: anchorClient(),
    clock: systemClock,
    telemetry: powertoolsTelemetry(readEnvironment(['STAGE']).STAGE),
    authenticate: deployedAuthentication(environment),
    newId: randomUUID,
    newSecret: () => randomBytes(SECRET_BYTES).toString('hex'),
    readSealSecret: sealSecretFrom(environment),
  },
  environment,
);
