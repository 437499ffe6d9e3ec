import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Authority } from '../../localstack/embedded/authority/authority.ts';
import type { Credentials } from '../../localstack/embedded/authority/credentials.ts';

const AT = { region: 'us-east-1', accountId: '000000000000' };
const ROLE = 'arn:aws:iam::000000000000:role/app-Role';
const CALLER = 'User: arn:aws:sts::000000000000:assumed-role/app-Role/app-Fn';
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:q';
const KEY = 'arn:aws:kms:us-east-1:000000000000:key/k';
const table = (name: string) => `arn:aws:dynamodb:us-east-1:000000000000:table/${name}`;

/** An engine that keeps what it is sent and answers as told. */
interface Received {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}
let received: Received[] = [];
let answer = { status: 200, body: '{}' };
const engine = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    received.push({ url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
    response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' }).end(answer.body);
  });
});

const denied: string[] = [];
let authority: Authority;
let credentials: Credentials;

function statement(action: string | string[], resource: string, more: object = {}) {
  return { Effect: 'Allow', Action: action, Resource: resource, ...more };
}

const VIA_DYNAMODB = { StringEquals: { 'kms:ViaService': 'dynamodb.us-east-1.amazonaws.com' } };

beforeAll(async () => {
  engine.listen(0, '127.0.0.1');
  await once(engine, 'listening');
  const endpoint = `http://127.0.0.1:${(engine.address() as AddressInfo).port}`;
  authority = new Authority({ dynamodb: endpoint, sqs: endpoint, s3: endpoint }, (line) => denied.push(line));
  await authority.open();
  const { book } = authority;
  const hash = [{ AttributeName: 'pk', KeyType: 'HASH' }];
  for (const name of ['plain', 'sealed', 'other']) book.addTable(name, hash, []);
  book.encrypt(table('sealed'), KEY);
  book.encrypt(QUEUE, KEY);
  const statements = [
    statement(['dynamodb:PutItem', 'dynamodb:GetItem'], table('plain')),
    statement(['dynamodb:PutItem', 'dynamodb:GetItem'], table('sealed')),
    statement(['sqs:ReceiveMessage', 'sqs:SendMessage'], QUEUE),
    statement('kms:Decrypt', KEY, { Condition: VIA_DYNAMODB }),
    statement(['s3:PutObject', 's3:GetObject'], 'arn:aws:s3:::b/*'),
  ];
  book.addRole(ROLE, [{ place: 'Role', json: { Version: '2012-10-17', Statement: statements as never } }], []);
  const onlyNew = {
    ...{ Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource: 'arn:aws:s3:::b/*' },
    Condition: { Null: { 's3:if-none-match': 'true' } },
  };
  book.addResourcePolicy({ place: 'Bucket', json: { Version: '2012-10-17', Statement: [onlyNew] as never } });
  credentials = authority.enrol({ logicalId: 'Fn', name: 'app-Fn' }, ROLE);
  authority.begin(AT);
});

afterAll(() => {
  authority.close();
  engine.close();
});

beforeEach(() => {
  received = [];
  denied.length = 0;
  answer = { status: 200, body: '{}' };
});

const options = (endpoint: string, changes: Partial<Credentials> = {}) => ({
  ...{ endpoint, region: AT.region, maxAttempts: 1 },
  credentials: { ...credentials, ...changes },
});
const dynamodb = (changes: Partial<Credentials> = {}) =>
  new DynamoDBClient(options(authority.endpoints.dynamodb, changes));
const sqs = () => new SQSClient(options(authority.endpoints.sqs));
const s3 = () => new S3Client({ ...options(authority.endpoints.s3), forcePathStyle: true });

const Item = { pk: { S: 'é' } };
const put = (name: string) => new PutItemCommand({ TableName: name, Item });
const QueueUrl = () => `${authority.endpoints.sqs}/000000000000/q`;

describe('the door', () => {
  test('lets through what a role allows, byte for byte, and the answer back', async () => {
    answer = { status: 200, body: '{"Attributes":{"pk":{"S":"ü"}}}' };
    const said = await dynamodb().send(put('plain'));
    expect(said.Attributes).toEqual({ pk: { S: 'ü' } });
    expect(received).toMatchObject([{ body: JSON.stringify({ TableName: 'plain', Item }) }]);
    expect(denied).toEqual([]);
  });

  test('hands on an engine’s own refusal', async () => {
    answer = { status: 400, body: '{"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException"}' };
    await expect(dynamodb().send(put('plain'))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test('denies as DynamoDB does, naming principal, action and resource, and keeps a record', async () => {
    const message = `${CALLER} is not authorized to perform: dynamodb:PutItem on resource: ${table('other')} because no identity-based policy allows the dynamodb:PutItem action`;
    await expect(dynamodb().send(put('other'))).rejects.toMatchObject({ name: 'AccessDeniedException', message });
    expect(received).toEqual([]);
    expect(denied).toEqual([expect.stringContaining(message)]);
  });

  test('denies as SQS does', async () => {
    const other = new ReceiveMessageCommand({ QueueUrl: `${authority.endpoints.sqs}/000000000000/other` });
    await expect(sqs().send(other)).rejects.toMatchObject({
      name: 'AccessDenied',
      message: `${CALLER} is not authorized to perform: sqs:receivemessage on resource: arn:aws:sqs:us-east-1:000000000000:other because no identity-based policy allows the sqs:receivemessage action`,
    });
  });

  test('denies as S3 does, the bucket’s own policy included', async () => {
    const object = { Bucket: 'b', Key: 'k', Body: 'text' };
    await expect(s3().send(new PutObjectCommand(object))).rejects.toMatchObject({
      name: 'AccessDenied',
      message: `${CALLER} is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::b/k" with an explicit deny in a resource-based policy`,
    });
    await expect(s3().send(new HeadObjectCommand({ Bucket: 'c', Key: 'k' }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 403 },
    });
    expect(received).toEqual([]);
    await s3().send(new PutObjectCommand({ ...object, IfNoneMatch: '*' }));
    expect(received).toMatchObject([{ url: '/b/k?x-id=PutObject' }]);
    expect(received[0]?.body).toContain('text');
  });

  test('hides that an object is missing from a role that may not list its bucket', async () => {
    answer = { status: 404, body: '<Error><Code>NoSuchKey</Code></Error>' };
    await expect(s3().send(new GetObjectCommand({ Bucket: 'b', Key: 'k' }))).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining('s3:ListBucket on resource: "arn:aws:s3:::b"'),
    });
  });

  test('asks for the key of what is encrypted, through the service that uses it', async () => {
    await dynamodb().send(put('sealed'));
    await dynamodb().send(new GetItemCommand({ TableName: 'sealed', Key: Item }));
    await expect(sqs().send(new SendMessageCommand({ QueueUrl: QueueUrl(), MessageBody: 'm' }))).rejects.toMatchObject({
      name: 'KmsAccessDenied',
      message: `${CALLER} is not authorized to perform: kms:GenerateDataKey on resource: ${KEY} because no identity-based policy allows the kms:GenerateDataKey action`,
    });
    await expect(sqs().send(new ReceiveMessageCommand({ QueueUrl: QueueUrl() }))).rejects.toMatchObject({
      message: expect.stringContaining('kms:Decrypt'),
    });
    expect(received).toHaveLength(2);
  });

  test.each<[string, Partial<Credentials>]>([
    ['a name nobody has', { accessKeyId: 'app-Other' }],
    ['another’s token', { sessionToken: 'guessed' }],
  ])('knows no caller by %s', async (_what, changes) => {
    await expect(dynamodb(changes).send(put('plain'))).rejects.toMatchObject({
      message: 'The security token included in the request is invalid.',
    });
    expect(received).toEqual([]);
  });

  test.each([
    ['PartiQL', 'DynamoDB_20120810.ExecuteStatement', '{"Statement":"SELECT * FROM plain"}'],
    ['another service’s target', 'AmazonSQS.SendMessage', `{"QueueUrl":"http://q/q"}`],
    ['a target with a tail', 'DynamoDB_20120810.GetItem.PutItem', '{"TableName":"plain"}'],
    ['a stream', 'DynamoDBStreams_20120810.GetRecords', '{"ShardIterator":"i"}'],
  ])('denies what it cannot read: %s', async (_what, target, body) => {
    const response = await fetch(authority.endpoints.dynamodb, {
      method: 'POST',
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=app-Fn/20260101/us-east-1/dynamodb/aws4_request, Signature=0`,
        'x-amz-security-token': credentials.sessionToken,
        'x-amz-target': target,
      },
      body,
    });
    expect(await response.json()).toMatchObject({ Message: expect.stringContaining('cannot read') });
    expect(received).toEqual([]);
  });

  test('breaks the connection when the engine is not there', async () => {
    const gone = new Authority(
      { dynamodb: 'http://127.0.0.1:1', sqs: 'http://127.0.0.1:1', s3: 'http://127.0.0.1:1' },
      () => undefined,
    );
    await gone.open();
    gone.book.addTable('plain', [{ AttributeName: 'pk', KeyType: 'HASH' }], []);
    const json = { Version: '2012-10-17', Statement: [statement('dynamodb:PutItem', table('plain'))] as never };
    gone.book.addRole(ROLE, [{ place: 'Role', json }], []);
    const own = gone.enrol({ logicalId: 'Fn', name: 'app-Fn' }, ROLE);
    gone.begin(AT);
    const client = new DynamoDBClient({ ...options(gone.endpoints.dynamodb), credentials: own });
    await expect(client.send(put('plain'))).rejects.toMatchObject({ code: 'ECONNRESET' });
    gone.close();
  });
});
