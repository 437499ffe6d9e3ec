import { type DynamoDBDocumentClient, PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { instantOf } from '../../lambdas/domain/instant.ts';
import { usageEntry } from '../../lambdas/domain/journal.ts';
import { USAGE_LANES } from '../../lambdas/domain/lane.ts';
import { ENTRIES_PER_PAGE_MAX, emptyHead, headAfter, type LaneHead, nextPage } from '../../lambdas/domain/page.ts';
import { rate } from '../../lambdas/domain/price-book.ts';
import { payloadHash } from '../../lambdas/domain/usage-event.ts';
import { headKey } from '../../lambdas/storage/keys.ts';
import { markerItem } from '../../lambdas/storage/ledger.ts';
import { pageItem } from '../../lambdas/storage/page-item.ts';
import { usageItem } from '../../lambdas/storage/usage-intake.ts';
import type { TABLES } from './dynamodb.ts';
import { lane, laneKey, must, NOW_MS, priceBook, quantity, usageEvent } from './events.ts';

type Item = Record<string, unknown>;

const WRITERS = 8;
const HOUR_MS = 3_600_000;

/** A tenant's history, written past the posting as fast as the engine takes it, and exactly as the posting would have. */
export class LongHistory {
  readonly #client: DynamoDBDocumentClient;
  readonly #tables: Readonly<Record<keyof typeof TABLES, string>>;
  readonly #heads: LaneHead[] = Array.from({ length: USAGE_LANES }, (_, index) => {
    return emptyHead(laneKey({ lane: lane(index) }));
  });
  #events = 0;

  constructor(client: DynamoDBDocumentClient, tables: Readonly<Record<keyof typeof TABLES, string>>) {
    this.#client = client;
    this.#tables = tables;
  }

  /** Goes on until so many events are accepted and posted, in full pages, lane after lane. */
  async growTo(events: number): Promise<void> {
    const writer = async () => {
      while (this.#events < events) await this.#writePage(Math.min(ENTRIES_PER_PAGE_MAX, events - this.#events));
    };
    await Promise.all(Array.from({ length: WRITERS }, writer));
    for (const head of this.#heads) await this.#putHead(head);
  }

  async #writePage(size: number): Promise<void> {
    const first = this.#events;
    this.#events += size;
    const receivedAt = instantOf(NOW_MS - HOUR_MS);
    const accepted = Array.from({ length: size }, (_, index) => {
      return usageEvent(`k${first + index}`, { receivedAt, quantity: quantity(1 + (index % 9)) });
    });
    const entries = accepted.map((event) => usageEntry(event, must(rate(priceBook(), event.metric, event.quantity))));
    const at = Math.floor(first / ENTRIES_PER_PAGE_MAX) % USAGE_LANES;
    const head = must(this.#heads[at]);
    const page = nextPage(head, entries, receivedAt);
    this.#heads[at] = headAfter(head, page);
    const markers = accepted.map((event, index) => {
      const { tenant, period, lane: number, seq, postedAt } = page;
      const place = { tenant, period, lane: number, seq, index };
      return markerItem({ ...place, payloadHash: payloadHash(event), postedAt }, event.eventId);
    });
    await this.#write('intake', accepted.map(usageItem));
    await this.#write('ledger', [...markers, pageItem(page)]);
  }

  /** One transaction, which the engine commits to its disk once; it would commit every item of a batch by itself. */
  async #write(table: 'intake' | 'ledger', items: readonly Item[]): Promise<void> {
    const TransactItems = items.map((item) => ({ Put: { TableName: this.#tables[table], Item: item } }));
    await this.#client.send(new TransactWriteCommand({ TransactItems }));
  }

  async #putHead(head: LaneHead): Promise<void> {
    const { nextSeq, chain, totals, entryCount, lastPostedAt } = head;
    const moved = { next_seq: nextSeq, chain, totals, entry_count: entryCount, last_posted_at: lastPostedAt };
    const item = lastPostedAt === undefined ? { ...headKey(head) } : { ...headKey(head), ...moved };
    await this.#client.send(new PutCommand({ TableName: this.#tables.balances, Item: item }));
  }
}
