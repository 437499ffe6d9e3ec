import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll } from 'vitest';
import { documentClient } from '../../lambdas/storage/dynamo.ts';
import {
  REFUSAL_INDEX,
  REFUSAL_INDEX_PARTITION_KEY,
  REFUSAL_INDEX_SORT_KEY,
  TIME_INDEX,
  TIME_INDEX_PARTITION_KEY,
  TIME_INDEX_SORT_KEY,
} from '../../lambdas/storage/keys.ts';
import { dynamodbEngine, dynoxideBinary } from '../../localstack/embedded/engines/dynamodb.ts';
import { Engine } from '../../localstack/embedded/engines/engine.ts';
import { freePort } from '../../localstack/embedded/engines/free-port.ts';

export interface EngineChoice {
  readonly wished: 'dynamodb-local' | undefined;
  readonly available: boolean;
}

export const dynoxide: EngineChoice = { wished: undefined, available: dynoxideBinary() !== undefined };

/** AWS's own engine: the second opinion. */
export const dynamodbLocal: EngineChoice = { wished: 'dynamodb-local', available: hasJava() };

const ANSWER_TIMEOUT_MS = 30_000;

export const TABLES = {
  intake: 'intake',
  adjustments: 'adjustments',
  ledger: 'ledger',
  balances: 'balances',
  config: 'config',
  operations: 'operations',
  usage: 'usage',
  rateLimits: 'rate_limits',
};

/** A running engine; its client exists once the tests run. */
export interface Dynamodb {
  readonly client: () => DynamoDBDocumentClient;
}

/** One that is reached over HTTP. */
export interface DynamodbProcess extends Dynamodb {
  readonly endpoint: () => string;
}

/** Puts a database into the engine's folder before it starts; gives the tables that are in it. */
type Fill = (folder: string) => Promise<readonly string[]>;

/** Many times what a large one takes. */
const FILL_TIMEOUT_MS = 600_000;

/** An engine with the system's tables, for the tests of the describe block it is called in. */
export function useDynamodb(choice: EngineChoice, fill?: Fill): DynamodbProcess {
  let folder: string | undefined;
  let engine: Engine | undefined;
  let client: DynamoDBDocumentClient | undefined;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'zerosum-storage-'));
    const filled = (await fill?.(folder)) ?? [];
    const command = dynamodbEngine({ port: await freePort(), folder }, choice.wished);
    engine = new Engine(command, { started: () => {}, restarted: async () => {}, failed: () => {} }, () => {});
    await engine.start();
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    // A JVM's first answers on a busy machine take longer than a function would wait.
    const requestHandler = { requestTimeout: ANSWER_TIMEOUT_MS };
    client = documentClient({ endpoint: engine.endpoint, region: 'us-east-1', credentials, requestHandler });
    for (const name of Object.values(TABLES)) if (!filled.includes(name)) await createTable(client, name);
  }, fill && FILL_TIMEOUT_MS);
  afterAll(async () => {
    client?.destroy();
    await engine?.stop();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });
  return {
    client: () => {
      if (client === undefined) throw new Error('The engine is not up.');
      return client;
    },
    endpoint: () => {
      if (engine === undefined) throw new Error('The engine is not up.');
      return engine.endpoint;
    },
  };
}

/** Creates a table; `kind` is the one of the system's tables that it is like. */
export async function createTable(client: DynamoDBDocumentClient, name: string, kind = name): Promise<void> {
  await client.send(new CreateTableCommand({ BillingMode: 'PAY_PER_REQUEST', ...tableSchema(name, kind) }));
  await waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 0.05, maxDelay: 0.2 }, { TableName: name });
}

/** A table's name, keys and index, in DynamoDB's own words. */
export function tableSchema(name: string, kind: string) {
  const index = indexOf(kind);
  const keys = ['pk', 'sk', ...(index === undefined ? [] : [index.partition, index.sort])];
  return {
    TableName: name,
    AttributeDefinitions: keys.map((key) => ({ AttributeName: key, AttributeType: 'S' as const })),
    KeySchema: schemaOf('pk', 'sk'),
    ...(index !== undefined && {
      GlobalSecondaryIndexes: [
        {
          IndexName: index.name,
          KeySchema: schemaOf(index.partition, index.sort),
          Projection: { ProjectionType: 'KEYS_ONLY' as const },
        },
      ],
    }),
  };
}

/** The one index a table has, as the stack declares it. */
function indexOf(table: string) {
  if (table === TABLES.intake || table === TABLES.adjustments) {
    return { name: TIME_INDEX, partition: TIME_INDEX_PARTITION_KEY, sort: TIME_INDEX_SORT_KEY };
  }
  if (table !== TABLES.ledger) return undefined;
  return { name: REFUSAL_INDEX, partition: REFUSAL_INDEX_PARTITION_KEY, sort: REFUSAL_INDEX_SORT_KEY };
}

function schemaOf(partition: string, sort: string) {
  return [
    { AttributeName: partition, KeyType: 'HASH' as const },
    { AttributeName: sort, KeyType: 'RANGE' as const },
  ];
}

function hasJava(): boolean {
  return spawnSync('java', ['-version'], { stdio: 'ignore' }).status === 0;
}
