import { systemClock } from '../clock.ts';
import { readEnvironment } from '../environment.ts';
import { documentClient } from '../storage/dynamo.ts';
import { powertoolsTelemetry } from '../telemetry.ts';
import { projectorFunction, projectorVariables } from './function.ts';

const environment = readEnvironment(projectorVariables);

/** The projector function in this account. */
export const handler = projectorFunction(
  {
    dynamodb: documentClient(),
    clock: systemClock,
    telemetry: powertoolsTelemetry(readEnvironment(['STAGE']).STAGE),
  },
  environment,
);
