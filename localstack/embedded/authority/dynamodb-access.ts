import { type Access, noContext, UnreadableRequest } from './access.ts';
import { itemAccess } from './dynamodb-items.ts';
import {
  type Item,
  type Place,
  type Request,
  readRequest,
  requestAttributes,
  requestContext,
  textOf,
} from './dynamodb-request.ts';
import { attributesOf, equalValues } from './expression-names.ts';

type Reading = (request: Request, place: Place) => Access[];

/**
 * How the operations that policies tell apart are asked about. A transaction is no action of its own: each item in it is asked about
 * as its own operation, with `dynamodb:EnclosingOperation` naming the transaction (DynamoDB Developer Guide, "Using IAM
 * with DynamoDB transactions"). A batch is one action per table, with the keys of all its items.
 */
const readings: Readonly<Record<string, Reading>> = {
  GetItem: (request, place) => [itemAccess('GetItem', request, place)],
  PutItem: (request, place) => [itemAccess('PutItem', request, place)],
  UpdateItem: (request, place) => [itemAccess('UpdateItem', request, place)],
  DeleteItem: (request, place) => [itemAccess('DeleteItem', request, place)],
  TransactGetItems: (request, place) => transaction(request, 'TransactGetItems', { Get: 'GetItem' }, place),
  TransactWriteItems: (request, place) => {
    const actions = {
      ConditionCheck: 'ConditionCheckItem',
      Put: 'PutItem',
      Update: 'UpdateItem',
      Delete: 'DeleteItem',
    };
    return transaction(request, 'TransactWriteItems', actions, place);
  },
  BatchGetItem: (request, place) => byTable(request).map(([table, keys]) => batchGet(table, keys as Request, place)),
  BatchWriteItem: (request, place) =>
    byTable(request).map(([table, writes]) => batchWrite(table, writes as WriteRequest[], place)),
  Query: (request, place) => [query(request, place)],
  Scan: (request, place) => [scan(request, place)],
};

/** What a request of DynamoDB does. Throws an `UnreadableRequest` where that cannot be told, as of a PartiQL statement. */
export function dynamodbAccess(operation: string, body: string, place: Place): Access[] {
  const request = readRequest(body);
  const read = Object.hasOwn(readings, operation) ? readings[operation] : undefined;
  const accesses = read === undefined ? [whole(operation, request, place)] : read(request, place);
  if (accesses.length === 0) throw new UnreadableRequest('it names no item');
  return accesses;
}

/** An operation on a table itself. */
function whole(operation: string, request: Request, place: Place): Access {
  const { TableName } = request;
  if (TableName === undefined) throw new UnreadableRequest(`${operation} names no table`);
  return { action: `dynamodb:${operation}`, resource: place.tableArn(TableName), context: noContext };
}

function transaction(
  { TransactItems = [] }: Request,
  enclosing: string,
  actions: Readonly<Record<string, string>>,
  place: Place,
): Access[] {
  return TransactItems.flatMap((item) =>
    Object.entries(item).map(([kind, request]) => {
      const action = Object.hasOwn(actions, kind) ? actions[kind] : undefined;
      if (action === undefined) throw new UnreadableRequest(`a transaction cannot hold ${kind}`);
      return itemAccess(action, request, place, enclosing);
    }),
  );
}

function byTable({ RequestItems = {} }: Request): [string, unknown][] {
  return Object.entries(RequestItems);
}

function batchGet(table: string, request: Request, place: Place): Access {
  const { Keys = [] } = request;
  const { partitionKey } = place.keysOf(table);
  const context = requestContext({
    'dynamodb:LeadingKeys': () => Keys.map((key) => textOf(key[partitionKey])),
    'dynamodb:Attributes': () => [...Keys.flatMap((key) => Object.keys(key)), ...requestAttributes(request)],
    'dynamodb:Select': () => [request.ProjectionExpression === undefined ? 'ALL_ATTRIBUTES' : 'SPECIFIC_ATTRIBUTES'],
  });
  return { action: 'dynamodb:BatchGetItem', resource: place.tableArn(table), context };
}

interface WriteRequest {
  readonly PutRequest?: { readonly Item: Item };
  readonly DeleteRequest?: { readonly Key: Item };
}

function batchWrite(table: string, writes: readonly WriteRequest[], place: Place): Access {
  const { partitionKey } = place.keysOf(table);
  const items = writes.map(({ PutRequest, DeleteRequest }) => PutRequest?.Item ?? DeleteRequest?.Key ?? {});
  const context = requestContext({
    'dynamodb:LeadingKeys': () => items.map((item) => textOf(item[partitionKey])),
    'dynamodb:Attributes': () => items.flatMap((item) => Object.keys(item)),
  });
  return { action: 'dynamodb:BatchWriteItem', resource: place.tableArn(table), context };
}

function query(request: Request, place: Place): Access {
  const { TableName = '', IndexName, KeyConditionExpression = '', ExpressionAttributeNames: names } = request;
  const { partitionKey, indexes } = place.keysOf(TableName);
  const leading = IndexName === undefined ? partitionKey : indexes[IndexName];
  if (leading === undefined) throw new UnreadableRequest(`${TableName} has no index ${IndexName}`);
  const context = requestContext({
    'dynamodb:LeadingKeys': () => {
      const values = equalValues(KeyConditionExpression, leading, names);
      if (values.length === 0) throw new UnreadableRequest(`its key condition says no ${leading}`);
      return values.map((value) => textOf(request.ExpressionAttributeValues?.[value]));
    },
    ...selecting(request),
    'dynamodb:Attributes': () => [...attributesOf(KeyConditionExpression, names), ...requestAttributes(request)],
  });
  return { action: 'dynamodb:Query', resource: place.tableArn(TableName, IndexName), context };
}

/** It has no leading keys, which a condition on all of them does not stop: a role limited to some must not scan. */
function scan(request: Request, place: Place): Access {
  const { TableName = '', IndexName } = request;
  const context = requestContext({ ...selecting(request), 'dynamodb:Attributes': () => requestAttributes(request) });
  return { action: 'dynamodb:Scan', resource: place.tableArn(TableName, IndexName), context };
}

function selecting(request: Request): Parameters<typeof requestContext>[0] {
  const unprojected = request.IndexName === undefined ? 'ALL_ATTRIBUTES' : 'ALL_PROJECTED_ATTRIBUTES';
  const implied = request.ProjectionExpression === undefined ? unprojected : 'SPECIFIC_ATTRIBUTES';
  return { 'dynamodb:Select': () => [request.Select ?? implied] };
}
