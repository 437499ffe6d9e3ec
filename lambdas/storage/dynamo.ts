import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DynamoDBClient,
  type DynamoDBClientConfig,
} from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  PutCommand,
  type PutCommandInput,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';

/** A local network's connect is milliseconds: a second means the other side is gone. */
const CONNECTION_TIMEOUT_MS = 1_000;

/** DynamoDB's own p99 is tens of milliseconds; an answer later than this is treated as lost and asked for again. */
const REQUEST_TIMEOUT_MS = 3_000;

/** The SDK's own tries of one call; it repeats a transaction under the same token, so a repeat is safe. */
const MAX_ATTEMPTS = 3;

/** DynamoDB's limit for one BatchGetItem. */
export const BATCH_GET_MAX = 100;

/**
 * Numbers as `bigint`: money must never pass through a JavaScript number, and every number we store is an integer. What
 * is none stays a JavaScript number, which no schema of ours accepts: so its item is named as damaged.
 */
const unmarshallOptions = { wrapNumbers: (text: string) => (/^-?\d+$/.test(text) ? BigInt(text) : Number(text)) };

const marshallOptions = { removeUndefinedValues: true };

/** The one DynamoDB client of a function; a tool or a test may point it elsewhere. */
export function documentClient(overrides: DynamoDBClientConfig = {}): DynamoDBDocumentClient {
  const client = new DynamoDBClient({
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
    ...overrides,
  });
  return DynamoDBDocumentClient.from(client, {
    // Copies: the document client writes settings of its own into what it is given.
    marshallOptions: { ...marshallOptions },
    unmarshallOptions: { ...unmarshallOptions },
  });
}

/** The plain form of an item inside an exception, which the document client leaves as DynamoDB sent it. */
export function plain(item: Record<string, AttributeValue>): Record<string, unknown> {
  return unmarshall(item, unmarshallOptions);
}

/** An item as we would read it, had it been put. */
export function asFound(item: Record<string, unknown>): Record<string, unknown> {
  return plain(marshall(item, marshallOptions));
}

/** Puts an item on a condition, and says whether that held; any other failure is thrown. */
export async function putIf(
  client: DynamoDBDocumentClient,
  put: PutCommandInput & { readonly ConditionExpression: string },
): Promise<boolean> {
  try {
    await client.send(new PutCommand(put));
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

/** Every item a query finds, read page after page as they are consumed. */
export async function* queryItems(
  client: DynamoDBDocumentClient,
  query: QueryCommandInput,
): AsyncGenerator<Record<string, unknown>> {
  let cursor: Record<string, unknown> | undefined;
  do {
    const command = new QueryCommand({ ...query, ExclusiveStartKey: cursor });
    const { Items = [], LastEvaluatedKey } = await client.send(command);
    yield* Items;
    cursor = LastEvaluatedKey;
  } while (cursor !== undefined);
}
