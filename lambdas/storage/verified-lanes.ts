import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Clock } from '../clock.ts';
import type { LaneHead, LaneKey } from '../domain/page.ts';
import { itemsByKey, nameOf, readable } from './bulk-read.ts';
import { putIf } from './dynamo.ts';
import { readItem, stored } from './item.ts';
import { verifiedLaneKey } from './operations-keys.ts';

const schema = z.object({
  next_seq: stored.count,
  chain: stored.pageHash,
  totals: stored.totals,
  entry_count: stored.count,
  last_posted_at: stored.instant.optional(),
});

export interface VerifiedHeads {
  of(lane: LaneKey): LaneHead | undefined;
}

/** How far each lane was verified without a finding: where the next run goes on, and a past the lane must still contain. */
export class VerifiedLanes {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #clock: Clock;

  constructor(client: DynamoDBDocumentClient, table: string, clock: Clock) {
    this.#client = client;
    this.#table = table;
    this.#clock = clock;
  }

  async heads(lanes: readonly LaneKey[]): Promise<VerifiedHeads> {
    const items = await itemsByKey(this.#client, this.#table, lanes.map(verifiedLaneKey), this.#clock);
    return {
      of: (lane) => {
        const item = items.get(nameOf(verifiedLaneKey(lane)));
        const mark = item && readable(() => verifiedOf(lane, item));
        // One that can't be read is none: the lane is replayed from its beginning.
        return mark?.status === 'read' ? mark.value : undefined;
      },
    };
  }

  /** Moves a lane's mark forward, never back. */
  async advance(head: LaneHead): Promise<void> {
    const { nextSeq, chain, totals, entryCount, lastPostedAt } = head;
    await putIf(this.#client, {
      TableName: this.#table,
      Item: {
        ...verifiedLaneKey(head),
        ...{ next_seq: nextSeq, chain, totals, entry_count: entryCount, last_posted_at: lastPostedAt },
      },
      ConditionExpression: 'attribute_not_exists(pk) OR next_seq < :next',
      ExpressionAttributeValues: { ':next': nextSeq },
    });
  }
}

function verifiedOf({ tenant, period, lane }: LaneKey, item: Record<string, unknown>): LaneHead {
  const { next_seq: nextSeq, entry_count: entryCount, last_posted_at: lastPostedAt, ...rest } = readItem(schema, item);
  return { ...{ tenant, period, lane, nextSeq, entryCount, lastPostedAt }, ...rest, closedAt: undefined };
}
