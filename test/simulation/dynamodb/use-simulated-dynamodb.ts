import { beforeAll } from 'vitest';
import { documentClient } from '../../../lambdas/storage/dynamo.ts';
import { createTable, type Dynamodb, TABLES } from '../../support/dynamodb.ts';
import { inDocumentForm } from '../document-form.ts';
import { Random } from '../random.ts';
import { answerCalls } from '../seam.ts';
import { EXACT_DYNAMODB } from './nastiness.ts';
import { SimulatedDynamodb } from './simulated-dynamodb.ts';

/** The system's tables on the simulated DynamoDB, for the tests of the describe block it is called in. */
export function useSimulatedDynamodb(): Dynamodb {
  const credentials = { accessKeyId: 'simulated', secretAccessKey: 'simulated' };
  const client = documentClient({ region: 'us-east-1', credentials });
  const service = new SimulatedDynamodb({
    tables: [],
    nowMs: () => 0,
    random: new Random('exact'),
    nastiness: EXACT_DYNAMODB,
  });
  answerCalls(
    client,
    inDocumentForm(async (command, input) => service.arrive({ command, input, caller: 'test' })()),
  );
  beforeAll(async () => {
    for (const name of Object.values(TABLES)) await createTable(client, name);
  });
  return { client: () => client };
}
