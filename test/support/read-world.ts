import type { ReadPorts } from '../../lambdas/read/ports.ts';
import type { AdjustmentRecord } from '../../lambdas/storage/adjustment-intake.ts';
import { NOW_MS, priceBook } from './events.ts';
import { FakeIntake } from './fake-intake.ts';
import { FakeLedger } from './fake-ledger.ts';
import { VirtualClock } from './virtual-clock.ts';

/** What the reads reach, in memory. */
export class ReadWorld {
  readonly ledger = new FakeLedger();
  readonly intake = new FakeIntake();
  readonly adjustments = new Map<string, AdjustmentRecord>();
  readonly clock = new VirtualClock(NOW_MS);
  books = [priceBook()];

  readonly ports: ReadPorts = {
    intake: this.intake,
    adjustments: { find: async (tenant, eventId) => this.adjustments.get(`${tenant}#${eventId}`) },
    ledger: this.ledger,
    balances: this.ledger,
    config: { priceBooks: async () => this.books },
    clock: this.clock,
  };
}
