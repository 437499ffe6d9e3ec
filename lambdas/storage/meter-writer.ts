import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { HourlySums, MeterKey } from '../domain/meter.ts';
import type { LaneKey } from '../domain/page.ts';
import { plain } from './dynamo.ts';
import { readItem } from './item.ts';
import { type Key, meterCursorKey, meterKey } from './keys.ts';
import { attributesOf, type MeterMark, markSchema } from './meter-item.ts';

const NUMBER_TYPE = 'N';

/** What is no number was not written by us; that takes in what is not there at all. */
const DAMAGED = 'NOT attribute_type(seq, :number) OR NOT attribute_type(generation, :number)';

/** Counts usage: a projection of the journal that can be made anew at any time. */
export class MeterWriter {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** Moves a lane's cursor, unless it is no longer where it was read. */
  async moveCursor(lane: LaneKey, from: MeterMark, to: MeterMark): Promise<boolean> {
    const isNew = from.seq === 0 && from.generation === 0;
    const put = new PutCommand({
      TableName: this.#table,
      Item: { ...meterCursorKey(lane), ...to },
      ConditionExpression: `${isNew ? 'attribute_not_exists(pk) OR ' : ''}(seq = :seq AND generation = :generation)`,
      ExpressionAttributeValues: { ':seq': from.seq, ':generation': from.generation },
    });
    return this.#succeeds(() => this.#client.send(put));
  }

  /** Forgets a cursor. Always safe: the pages are read again, and each meter knows which of them it holds. */
  async removeCursor(lane: LaneKey): Promise<void> {
    await this.#client.send(new DeleteCommand({ TableName: this.#table, Key: meterCursorKey(lane) }));
  }

  /**
   * Adds sums of pages up to `toSeq` to a meter of this generation that holds none of them: `from` or older, or, if
   * allowed, not there yet. Otherwise changes nothing and returns the mark it found, undefined when there is no meter.
   */
  async add(
    key: MeterKey,
    sums: HourlySums,
    from: MeterMark & { readonly orAbsent: boolean },
    toSeq: number,
  ): Promise<{ readonly added: true } | { readonly added: false; readonly found: MeterMark | undefined }> {
    const attributes = Object.entries(attributesOf(sums));
    const update = new UpdateCommand({
      TableName: this.#table,
      Key: meterKey(key),
      UpdateExpression: `ADD ${attributes.map(([name]) => `${name} :${name}`).join(', ')} SET seq = :to, generation = :generation`,
      ConditionExpression: `${from.orAbsent ? 'attribute_not_exists(pk) OR ' : ''}(generation = :generation AND seq <= :from)`,
      ExpressionAttributeValues: {
        ...Object.fromEntries(attributes.map(([name, value]) => [`:${name}`, value])),
        ...{ ':to': toSeq, ':from': from.seq, ':generation': from.generation },
      },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    try {
      await this.#client.send(update);
      return { added: true };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return { added: false, found: error.Item && readItem(markSchema, plain(error.Item)) };
    }
  }

  /**
   * Puts the whole of a meter, over whatever stands there but a meter of the same generation that holds as much, or one
   * of a newer. Returns the mark of what stood in the way.
   */
  async put(key: MeterKey, sums: HourlySums, mark: MeterMark): Promise<MeterMark | undefined> {
    const put = new PutCommand({
      TableName: this.#table,
      Item: { ...meterKey(key), ...attributesOf(sums), ...mark },
      ConditionExpression: `${DAMAGED} OR generation < :generation OR (generation = :generation AND seq < :seq)`,
      ExpressionAttributeValues: { ':generation': mark.generation, ':seq': mark.seq, ':number': NUMBER_TYPE },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    try {
      await this.#client.send(put);
      return undefined;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException) || error.Item === undefined) throw error;
      return readItem(markSchema, plain(error.Item));
    }
  }

  /** Removes a meter that is damaged or older than this generation; returns whether it was. */
  async removeOlder(key: Key, generation: number): Promise<boolean> {
    const remove = new DeleteCommand({
      TableName: this.#table,
      Key: { ...key },
      ConditionExpression: `attribute_exists(pk) AND (${DAMAGED} OR generation < :generation)`,
      ExpressionAttributeValues: { ':generation': generation, ':number': NUMBER_TYPE },
    });
    return this.#succeeds(() => this.#client.send(remove));
  }

  async #succeeds(write: () => Promise<unknown>): Promise<boolean> {
    try {
      await write();
      return true;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return false;
    }
  }
}
