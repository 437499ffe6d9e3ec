import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { LaneKey } from '../domain/page.ts';
import { readable } from './bulk-read.ts';
import { readItem } from './item.ts';
import { anchoredLaneKey } from './operations-keys.ts';

const schema = z.object({ anchor_key: z.string().min(1) });

/**
 * The index from a lane to the anchor that lists it last. It only points: what is true stands in the bucket, and a full run,
 * which reads every anchor, does not need it.
 */
export class AnchoredLanes {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** The key of the last anchor that lists the lane; an item that can't be read names none. */
  async find(lane: LaneKey): Promise<string | undefined> {
    const get = new GetCommand({ TableName: this.#table, Key: anchoredLaneKey(lane), ConsistentRead: true });
    const { Item } = await this.#client.send(get);
    const read = Item && readable(() => readItem(schema, Item).anchor_key);
    return read?.status === 'read' ? read.value : undefined;
  }

  async record(lane: LaneKey, anchorKey: string): Promise<void> {
    const item = { ...anchoredLaneKey(lane), anchor_key: anchorKey };
    await this.#client.send(new PutCommand({ TableName: this.#table, Item: item }));
  }
}
