import type { PriceBook } from '../../lambdas/domain/price-book.ts';
import type { ReadPorts } from '../../lambdas/read/ports.ts';
import type { AdjustmentRecord } from '../../lambdas/storage/adjustment-intake.ts';
import { NOW_MS, priceBook } from './events.ts';
import { FakeIntake } from './fake-intake.ts';
import { FakeLedger } from './fake-ledger.ts';
import { FakeMeters } from './fake-meters.ts';
import { VirtualClock } from './virtual-clock.ts';

/** What the reads reach, in memory. */
export class ReadWorld {
  readonly ledger = new FakeLedger();
  readonly intake = new FakeIntake();
  readonly adjustments = new Map<string, AdjustmentRecord>();
  readonly clock = new VirtualClock(NOW_MS);
  readonly meters = new FakeMeters(this.ledger);
  books = [priceBook()];
  /** What a look past the cache finds, if it is other. */
  freshBooks: PriceBook[] | undefined;

  readonly ports: ReadPorts = {
    intake: this.intake,
    adjustments: { find: async (tenant, eventId) => this.adjustments.get(`${tenant}#${eventId}`) },
    ledger: this.ledger,
    balances: this.ledger,
    meters: this.meters,
    config: { priceBooks: async () => this.books, freshPriceBooks: async () => this.freshBooks ?? this.books },
    closures: this.ledger,
    clock: this.clock,
  };
}
