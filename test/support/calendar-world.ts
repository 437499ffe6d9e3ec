import { closePeriod } from '../../lambdas/admin/close-period.ts';
import type { ClosePorts } from '../../lambdas/admin/close-ports.ts';
import { postBatch } from '../../lambdas/consumer/post-batch.ts';
import type { EventId, TenantId } from '../../lambdas/domain/ids.ts';
import { epochMsOf } from '../../lambdas/domain/instant.ts';
import { usageLane } from '../../lambdas/domain/lane.ts';
import { acceptUsage } from '../../lambdas/ingest/accept-usage.ts';
import { usagePayloadOf } from '../../lambdas/ingest/usage-request.ts';
import { balance } from '../../lambdas/read/balance.ts';
import type { ReadPorts } from '../../lambdas/read/ports.ts';
import { receipt } from '../../lambdas/read/receipt.ts';
import { statement } from '../../lambdas/read/statement.ts';
import { AdjustmentIntake } from '../../lambdas/storage/adjustment-intake.ts';
import { CloseNotes } from '../../lambdas/storage/close-notes.ts';
import { Closing } from '../../lambdas/storage/closing.ts';
import { Closures } from '../../lambdas/storage/closures.ts';
import { Config } from '../../lambdas/storage/config.ts';
import { ConfigWriter } from '../../lambdas/storage/config-writer.ts';
import { UsageIntake } from '../../lambdas/storage/usage-intake.ts';
import type { UsageMessage } from '../../lambdas/storage/usage-message.ts';
import { UsageMeters } from '../../lambdas/storage/usage-meters.ts';
import { MAX_RECEIVES, messageOf, recordOf } from './deliveries.ts';
import { type Dynamodb, TABLES } from './dynamodb.ts';
import { eventId, instant, period, priceBook, tenantId } from './events.ts';
import { LedgerTables } from './ledger-tables.ts';
import { ReceiverLog } from './receiver-log.ts';
import { QUEUES } from './sqs-records.ts';
import { TelemetryLog } from './telemetry-log.ts';
import { VirtualClock } from './virtual-clock.ts';

const INVOCATION_MS = 20_000;

/** As much of a statement as these stories look at. */
export interface Statement {
  readonly period: string;
  readonly status: string;
  readonly total_minor: string;
  readonly lines: readonly { readonly event_date: string; readonly posted_at: string; readonly amount_minor: string }[];
}

/**
 * A tenant's ingest, consumer, reads and close on a real engine. Every call says what its function's clock shows: no two
 * functions need agree on the time.
 */
export class CalendarWorld {
  readonly tenant: TenantId;
  readonly tables: LedgerTables;
  readonly #dynamodb: Dynamodb;
  readonly #queue: UsageMessage[] = [];
  readonly #telemetry = new TelemetryLog();
  #names = 0;

  constructor(dynamodb: Dynamodb, tenant: string) {
    this.#dynamodb = dynamodb;
    this.tenant = tenantId(tenant);
    this.tables = new LedgerTables(dynamodb, tenant);
  }

  /** A price book in force since long ago, and the tenant. */
  async begin(): Promise<void> {
    const writer = new ConfigWriter(this.#dynamodb.client(), TABLES.config);
    await writer.addLayout();
    await writer.addTenant(this.tenant, this.tenant);
    await writer.addPriceBook(priceBook());
  }

  /**
   * Accepts one API call, dated or not, under an id of the lane if one is named; throws the Problem it is refused with. Its
   * message waits in the queue.
   */
  async accept(at: string, eventDate?: string, inLane?: number): Promise<EventId> {
    let key: string;
    do {
      this.#names += 1;
      key = `e${this.#names}`;
    } while (inLane !== undefined && usageLane([eventId(`api:${key}`)]) !== inLane);
    const body = { tenant: this.tenant, metric: 'api_call', quantity: 1, idempotency_key: key, event_date: eventDate };
    const payload = usagePayloadOf(JSON.parse(JSON.stringify(body)) as Record<string, unknown>, this.tenant);
    const clock = clockAt(at);
    await acceptUsage(
      payload,
      {
        intake: new UsageIntake(this.#dynamodb.client(), TABLES.intake),
        queue: { send: async (message) => void this.#queue.push(message) },
        prices: this.#config(clock),
        clock,
        telemetry: this.#telemetry,
      },
      undefined,
    );
    return payload.eventId;
  }

  /** Posts all that waits. */
  async drain(at: string): Promise<void> {
    const clock = clockAt(at);
    const { balances, posting, ledger } = this.tables;
    const { receivers } = new ReceiverLog();
    const prices = this.#config(clock);
    const ports = { balances, posting, ledger, prices, receivers, clock, telemetry: this.#telemetry };
    const deadlineMs = clock.nowMs() + INVOCATION_MS;
    for (const { events } of this.#queue.splice(0)) {
      this.#names += 1;
      const record = recordOf(messageOf(`m${this.#names}`, events));
      const limits = { deadlineMs, maxReceiveCount: MAX_RECEIVES, queues: QUEUES };
      const { batchItemFailures } = await postBatch([record], ports, limits);
      if (batchItemFailures.length > 0) throw new Error(`${events[0]?.eventId} was not posted.`);
    }
  }

  /** Accepts and posts at once; gives the month it was booked into. */
  async book(at: string, eventDate?: string): Promise<string> {
    const id = await this.accept(at, eventDate);
    await this.drain(at);
    return this.periodOf(id);
  }

  async periodOf(id: EventId): Promise<string> {
    return ((await receipt(this.tenant, id, this.#reads(clockAt('2030-01-01T00:00:00Z')))) as { period: string })
      .period;
  }

  /** The statement of a month, or of the one the reader's clock is in. */
  async statement(at: string, month?: string): Promise<Statement> {
    const query = new Map(month === undefined ? [] : [['period', month]]);
    return (await statement(this.tenant, query, this.#reads(clockAt(at)))) as Statement;
  }

  async balanceMinor(at: string): Promise<string> {
    return ((await balance(this.tenant, this.#reads(clockAt(at)))) as { balance_minor: string }).balance_minor;
  }

  /** Closes a month; throws the Problem it is refused with. */
  async close(at: string, month: string): Promise<void> {
    const client = this.#dynamodb.client();
    const clock = clockAt(at);
    const ports: ClosePorts = {
      config: this.#config(clock),
      closures: new Closures(client, TABLES.balances),
      closing: new Closing(client, TABLES.balances),
      balances: this.tables.balances,
      notes: new CloseNotes(client, TABLES.operations),
      anchors: { putClose: async () => undefined },
      clock,
      telemetry: this.#telemetry,
      newClaimId: () => `${this.tenant} ${month} ${at}`,
      claimMaxAgeMs: INVOCATION_MS,
    };
    await closePeriod({ tenant: this.tenant, period: period(month) }, ports);
  }

  #reads(clock: VirtualClock): ReadPorts {
    const client = this.#dynamodb.client();
    return {
      intake: new UsageIntake(client, TABLES.intake),
      adjustments: new AdjustmentIntake(client, TABLES.adjustments),
      ledger: this.tables.ledger,
      balances: this.tables.balances,
      meters: new UsageMeters(client, TABLES.usage),
      config: this.#config(clock),
      closures: new Closures(client, TABLES.balances),
      clock,
    };
  }

  #config(clock: VirtualClock): Config {
    return new Config(this.#dynamodb.client(), TABLES.config, () => clock.nowMs());
  }
}

function clockAt(at: string): VirtualClock {
  return new VirtualClock(epochMsOf(instant(at)));
}
