import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { plain } from './dynamo.ts';
import type { Key } from './keys.ts';

/** DynamoDB's limit for the actions of one transaction. */
export const TRANSACTION_ITEMS_MAX = 100;

type Item = Record<string, unknown>;

/** What became of an attempt to write several records at once: all of them were written, or none. */
export type TogetherOutcome<Known> =
  | { readonly status: 'written' }
  /** Some were known: by index, what holds their keys. With none known, others were writing the same, or too much was. */
  | { readonly status: 'cancelled'; readonly known: ReadonlyMap<number, Known> }
  /** DynamoDB refuses the content of one of them: no retry of the same will help. */
  | { readonly status: 'invalid'; readonly cause: unknown }
  /** No answer, or none that tells: they may have been written. */
  | { readonly status: 'unknown'; readonly cause: unknown };

/** Writes the items in one transaction unless one of their keys is taken. No two may have the same key. */
export async function putNewTogether(
  client: DynamoDBDocumentClient,
  table: string,
  items: readonly (Key & Item)[],
  timeoutMs: number,
): Promise<TogetherOutcome<Item | undefined>> {
  const TransactItems = items.map((item) => ({
    Put: {
      TableName: table,
      Item: item,
      ConditionExpression: 'attribute_not_exists(pk)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    },
  }));
  try {
    await client.send(new TransactWriteCommand({ TransactItems }), { abortSignal: AbortSignal.timeout(timeoutMs) });
    return { status: 'written' };
  } catch (cause) {
    if (cause instanceof TransactionCanceledException) return cancelled(cause);
    const isInvalid = cause instanceof Error && cause.name === 'ValidationException';
    return { status: isInvalid ? 'invalid' : 'unknown', cause };
  }
}

/** The reasons come in the order of the items. An item that is known may not have been sent along. */
function cancelled(cause: TransactionCanceledException): TogetherOutcome<Item | undefined> {
  const known = new Map<number, Item | undefined>();
  for (const [index, { Code, Item: item }] of (cause.CancellationReasons ?? []).entries()) {
    if (Code === 'ValidationError') return { status: 'invalid', cause };
    if (Code === 'ConditionalCheckFailed') known.set(index, item && plain(item));
  }
  return { status: 'cancelled', known };
}
