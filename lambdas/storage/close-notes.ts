import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { TenantId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { Period } from '../domain/period.ts';
import { queryItems } from './dynamo.ts';
import { readItem, stored } from './item.ts';
import { CLOSE_NOTES_PARTITION, closeNoteKey } from './operations-keys.ts';

/** A close that somebody began and nobody has reported as done. */
export interface CloseNote {
  readonly tenant: TenantId;
  readonly period: Period;
  readonly notedAt: Instant;
}

const noteSchema = z.object({ tenant: stored.tenant, period: stored.period, noted_at: stored.instant });

/** The closes under way, over all tenants: by them the schedule finds those whose caller died. */
export class CloseNotes {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async note({ tenant, period, notedAt }: CloseNote): Promise<void> {
    const item = { ...closeNoteKey(tenant, period), tenant, period, noted_at: notedAt };
    await this.#client.send(new PutCommand({ TableName: this.#table, Item: item }));
  }

  async all(): Promise<CloseNote[]> {
    const query = {
      TableName: this.#table,
      KeyConditionExpression: 'pk = :notes',
      ExpressionAttributeValues: { ':notes': CLOSE_NOTES_PARTITION },
      ConsistentRead: true,
    };
    const notes: CloseNote[] = [];
    for await (const item of queryItems(this.#client, query)) {
      const { tenant, period, noted_at: notedAt } = readItem(noteSchema, item);
      notes.push({ tenant, period, notedAt });
    }
    return notes;
  }

  /** Removes a note; one that was written anew since it was read stays. */
  async forget({ tenant, period, notedAt }: CloseNote): Promise<void> {
    const remove = new DeleteCommand({
      TableName: this.#table,
      Key: closeNoteKey(tenant, period),
      ConditionExpression: 'noted_at = :read',
      ExpressionAttributeValues: { ':read': notedAt },
    });
    try {
      await this.#client.send(remove);
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }
}
