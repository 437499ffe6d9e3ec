import type { Access } from './access.ts';
import { type Place, type Request, requestAttributes, requestContext, textOf } from './dynamodb-request.ts';

/**
 * What an operation on one item does, alone or inside a transaction. Its attributes are those of its key or item, and all that its
 * expressions touch, conditions too ("Using IAM policy conditions for fine-grained access control": attributes that are
 * "read, written, or evaluated in a conditional write").
 */
export function itemAccess(operation: string, request: Request, place: Place, enclosing?: string): Access {
  const { TableName = '', Key, Item, ReturnValues, ProjectionExpression } = request;
  const { partitionKey } = place.keysOf(TableName);
  const item = Item ?? Key ?? {};
  const isRead = operation === 'GetItem';
  const context = requestContext({
    'dynamodb:LeadingKeys': () => [textOf(item[partitionKey])],
    'dynamodb:Attributes': () => [...Object.keys(item), ...requestAttributes(request)],
    'dynamodb:EnclosingOperation': () => (enclosing === undefined ? undefined : [enclosing]),
    'dynamodb:ReturnValues': () => (ReturnValues === undefined ? undefined : [ReturnValues]),
    'dynamodb:Select': () =>
      isRead ? [ProjectionExpression === undefined ? 'ALL_ATTRIBUTES' : 'SPECIFIC_ATTRIBUTES'] : undefined,
  });
  return { action: `dynamodb:${operation}`, resource: place.tableArn(TableName), context };
}
