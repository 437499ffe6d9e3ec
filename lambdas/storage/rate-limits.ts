import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { TenantId } from '../domain/ids.ts';
import { readItem, stored } from './item.ts';
import { EXPIRES_AT, requestCountKey } from './keys.ts';

/** A count that takes longer is worth no waiting: the caller is better told to come again. */
const TIMEOUT_MS = 2_000;

/** A count is of no use after its window; kept a while for whoever asks why a request was refused. */
const KEPT_SECONDS = 3_600;

const countSchema = z.object({ requests: stored.count });

/** How many requests each tenant made in each window, over all processes. */
export class RateLimits {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** Adds to a window's count and gives the new total; the window is named by the second since 1970 it starts at. */
  async add(tenant: TenantId, windowStartSeconds: number, requests: number): Promise<number> {
    const key = requestCountKey(tenant, windowStartSeconds);
    const update = new UpdateCommand({
      TableName: this.#table,
      Key: { ...key },
      UpdateExpression: 'ADD requests :more SET #expires = :expires',
      ExpressionAttributeNames: { '#expires': EXPIRES_AT },
      ExpressionAttributeValues: { ':more': requests, ':expires': windowStartSeconds + KEPT_SECONDS },
      ReturnValues: 'UPDATED_NEW',
    });
    const { Attributes } = await this.#client.send(update, { abortSignal: AbortSignal.timeout(TIMEOUT_MS) });
    return readItem(countSchema, { ...key, ...Attributes }).requests;
  }
}
