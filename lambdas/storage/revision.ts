import { isDeepStrictEqual } from 'node:util';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { asFound, plain } from './dynamo.ts';
import { stored } from './item.ts';
import type { Key } from './keys.ts';

/** The revision of what was just created. */
export const FIRST_REVISION = 1;

/** What is at a key before anything is. */
export const NO_REVISION = 0;

/** How often an item has been written; what has no such number was written once, before they were counted. */
export const storedRevision = stored.count.default(FIRST_REVISION);

/** A write of a revision, and the call it is part of: that call's entries in the audit log have the same id. */
export interface RevisionWrite {
  /** What the caller has seen; `NO_REVISION` to create. */
  readonly after: number;
  readonly requestId: string;
}

/**
 * Puts the revision after the one that its writer has seen. False when something else is there: of several who have seen
 * the same revision, one writes the next. A put whose answer was lost is found as it was put, and counts. Its request's id
 * alone would not tell: to API Gateway a caller may name that (`x-amzn-RequestId`), and name two alike.
 */
export async function putRevision(
  client: DynamoDBDocumentClient,
  table: string,
  item: Key & Record<string, unknown>,
  { after, requestId }: RevisionWrite,
): Promise<boolean> {
  const Item = { ...item, revision: after + 1, request_id: requestId };
  const put = new PutCommand({
    TableName: table,
    Item,
    ...conditionOn(after),
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  try {
    await client.send(put);
    return true;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return error.Item !== undefined && isDeepStrictEqual(plain(error.Item), asFound(Item));
  }
}

function conditionOn(revision: number) {
  if (revision === NO_REVISION) return { ConditionExpression: 'attribute_not_exists(pk)' };
  const isUncounted = revision === FIRST_REVISION ? 'attribute_not_exists(revision) OR ' : '';
  return {
    ConditionExpression: `attribute_exists(pk) AND (${isUncounted}revision = :after)`,
    ExpressionAttributeValues: { ':after': revision },
  };
}
