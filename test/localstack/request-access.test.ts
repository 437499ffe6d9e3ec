import { describe, expect, test } from 'vitest';
import { type Access, UnreadableRequest } from '../../localstack/embedded/authority/access.ts';
import { dynamodbAccess } from '../../localstack/embedded/authority/dynamodb-access.ts';
import { Judge } from '../../localstack/embedded/authority/judge.ts';
import { PolicyBook } from '../../localstack/embedded/authority/policy-book.ts';
import { s3Access } from '../../localstack/embedded/authority/s3-access.ts';
import { sqsAccess } from '../../localstack/embedded/authority/sqs-access.ts';

const book = new PolicyBook();
const key = (AttributeName: string) => [
  { AttributeName: 'sk', KeyType: 'RANGE' },
  { AttributeName, KeyType: 'HASH' },
];
book.addTable('t', key('pk'), [{ IndexName: 'by_time', KeySchema: key('time_pk') }]);
book.addTable('u', key('pk'), []);
const place = new Judge({ region: 'us-east-1', accountId: '000000000000', book });

const ARN = 'arn:aws:dynamodb:us-east-1:000000000000:table/t';
const Key = { pk: { S: 'A#1' }, sk: { S: 'x' } };

/** An access without what it says nothing of, in short. */
function shown({ action, resource, context }: Access): string {
  const keys = ['LeadingKeys', 'Attributes', 'EnclosingOperation', 'ReturnValues', 'Select'];
  const said = keys.flatMap((name) => {
    const values = context(`dynamodb:${name}`);
    return values === undefined ? [] : [`${name}=${[...new Set(values)].join(',')}`];
  });
  return [action, resource.slice(resource.lastIndexOf('table/')), ...said].join(' ');
}

const dynamodb = (operation: string, request: object) =>
  dynamodbAccess(operation, JSON.stringify(request), place).map(shown);

describe('what a request of DynamoDB does', () => {
  const item = { TableName: 't', Key };

  test.each<[string, object, string[]]>([
    ['GetItem', item, ['dynamodb:GetItem table/t LeadingKeys=A#1 Attributes=pk,sk Select=ALL_ATTRIBUTES']],
    [
      'GetItem',
      { ...item, ProjectionExpression: 'a.b[0], #c', ExpressionAttributeNames: { '#c': 'c.d' } },
      ['dynamodb:GetItem table/t LeadingKeys=A#1 Attributes=pk,sk,a,c.d Select=SPECIFIC_ATTRIBUTES'],
    ],
    [
      'PutItem',
      { TableName: 't', Item: { ...Key, n: { N: '1' } }, ConditionExpression: 'attribute_not_exists(other)' },
      ['dynamodb:PutItem table/t LeadingKeys=A#1 Attributes=pk,sk,n,other'],
    ],
    [
      'UpdateItem',
      {
        ...item,
        UpdateExpression: 'SET a = if_not_exists(b, :x), #m.#n = :y REMOVE c ADD d :z DELETE e :w',
        ConditionExpression: 'f = :x AND NOT size(g) IN (:y) OR h BETWEEN :x AND :y',
        ExpressionAttributeNames: { '#m': 'm', '#n': 'n' },
        ReturnValues: 'ALL_NEW',
      },
      ['dynamodb:UpdateItem table/t LeadingKeys=A#1 Attributes=pk,sk,f,g,h,a,b,m,c,d,e ReturnValues=ALL_NEW'],
    ],
    ['DeleteItem', item, ['dynamodb:DeleteItem table/t LeadingKeys=A#1 Attributes=pk,sk']],
    [
      'TransactWriteItems',
      {
        TransactItems: [
          { Put: { TableName: 't', Item: Key } },
          { Update: { ...item, UpdateExpression: 'SET a = :a' } },
          { Delete: item },
          { ConditionCheck: { ...item, TableName: 'u', ConditionExpression: 'attribute_exists(z)' } },
        ],
      },
      [
        'dynamodb:PutItem table/t LeadingKeys=A#1 Attributes=pk,sk EnclosingOperation=TransactWriteItems',
        'dynamodb:UpdateItem table/t LeadingKeys=A#1 Attributes=pk,sk,a EnclosingOperation=TransactWriteItems',
        'dynamodb:DeleteItem table/t LeadingKeys=A#1 Attributes=pk,sk EnclosingOperation=TransactWriteItems',
        'dynamodb:ConditionCheckItem table/u LeadingKeys=A#1 Attributes=pk,sk,z EnclosingOperation=TransactWriteItems',
      ],
    ],
    [
      'TransactGetItems',
      { TransactItems: [{ Get: item }] },
      [
        'dynamodb:GetItem table/t LeadingKeys=A#1 Attributes=pk,sk EnclosingOperation=TransactGetItems Select=ALL_ATTRIBUTES',
      ],
    ],
    [
      'BatchGetItem',
      {
        RequestItems: {
          t: { Keys: [Key, { ...Key, pk: { S: 'B#2' } }] },
          u: { Keys: [Key], ProjectionExpression: 'a' },
        },
      },
      [
        'dynamodb:BatchGetItem table/t LeadingKeys=A#1,B#2 Attributes=pk,sk Select=ALL_ATTRIBUTES',
        'dynamodb:BatchGetItem table/u LeadingKeys=A#1 Attributes=pk,sk,a Select=SPECIFIC_ATTRIBUTES',
      ],
    ],
    [
      'BatchWriteItem',
      { RequestItems: { t: [{ PutRequest: { Item: { ...Key, n: { N: '1' } } } }, { DeleteRequest: { Key } }] } },
      ['dynamodb:BatchWriteItem table/t LeadingKeys=A#1 Attributes=pk,sk,n'],
    ],
    [
      'Query',
      {
        TableName: 't',
        KeyConditionExpression: 'begins_with(sk, :s) AND #p = :p',
        FilterExpression: 'f > :f',
        ExpressionAttributeNames: { '#p': 'pk' },
        ExpressionAttributeValues: { ':p': { S: 'A#1' }, ':s': { S: 'x' }, ':f': { N: '1' } },
      },
      ['dynamodb:Query table/t LeadingKeys=A#1 Attributes=sk,pk,f Select=ALL_ATTRIBUTES'],
    ],
    [
      'Query',
      {
        TableName: 't',
        IndexName: 'by_time',
        KeyConditionExpression: ':h=time_pk',
        ExpressionAttributeValues: { ':h': { S: 'hour' } },
      },
      ['dynamodb:Query table/t/index/by_time LeadingKeys=hour Attributes=time_pk Select=ALL_PROJECTED_ATTRIBUTES'],
    ],
    ['Scan', { TableName: 't', Select: 'COUNT' }, ['dynamodb:Scan table/t Attributes= Select=COUNT']],
    ['DeleteTable', { TableName: 't' }, ['dynamodb:DeleteTable table/t']],
    [
      'GetItem',
      { ...item, TableName: ARN },
      ['dynamodb:GetItem table/t LeadingKeys=A#1 Attributes=pk,sk Select=ALL_ATTRIBUTES'],
    ],
  ])('%s %j', (operation, request, expected) => {
    expect(dynamodb(operation, request)).toEqual(expected);
  });

  test.each<[string, string, object]>([
    ['of a table nobody declared', 'GetItem', { ...item, TableName: 'nobody' }],
    ['with a legacy parameter', 'UpdateItem', { ...item, AttributeUpdates: {} }],
    ['with a legacy parameter inside', 'BatchGetItem', { RequestItems: { t: { Keys: [], AttributesToGet: [] } } }],
    ['in PartiQL', 'ExecuteStatement', { Statement: 'DELETE FROM t' }],
    ['of nothing', 'TransactWriteItems', { TransactItems: [] }],
    ['with an unheard-of item', 'TransactWriteItems', { TransactItems: [{ Erase: item }] }],
  ])('is not said of a request %s', (_what, operation, request) => {
    expect(() => dynamodb(operation, request)).toThrow(UnreadableRequest);
  });

  test.each<[string, string, object]>([
    ['a query that names no partition', 'Query', { TableName: 't', KeyConditionExpression: 'sk = :x' }],
    ['an item without its key', 'PutItem', { TableName: 't', Item: { n: { N: '1' } } }],
  ])('says no leading key of %s', (_what, operation, request) => {
    const [access] = dynamodbAccess(operation, JSON.stringify(request), place);
    expect(() => access?.context('dynamodb:LeadingKeys')).toThrow(UnreadableRequest);
  });

  test('says no attribute of a placeholder that stands for nothing', () => {
    const request = { ...item, UpdateExpression: 'SET #totals = :t' };
    const [access] = dynamodbAccess('UpdateItem', JSON.stringify(request), place);
    expect(() => access?.context('dynamodb:Attributes')).toThrow('#totals stands for nothing');
  });

  test('is not said of what is no JSON', () => {
    expect(() => dynamodbAccess('GetItem', '{', place)).toThrow(UnreadableRequest);
    expect(() => dynamodbAccess('GetItem', '1', place)).toThrow(UnreadableRequest);
  });
});

describe('what a request of SQS does', () => {
  const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:usage.fifo';
  const QueueUrl = 'http://127.0.0.1:1/000000000000/usage.fifo';

  test.each([
    ['SendMessage', { QueueUrl }, 'sqs:SendMessage'],
    ['SendMessageBatch', { QueueUrl }, 'sqs:SendMessage'],
    ['DeleteMessageBatch', { QueueUrl }, 'sqs:DeleteMessage'],
    ['ChangeMessageVisibilityBatch', { QueueUrl }, 'sqs:ChangeMessageVisibility'],
    ['GetQueueUrl', { QueueName: 'usage.fifo' }, 'sqs:GetQueueUrl'],
  ])('%s', (operation, request, action) => {
    const [access, ...others] = sqsAccess(operation, JSON.stringify(request), place);
    expect(access).toMatchObject({ action, resource: QUEUE });
    expect(others).toEqual([]);
  });

  test('is not said of a request without a queue', () => {
    expect(() => sqsAccess('ListQueues', '{}', place)).toThrow(UnreadableRequest);
  });
});

describe('what a request of S3 does', () => {
  const object = 'arn:aws:s3:::anchors/runs/1 2';

  test.each<[string, string, Record<string, string>, string[]]>([
    ['PUT', '/anchors/runs/1%202?x-id=PutObject', {}, [`s3:PutObject ${object}`]],
    [
      'PUT',
      '/anchors/runs/1%202',
      { 'x-amz-object-lock-mode': 'GOVERNANCE', 'x-amz-object-lock-retain-until-date': '2027' },
      [`s3:PutObject ${object}`, `s3:PutObjectRetention ${object}`],
    ],
    ['GET', '/anchors/runs/1%202', {}, [`s3:GetObject ${object}`]],
    ['HEAD', '/anchors/runs/1%202', {}, [`s3:GetObject ${object}`]],
    ['GET', '/anchors/runs/1%202?versionId=v', {}, [`s3:GetObjectVersion ${object}`]],
    ['DELETE', '/anchors/runs/1%202', {}, [`s3:DeleteObject ${object}`]],
    [
      'DELETE',
      '/anchors/runs/1%202?versionId=v',
      { 'x-amz-bypass-governance-retention': 'true' },
      [`s3:DeleteObjectVersion ${object}`, `s3:BypassGovernanceRetention ${object}`],
    ],
    ['PUT', '/anchors/runs/1%202?retention', {}, [`s3:PutObjectRetention ${object}`]],
    ['GET', '/anchors?list-type=2&prefix=runs%2F', {}, ['s3:ListBucket arn:aws:s3:::anchors']],
    ['PUT', '/anchors/?object-lock', {}, ['s3:PutBucketObjectLockConfiguration arn:aws:s3:::anchors']],
  ])('%s %s', (method, url, headers, expected) => {
    expect(s3Access({ method, url, headers }).map(({ action, resource }) => `${action} ${resource}`)).toEqual(expected);
  });

  test('knows the condition of a put and the prefix of a list', () => {
    const [put] = s3Access({ method: 'PUT', url: '/a/b', headers: { 'if-none-match': '*' } });
    expect(put?.context('s3:if-none-match')).toEqual(['*']);
    const [list] = s3Access({ method: 'GET', url: '/a?list-type=2&prefix=runs%2F', headers: {} });
    expect(list?.context('s3:prefix')).toEqual(['runs/']);
    expect(list?.context('s3:if-none-match')).toEqual([]);
  });

  test.each([
    ['POST', '/anchors?delete'],
    ['PUT', '/anchors?policy'],
    ['GET', '/'],
    ['GET', '/anchors/%zz'],
  ])('is not said of %s %s', (method, url) => {
    expect(() => s3Access({ method, url, headers: {} })).toThrow(UnreadableRequest);
  });
});
