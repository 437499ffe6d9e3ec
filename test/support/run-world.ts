import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { expect } from 'vitest';
import type { Discrepancy } from '../../lambdas/domain/discrepancy.ts';
import type { TenantId } from '../../lambdas/domain/ids.ts';
import { instantOf } from '../../lambdas/domain/instant.ts';
import { type JournalEntry, usageEntry } from '../../lambdas/domain/journal.ts';
import { ALL_LANES } from '../../lambdas/domain/lane.ts';
import { type JournalPage, type LaneHead, type LaneKey, nextPage } from '../../lambdas/domain/page.ts';
import type { Period } from '../../lambdas/domain/period.ts';
import { rate } from '../../lambdas/domain/price-book.ts';
import type { ReconcileRun, RunMode } from '../../lambdas/domain/reconcile-run.ts';
import { nextSeal } from '../../lambdas/domain/seal.ts';
import { payloadHash, type UsageEvent } from '../../lambdas/domain/usage-event.ts';
import { advanceRun, beginRun } from '../../lambdas/reconcile/run/advance-run.ts';
import { runPorts } from '../../lambdas/reconcile/run/compose.ts';
import type { RunPorts } from '../../lambdas/reconcile/run/ports.ts';
import { Balances } from '../../lambdas/storage/balances.ts';
import { Closing } from '../../lambdas/storage/closing.ts';
import type { Claim } from '../../lambdas/storage/closure-item.ts';
import { Closures } from '../../lambdas/storage/closures.ts';
import { ConfigWriter } from '../../lambdas/storage/config-writer.ts';
import { DeadLetters } from '../../lambdas/storage/dead-letters.ts';
import { GuardFindings } from '../../lambdas/storage/guard-findings.ts';
import { headKey, type Key, pageKey } from '../../lambdas/storage/keys.ts';
import { Ledger } from '../../lambdas/storage/ledger.ts';
import { pageItem } from '../../lambdas/storage/page-item.ts';
import { Posting } from '../../lambdas/storage/posting.ts';
import { SweepProgress } from '../../lambdas/storage/sweep-progress.ts';
import { UsageIntake } from '../../lambdas/storage/usage-intake.ts';
import { createTable, type Dynamodb, TABLES } from './dynamodb.ts';
import { must, NOW_MS, priceBook, usageEvent } from './events.ts';
import { FakeBucket } from './fake-bucket.ts';
import { TelemetryLog } from './telemetry-log.ts';
import { VirtualClock } from './virtual-clock.ts';

type Table = keyof typeof TABLES;

const HOUR_MS = 3_600_000;
const REQUEST_TIMEOUT_MS = 30_000;
export const SETTLED_AFTER_MS = 600_000;

let worlds = 0;

/** A ledger of its own in a real engine, honestly posted, with what a run needs around it; and ways to corrupt it. */
export class RunWorld {
  readonly clock = new VirtualClock(NOW_MS);
  readonly telemetry = new TelemetryLog();
  readonly bucket = new FakeBucket();
  /** The runs that asked for another invocation. */
  readonly sent: ReconcileRun[] = [];
  readonly books = [priceBook(1), priceBook(2)];
  readonly ports: RunPorts;
  readonly #client: DynamoDBDocumentClient;
  readonly #tables: Readonly<Record<Table, string>>;

  private constructor(client: DynamoDBDocumentClient, tables: Readonly<Record<Table, string>>) {
    this.#client = client;
    this.#tables = tables;
    const { intake, adjustments, ledger, balances, config, operations } = tables;
    const named = { usageIntake: intake, adjustmentIntake: adjustments, ledger, balances, config, operations };
    this.ports = runPorts(
      { tables: named, settledAfterMs: SETTLED_AFTER_MS },
      {
        ...{ client, clock: this.clock, telemetry: this.telemetry, anchors: this.bucket },
        queue: { send: async (run) => void this.sent.push(run) },
      },
    );
  }

  static async create(dynamodb: Dynamodb): Promise<RunWorld> {
    worlds += 1;
    const names = Object.entries(TABLES).map(([table, name]) => [table, `run${worlds}-${name}`] as const);
    for (const [table, name] of names) await createTable(dynamodb.client(), name, TABLES[table as Table]);
    const world = new RunWorld(dynamodb.client(), Object.fromEntries(names) as Record<Table, string>);
    const config = new ConfigWriter(dynamodb.client(), world.#tables.config);
    await config.addLayout();
    for (const book of world.books) await config.addPriceBook(book);
    return world;
  }

  /** Accepts events an hour ago, of this key each unless told otherwise. */
  async accept(keys: readonly string[], changes: Partial<UsageEvent> = {}): Promise<UsageEvent[]> {
    const intake = new UsageIntake(this.#client, this.#tables.intake);
    const events = keys.map((key) => {
      return usageEvent(key, { receivedAt: instantOf(this.clock.nowMs() - HOUR_MS), ...changes });
    });
    for (const event of events) expect(await intake.accept(event, REQUEST_TIMEOUT_MS)).toBeUndefined();
    return events;
  }

  /** Posts events of one lane as the consumer does, in a page of their own. */
  async post(lane: LaneKey, events: readonly UsageEvent[]): Promise<JournalPage> {
    const page = nextPage(
      await this.head(lane),
      events.map((event) => this.entryOf(event)),
      instantOf(this.clock.nowMs() - HOUR_MS),
    );
    const posting = new Posting(this.#client, { ledger: this.#tables.ledger, balances: this.#tables.balances });
    expect(await posting.commit(await this.head(lane), page, events.map(payloadHash))).toEqual({ status: 'committed' });
    return page;
  }

  /** Accepts and posts, so many events to a page. */
  async charge(lane: LaneKey, pages: readonly (readonly string[])[]): Promise<JournalPage[]> {
    const posted: JournalPage[] = [];
    for (const keys of pages) {
      posted.push(await this.post(lane, await this.accept(keys, { tenant: lane.tenant })));
    }
    return posted;
  }

  /** Begins to close a month: the claim is put and so many gates are shut. */
  async beginClose(tenant: TenantId, month: Period, gates = ALL_LANES.length): Promise<Claim> {
    const at = instantOf(this.clock.nowMs());
    const claim = { id: `claim of ${month}`, claimedAt: at, closedAt: at };
    expect(await this.#closing.claim(tenant, month, claim)).toBe(true);
    for (const lane of ALL_LANES.slice(0, gates)) await this.#closing.shut({ tenant, period: month, lane }, at);
    return claim;
  }

  async close(tenant: TenantId, month: Period): Promise<void> {
    const { id, closedAt } = await this.beginClose(tenant, month);
    const carry = await new Closures(this.#client, this.#tables.balances).carry(tenant);
    const heads = await new Balances(this.#client, this.#tables.balances).heads(tenant, month);
    const seal = nextSeal(carry, heads, { period: month, closedAt, sealedAt: closedAt, currency: 'USD' });
    expect(await this.#closing.seal(seal, carry, id)).toBe('sealed');
  }

  get #closing(): Closing {
    return new Closing(this.#client, this.#tables.balances);
  }

  entryOf(event: UsageEvent): JournalEntry {
    const book = must(this.books.find(({ version }) => version === event.priceVersion));
    return usageEntry(event, must(rate(book, event.metric, event.quantity)));
  }

  head(lane: LaneKey): Promise<LaneHead> {
    return new Balances(this.#client, this.#tables.balances).head(lane);
  }

  async pages(lane: LaneKey): Promise<JournalPage[]> {
    const pages: JournalPage[] = [];
    for await (const page of new Ledger(this.#client, this.#tables.ledger).pages(lane, 1, 1_000)) pages.push(page);
    return pages;
  }

  /** What the guard, the consumer and the sweep leave behind for whoever asks whom an alarm is about. */
  get traces() {
    const { ledger, operations } = this.#tables;
    return {
      guard: new GuardFindings(this.#client, operations),
      deadLetters: new DeadLetters(this.#client, { ledger, operations }),
      refusals: new Ledger(this.#client, ledger),
      attempts: new SweepProgress(this.#client, operations, 'usage'),
      clock: this.clock,
    };
  }

  /** A run from beginning to end; `between` comes after each of its steps. */
  async run(mode: RunMode = 'full', tenant?: TenantId): Promise<{ run: ReconcileRun; found: Discrepancy[] }> {
    const run = await advanceRun(await beginRun(mode, tenant, this.ports), this.ports, Number.POSITIVE_INFINITY);
    return { run, found: await this.ports.runs.findings(run.id) };
  }

  /** What only somebody with the keys to the tables can do. */
  async put(table: Table, item: Record<string, unknown>): Promise<void> {
    await this.#client.send(new PutCommand({ TableName: this.#tables[table], Item: item }));
  }

  async delete(table: Table, key: Key): Promise<void> {
    await this.#client.send(new DeleteCommand({ TableName: this.#tables[table], Key: { ...key } }));
  }

  async item(table: Table, key: Key): Promise<Record<string, unknown>> {
    const get = new GetCommand({ TableName: this.#tables[table], Key: { ...key }, ConsistentRead: true });
    return must((await this.#client.send(get)).Item, `${key.pk} / ${key.sk}`);
  }

  async edit(table: Table, key: Key, changes: Record<string, unknown>): Promise<void> {
    await this.put(table, { ...(await this.item(table, key)), ...changes });
  }

  putPage(page: JournalPage): Promise<void> {
    return this.put('ledger', pageItem(page));
  }

  deletePage(lane: LaneKey, seq: number): Promise<void> {
    return this.delete('ledger', pageKey(lane, seq));
  }

  /** Puts a head over the one there is. */
  putHead(head: LaneHead): Promise<void> {
    const { nextSeq, chain, totals, entryCount, lastPostedAt, closedAt } = head;
    const moved = { next_seq: nextSeq, chain, totals, entry_count: entryCount, last_posted_at: lastPostedAt };
    return this.put('balances', { ...headKey(head), ...moved, ...(closedAt && { closed_at: closedAt }) });
  }
}
