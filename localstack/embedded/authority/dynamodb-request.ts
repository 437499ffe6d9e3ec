import { type Context, UnreadableRequest } from './access.ts';
import { attributesOf, type Names } from './expression-names.ts';
import type { TableKeys } from './policy-book.ts';

export type Item = Readonly<Record<string, unknown>>;

/** The parts of DynamoDB's requests, and of a transaction's items, that policies may be about. */
export interface Request {
  readonly TableName?: string;
  readonly IndexName?: string;
  readonly Key?: Item;
  readonly Item?: Item;
  readonly Keys?: readonly Item[];
  readonly KeyConditionExpression?: string;
  readonly ProjectionExpression?: string;
  readonly FilterExpression?: string;
  readonly ConditionExpression?: string;
  readonly UpdateExpression?: string;
  readonly ExpressionAttributeNames?: Names;
  readonly ExpressionAttributeValues?: Item;
  readonly ReturnValues?: string;
  readonly Select?: string;
  readonly TransactItems?: readonly Readonly<Record<string, Request>>[];
  readonly RequestItems?: Readonly<Record<string, unknown>>;
}

/** Where requests are made. */
export interface Place {
  /** Throws an `UnreadableRequest` for a table the template does not declare. */
  keysOf(table: string): TableKeys;
  tableArn(table: string, index?: string): string;
}

/** What expressions replaced; nothing here reads them, so no request may use them to say what a policy would not see. */
const LEGACY = [
  'AttributesToGet',
  'AttributeUpdates',
  'ConditionalOperator',
  'Expected',
  'KeyConditions',
  'QueryFilter',
  'ScanFilter',
];

/** Throws an `UnreadableRequest` for a body that is no JSON object, or that uses DynamoDB's legacy parameters. */
export function readRequest(body: string): Request {
  const request = parsed(body);
  if (!isObject(request)) throw new UnreadableRequest('its body is no object');
  const { RequestItems = {}, TransactItems = [] } = request as Request;
  const inner = [...Object.values(RequestItems), ...TransactItems.flatMap((item) => Object.values(item))];
  for (const part of [request, ...inner.filter(isObject)]) {
    const legacy = LEGACY.find((name) => Object.hasOwn(part, name));
    if (legacy !== undefined) throw new UnreadableRequest(`${legacy} is a legacy parameter`);
  }
  return request;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new UnreadableRequest('its body is not JSON');
  }
}

/** A context whose values are worked out only when a policy asks for them. */
export function requestContext(values: Readonly<Record<string, () => readonly string[] | undefined>>): Context {
  return (key) => (Object.hasOwn(values, key) ? values[key]?.() : undefined);
}

/** The attributes a request's expressions touch; those of its keys and items come besides. */
export function requestAttributes(request: Request): string[] {
  const { ProjectionExpression, FilterExpression, ConditionExpression, UpdateExpression } = request;
  return [ProjectionExpression, FilterExpression, ConditionExpression, UpdateExpression].flatMap((expression) =>
    expression === undefined ? [] : attributesOf(expression, request.ExpressionAttributeNames),
  );
}

/** A key's value as a policy sees it: a string as it is, a number as its digits, bytes as base64. */
export function textOf(value: unknown): string {
  const [text] = typeof value === 'object' && value !== null ? Object.values(value) : [];
  if (typeof text !== 'string') throw new UnreadableRequest('it lacks the partition key');
  return text;
}
