import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { awsJson } from '../../localstack/embedded/engines/aws-json.ts';
import { dynamodbEngine } from '../../localstack/embedded/engines/dynamodb.ts';
import { Engine } from '../../localstack/embedded/engines/engine.ts';
import { freePort } from '../../localstack/embedded/engines/free-port.ts';
import { dynoxide } from '../support/dynamodb.ts';
import { temporaryFolder } from '../support/stack.ts';
import { table } from '../support/stream-app.ts';

/** Of the prepared file: its pages' size, and the page at which the index over stream records begins. */
const PAGE_BYTES = 4_096;
const INDEX_ROOT = 4;

const INDEX_PAGES = [0x02, 0x0a];

test.runIf(dynoxide.available)('dynoxide works on the prepared database and keeps its index', async () => {
  const folder = temporaryFolder();
  const command = dynamodbEngine({ port: await freePort(), folder }, undefined);
  const engine = new Engine(command, { started: () => {}, restarted: async () => {}, failed: () => {} }, () => {});
  onTestFinished(() => engine.stop());
  await engine.start();
  const dynamodb = awsJson(engine.endpoint, 'DynamoDB_20120810');
  const { AttributeDefinitions, KeySchema, BillingMode, StreamSpecification } = table.Properties;
  await dynamodb.call('CreateTable', {
    ...{ TableName: 'Items', AttributeDefinitions, KeySchema, BillingMode },
    StreamSpecification: { StreamEnabled: true, ...StreamSpecification },
  });
  for (const pk of ['a', 'b', 'c']) await dynamodb.call('PutItem', { TableName: 'Items', Item: { pk: { S: pk } } });
  await engine.stop();

  const root = readFileSync(join(folder, 'dynoxide.db')).subarray((INDEX_ROOT - 1) * PAGE_BYTES);
  expect(INDEX_PAGES).toContain(root[0]);
  expect(root.readUInt16BE(3)).toBe(3);
});
