import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { headAfter, type JournalPage, type LaneHead } from '../domain/page.ts';
import type { PayloadHash } from '../domain/usage-event.ts';
import { headOf } from './balances.ts';
import { plain } from './dynamo.ts';
import { headKey } from './keys.ts';
import { type Marker, markerItem, markerOf } from './ledger.ts';
import { pageItem } from './page-item.ts';

/** What became of an attempt to commit a page. */
export type CommitOutcome =
  | { readonly status: 'committed' }
  | ({ readonly status: 'cancelled' } & Cancellation)
  /** DynamoDB refuses the content itself: no retry will help. */
  | { readonly status: 'invalid'; readonly detail: string }
  /** No answer, or none that tells: it may have been committed. */
  | { readonly status: 'unknown'; readonly cause: unknown };

/** Why DynamoDB cancelled, read from every reason by its index; what it masks is found by the next attempt. */
export interface Cancellation {
  /** By index of the entry: the marker that holds its id, or null when DynamoDB did not send it along. */
  readonly taken: ReadonlyMap<number, Marker | null>;
  /** The head moved or was shut since it was read: as it stands now, or null when DynamoDB did not send it along. */
  readonly head: LaneHead | null | undefined;
  /** A page with this sequence exists. */
  readonly pageExists: boolean;
  /** An item DynamoDB finds no fault with but this content: the entry's index, or -1 for the page or head. */
  readonly invalid: readonly number[];
}

/** Commits journal pages: the one place where money moves. */
export class Posting {
  readonly #client: DynamoDBDocumentClient;
  readonly #tables: { readonly ledger: string; readonly balances: string };

  constructor(client: DynamoDBDocumentClient, tables: { ledger: string; balances: string }) {
    this.#client = client;
    this.#tables = tables;
  }

  /**
   * Posts the page in one transaction: a marker for each entry, the page, and its lane's head. All of it happens or
   * nothing: a known event id, a page in its place, a head that moved or was shut each cancel the whole.
   */
  async commit(head: LaneHead, page: JournalPage, payloadHashes: readonly PayloadHash[]): Promise<CommitOutcome> {
    const { tenant, period, lane, seq, postedAt } = page;
    const markers = page.entries.map((entry, index) => {
      const payloadHash = payloadHashes[index];
      if (payloadHash === undefined) throw new RangeError('Every entry of a page needs its payload hash.');
      return this.#putNew(markerItem({ tenant, period, lane, seq, index, payloadHash, postedAt }, entry.eventId));
    });
    const command = new TransactWriteCommand({
      TransactItems: [...markers, this.#putNew(pageItem(page)), this.#moveHead(head, page)],
    });
    try {
      await this.#client.send(command);
      return { status: 'committed' };
    } catch (error) {
      return outcomeOf(error, page);
    }
  }

  #putNew(item: Record<string, unknown>): TransactItem {
    return {
      Put: {
        TableName: this.#tables.ledger,
        Item: item,
        ConditionExpression: 'attribute_not_exists(pk)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    };
  }

  #moveHead(head: LaneHead, page: JournalPage): TransactItem {
    const next = headAfter(head, page);
    const isFirst = head.lastPostedAt === undefined;
    return {
      Update: {
        TableName: this.#tables.balances,
        Key: headKey(page),
        UpdateExpression:
          'SET next_seq = :next, chain = :chain, totals = :totals, entry_count = :count, last_posted_at = :at',
        ConditionExpression: `attribute_not_exists(closed_at) AND ${isFirst ? 'attribute_not_exists(next_seq)' : 'next_seq = :seq'}`,
        ExpressionAttributeValues: {
          ':next': next.nextSeq,
          ':chain': next.chain,
          ':totals': next.totals,
          ':count': next.entryCount,
          ':at': next.lastPostedAt,
          ...(!isFirst && { ':seq': page.seq }),
        },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    };
  }
}

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

function outcomeOf(error: unknown, page: JournalPage): CommitOutcome {
  if (error instanceof TransactionCanceledException) return { status: 'cancelled', ...cancellationOf(error, page) };
  if (error instanceof Error && error.name === 'ValidationException') {
    return { status: 'invalid', detail: error.message };
  }
  return { status: 'unknown', cause: error };
}

/** The reasons come in the order of the transaction's items: the markers, then the page, then the head. */
function cancellationOf(error: TransactionCanceledException, page: JournalPage): Cancellation {
  const taken = new Map<number, Marker | null>();
  const invalid: number[] = [];
  let head: LaneHead | null | undefined;
  let pageExists = false;
  const pageIndex = page.entries.length;
  for (const [index, reason] of (error.CancellationReasons ?? []).entries()) {
    const failed = reason.Code === 'ConditionalCheckFailed';
    const item = reason.Item && plain(reason.Item);
    if (reason.Code === 'ValidationError') invalid.push(index < pageIndex ? index : -1);
    else if (failed && index < pageIndex) taken.set(index, item ? markerOf(item) : null);
    else if (failed && index === pageIndex) pageExists = true;
    else if (failed) head = item ? headOf(page, item) : null;
  }
  return { taken, head, pageExists, invalid };
}
