import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { TIME_INDEX, TIME_INDEX_PARTITION_KEY, TIME_INDEX_SORT_KEY } from '../../lambdas/storage/keys.ts';
import { createTable, dynamodbLocal, dynoxide, type EngineChoice, TABLES, useDynamodb } from '../support/dynamodb.ts';
import { EXACT_DYNAMODB } from './dynamodb/nastiness.ts';
import { answerTo, type Engine, realEngine, simulatedEngine } from './dynamodb/random/answers.ts';
import { deviations, type EngineName } from './dynamodb/random/deviations.ts';
import { type Request, someStory, TABLE } from './dynamodb/random/random-requests.ts';
import { PARTITIONS, SORTS } from './dynamodb/random/random-values.ts';
import { SimulatedDynamodb } from './dynamodb/simulated-dynamodb.ts';
import { Random } from './random.ts';

const FIXED_SEED = 20_260_301;

const index = { name: TIME_INDEX, partition: TIME_INDEX_PARTITION_KEY, sort: TIME_INDEX_SORT_KEY };

describe.skipIf(!dynoxide.available)('the simulated DynamoDB and dynoxide', () => {
  sameAnswers('dynoxide', dynoxide, { fixed: 150, fresh: 150 });
});

describe.skipIf(!dynamodbLocal.available)('the simulated DynamoDB and DynamoDB Local', () => {
  sameAnswers('DynamoDB Local', dynamodbLocal, { fixed: 40, fresh: 40 });
});

function sameAnswers(
  name: EngineName,
  choice: EngineChoice,
  runs: { readonly fixed: number; readonly fresh: number },
): void {
  const dynamodb = useDynamodb(choice);
  let real: Engine;
  let run = 0;

  beforeAll(async () => {
    await createTable(dynamodb.client(), TABLE, TABLES.intake);
    real = realEngine(dynamodb.client());
  });

  const property = fc.asyncProperty(someStory, async (requests) => {
    run += 1;
    await empty(real);
    const options = { nowMs: () => 0, random: new Random('exact'), nastiness: EXACT_DYNAMODB };
    const simulated = simulatedEngine(new SimulatedDynamodb({ tables: [{ name: TABLE, index }], ...options }));
    for (const request of [...requests, everything].map((one) => withTokenOf(run, one))) {
      const said = await answerTo(request, simulated);
      const isKnown = deviations.some((one) => one.engine === name && one.isMet(request, said));
      if (isKnown && said.messages.length > 0) continue;
      const { answer } = await answerTo(request, real);
      if (!isKnown) expect(said.answer, JSON.stringify(request)).toEqual(answer);
    }
  });

  it('give the same answers to the same requests, for known ones', async () => {
    await fc.assert(property, { numRuns: runs.fixed, seed: FIXED_SEED });
  });

  it('give the same answers to the same requests, for ones never asked before', async () => {
    await fc.assert(property, { numRuns: runs.fresh });
  });
}

const everything: Request = { command: 'Scan', input: { TableName: TABLE, ConsistentRead: true } };

async function empty(engine: Engine): Promise<void> {
  const keys = PARTITIONS.flatMap((pk) => SORTS.map((sk) => ({ pk: { S: pk }, sk: { S: sk } })));
  const TransactItems = keys.map((Key) => ({ Delete: { TableName: TABLE, Key } }));
  await engine('TransactWriteItems', { TransactItems });
}

/** A token is remembered for minutes: each run has its own. */
function withTokenOf(run: number, { command, input }: Request): Request {
  const { ClientRequestToken: token, ...rest } = input;
  return { command, input: token === undefined ? rest : { ...rest, ClientRequestToken: `${run}-${token}` } };
}
