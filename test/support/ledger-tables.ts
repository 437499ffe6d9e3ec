import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { expect } from 'vitest';
import type { JournalEntry } from '../../lambdas/domain/journal.ts';
import { type JournalPage, type LaneHead, type LaneKey, nextPage } from '../../lambdas/domain/page.ts';
import { Balances } from '../../lambdas/storage/balances.ts';
import { headKey, type Key } from '../../lambdas/storage/keys.ts';
import { Ledger } from '../../lambdas/storage/ledger.ts';
import { type CommitOutcome, Posting } from '../../lambdas/storage/posting.ts';
import { type Dynamodb, TABLES } from './dynamodb.ts';
import { instant, laneKey, NOW, tenantId } from './events.ts';
import { hashesFor } from './hashes.ts';

export const SHUT_AT = instant('2026-03-15T13:00:00Z');

/** The ledger and the balances in a real engine, through the adapters, and behind their backs where a test needs it. */
export class LedgerTables {
  readonly #dynamodb: Dynamodb;
  readonly #prefix: string;
  #tenants = 0;

  constructor(dynamodb: Dynamodb, prefix = 't') {
    this.#dynamodb = dynamodb;
    this.#prefix = prefix;
  }

  get balances(): Balances {
    return new Balances(this.#dynamodb.client(), TABLES.balances);
  }

  get ledger(): Ledger {
    return new Ledger(this.#dynamodb.client(), TABLES.ledger);
  }

  get posting(): Posting {
    return new Posting(this.#dynamodb.client(), { ledger: TABLES.ledger, balances: TABLES.balances });
  }

  /** A lane of a tenant no other test uses. */
  freshLane(): LaneKey {
    this.#tenants += 1;
    return laneKey({ tenant: tenantId(`${this.#prefix}${this.#tenants}`) });
  }

  commit(head: LaneHead, page: JournalPage): Promise<CommitOutcome> {
    return this.posting.commit(head, page, hashesFor(page));
  }

  /** Posts a page that must go through. */
  async post(key: LaneKey, entries: readonly JournalEntry[]): Promise<JournalPage> {
    const head = await this.balances.head(key);
    const page = nextPage(head, entries, NOW);
    expect(await this.commit(head, page)).toEqual({ status: 'committed' });
    return page;
  }

  /** Shuts a lane's gate as a close does, the lane used or not. */
  async shut(key: LaneKey): Promise<void> {
    const update = { UpdateExpression: 'SET closed_at = :at', ExpressionAttributeValues: { ':at': SHUT_AT } };
    await this.#dynamodb
      .client()
      .send(new UpdateCommand({ TableName: TABLES.balances, Key: { ...headKey(key) }, ...update }));
  }

  /** Turns a head's sequence back, as no part of the system may. */
  async rollBack(head: LaneHead): Promise<void> {
    const update = { UpdateExpression: 'SET next_seq = :seq', ExpressionAttributeValues: { ':seq': head.nextSeq } };
    await this.#dynamodb
      .client()
      .send(new UpdateCommand({ TableName: TABLES.balances, Key: { ...headKey(head) }, ...update }));
  }

  /** Puts an item over whatever is there. */
  async overwrite(table: keyof typeof TABLES, key: Key, attributes: object): Promise<void> {
    await this.#dynamodb.client().send(new PutCommand({ TableName: TABLES[table], Item: { ...key, ...attributes } }));
  }

  /** Deletes an item behind everybody's back. */
  async remove(table: keyof typeof TABLES, key: Key): Promise<void> {
    await this.#dynamodb.client().send(new DeleteCommand({ TableName: TABLES[table], Key: { ...key } }));
  }

  async rawItem(table: keyof typeof TABLES, key: Key): Promise<Record<string, unknown> | undefined> {
    return (await this.#dynamodb.client().send(new GetCommand({ TableName: TABLES[table], Key: { ...key } }))).Item;
  }
}
