import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { documentClient } from '../../lambdas/storage/dynamo.ts';
import { UsageIntake } from '../../lambdas/storage/usage-intake.ts';
import { usageEvent } from '../support/events.ts';

it('promises nothing when it could not write and finds no record either', async () => {
  // The record in the way is gone by the time it is looked at: no engine does so on demand.
  const server = createServer((request, response) => {
    const isPut = request.headers['x-amz-target'] === 'DynamoDB_20120810.PutItem';
    const refusal = { __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException', message: 'known' };
    response.writeHead(isPut ? 400 : 200, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify(isPut ? refusal : {}));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = documentClient({ endpoint, region: 'us-east-1', credentials });
  const accepted = new UsageIntake(client, 'intake').accept(usageEvent('k'), 5_000);
  await expect(accepted).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
  client.destroy();
  server.close();
});
