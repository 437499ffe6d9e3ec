import { type DynamoDBDocumentClient, GetCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { TenantId } from '../domain/ids.ts';
import { queryItems } from './dynamo.ts';
import { readItem } from './item.ts';
import type { Key } from './keys.ts';
import { putRevision, type RevisionWrite, storedRevision } from './revision.ts';

/** How one kind of key lies in the Config table. */
export interface KeyForm<Issued> {
  readonly keyOf: (keyId: string) => Key;
  readonly itemOf: (issued: Issued) => Key & Record<string, unknown>;
  /** Throws a DamagedItemError for what is no such key. */
  readonly read: (item: Record<string, unknown>) => Issued;
}

/** A key, and how often it was written. */
export interface Revised<Issued> {
  readonly issued: Issued;
  readonly revision: number;
}

/** Which keys to list: of one tenant or of all, by id, behind `after`. */
export interface KeyPage {
  readonly tenant: TenantId | undefined;
  readonly after: string | undefined;
  readonly limit: number;
}

const revisionSchema = z.object({ revision: storedRevision });

/** All keys of one kind, for whoever issues, rotates and revokes them: read and written each time. */
export class KeyRegister<Issued> {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #form: KeyForm<Issued>;

  constructor(client: DynamoDBDocumentClient, table: string, form: KeyForm<Issued>) {
    this.#client = client;
    this.#table = table;
    this.#form = form;
  }

  /** The key as it stands now, revoked or not. */
  async find(keyId: string): Promise<Revised<Issued> | undefined> {
    const Key = { ...this.#form.keyOf(keyId) };
    const { Item } = await this.#client.send(new GetCommand({ TableName: this.#table, Key, ConsistentRead: true }));
    return Item && this.#revised(Item);
  }

  /** The next keys by id, revoked ones too. */
  async page({ tenant, after, limit }: KeyPage): Promise<{ keys: Revised<Issued>[]; hasMore: boolean }> {
    const { pk } = this.#form.keyOf('');
    const query: QueryCommandInput = {
      TableName: this.#table,
      KeyConditionExpression: after === undefined ? 'pk = :keys' : 'pk = :keys AND sk > :after',
      ...(tenant !== undefined && { FilterExpression: 'tenant = :tenant' }),
      ExpressionAttributeValues: {
        ':keys': pk,
        ...(after !== undefined && { ':after': after }),
        ...(tenant !== undefined && { ':tenant': tenant }),
      },
      ConsistentRead: true,
    };
    const keys: Revised<Issued>[] = [];
    for await (const item of queryItems(this.#client, query)) {
      if (keys.length === limit) return { keys, hasMore: true };
      keys.push(this.#revised(item));
    }
    return { keys, hasMore: false };
  }

  /** False when the key is not, or no longer, of the revision that its writer has seen. */
  put(issued: Issued, write: RevisionWrite): Promise<boolean> {
    return putRevision(this.#client, this.#table, this.#form.itemOf(issued), write);
  }

  #revised(item: Record<string, unknown>): Revised<Issued> {
    return { issued: this.#form.read(item), revision: readItem(revisionSchema, item).revision };
  }
}
