import { readEnvironment } from '../environment.ts';
import { documentClient } from '../storage/dynamo.ts';
import { powertoolsTelemetry } from '../telemetry.ts';
import { guardFunction, guardVariables } from './function.ts';

const environment = readEnvironment(guardVariables);

/** The guard function in this account. */
export const handler = guardFunction(
  {
    dynamodb: documentClient(),
    telemetry: powertoolsTelemetry(readEnvironment(['STAGE']).STAGE),
  },
  environment,
);
