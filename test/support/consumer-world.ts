import type { PriceSource } from '../../lambdas/consumer/charge.ts';
import { postBatch } from '../../lambdas/consumer/post-batch.ts';
import type { JournalPage } from '../../lambdas/domain/page.ts';
import type { PriceBook } from '../../lambdas/domain/price-book.ts';
import { MAX_RECEIVES, recordOf, type TestMessage } from './deliveries.ts';
import { NOW_MS, priceBook } from './events.ts';
import { FakeLedger } from './fake-ledger.ts';
import { type FaultScript, faultyPorts, noFaults } from './fault-script.ts';
import { ReceiverLog } from './receiver-log.ts';
import { QUEUES } from './sqs-records.ts';
import { TelemetryLog } from './telemetry-log.ts';
import { VirtualClock } from './virtual-clock.ts';

const INVOCATION_MS = 20_000;

/** The consumer with everything around it in memory. */
export class ConsumerWorld {
  readonly ledger = new FakeLedger();
  readonly telemetry = new TelemetryLog();
  readonly returned = new ReceiverLog();
  readonly clock: VirtualClock;
  readonly books: readonly PriceBook[];
  readonly prices: PriceSource;

  constructor(seed = 1, books: readonly PriceBook[] = [priceBook(1), priceBook(2)]) {
    this.clock = new VirtualClock(NOW_MS, seed);
    this.books = books;
    // The cache lags one version behind the table.
    this.prices = { priceBooks: async () => books.slice(0, 1), priceBooksNow: async () => books };
  }

  /** Delivers a batch, and returns the ids of the messages the consumer gives back. */
  async deliver(
    messages: readonly TestMessage[],
    script: FaultScript = noFaults,
    options: { strikes?: (page: JournalPage) => boolean; invocationMs?: number } = {},
  ): Promise<string[]> {
    const { clock, telemetry } = this;
    const { receivers } = this.returned;
    const ports = { ...faultyPorts(this.ledger, this.prices, script, options.strikes), receivers, clock, telemetry };
    const deadlineMs = clock.nowMs() + (options.invocationMs ?? INVOCATION_MS);
    const { batchItemFailures } = await postBatch(messages.map(recordOf), ports, {
      deadlineMs,
      maxReceiveCount: MAX_RECEIVES,
      queues: QUEUES,
    });
    return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  }
}
