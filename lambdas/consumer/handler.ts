import { systemClock } from '../clock.ts';
import { readEnvironment } from '../environment.ts';
import { documentClient } from '../storage/dynamo.ts';
import { receivingClient } from '../storage/queue-receiver.ts';
import { powertoolsTelemetry } from '../telemetry.ts';
import { consumerFunction, consumerVariables } from './function.ts';

const environment = readEnvironment(consumerVariables);

/** The consumer function in this account. */
export const handler = consumerFunction(
  {
    dynamodb: documentClient(),
    sqs: receivingClient(),
    clock: systemClock,
    telemetry: powertoolsTelemetry(readEnvironment(['STAGE']).STAGE),
  },
  environment,
);
