import { closePeriod } from '../../lambdas/admin/close-period.ts';
import type { ClosePorts } from '../../lambdas/admin/close-ports.ts';
import { resumeCloses } from '../../lambdas/admin/resume-closes.ts';
import type { AnchoredHead, AnchoredSeal } from '../../lambdas/domain/anchor.ts';
import type { TenantId } from '../../lambdas/domain/ids.ts';
import { instantOf } from '../../lambdas/domain/instant.ts';
import type { JournalEntry } from '../../lambdas/domain/journal.ts';
import { type JournalPage, type LaneKey, nextPage } from '../../lambdas/domain/page.ts';
import type { Period } from '../../lambdas/domain/period.ts';
import type { PriceBook } from '../../lambdas/domain/price-book.ts';
import { CloseNotes } from '../../lambdas/storage/close-notes.ts';
import { Closing } from '../../lambdas/storage/closing.ts';
import { Closures } from '../../lambdas/storage/closures.ts';
import { FakeTrail } from './audit-trail.ts';
import { type Dynamodb, TABLES } from './dynamodb.ts';
import { NOW_MS, priceBook } from './events.ts';
import { LedgerTables } from './ledger-tables.ts';
import { TelemetryLog } from './telemetry-log.ts';
import { VirtualClock } from './virtual-clock.ts';

export const CLAIM_MAX_AGE_MS = 30_000;

/** Closing, on a real engine, with a clock and an anchor bucket that tests decide. */
export class CloseWorld {
  readonly tables: LedgerTables;
  readonly clock = new VirtualClock(NOW_MS);
  readonly telemetry = new TelemetryLog();
  readonly trail = new FakeTrail();
  readonly anchored: (AnchoredSeal & { readonly heads: readonly AnchoredHead[] })[] = [];
  books: readonly PriceBook[] = [priceBook()];
  /** What a look past the cache finds, where that is more. */
  freshBooks: readonly PriceBook[] | undefined;
  anchorsAreDown = false;
  readonly #dynamodb: Dynamodb;
  #claims = 0;

  constructor(dynamodb: Dynamodb, prefix: string) {
    this.#dynamodb = dynamodb;
    this.tables = new LedgerTables(dynamodb, prefix);
  }

  get closures(): Closures {
    return new Closures(this.#dynamodb.client(), TABLES.balances);
  }

  get notes(): CloseNotes {
    return new CloseNotes(this.#dynamodb.client(), TABLES.operations);
  }

  ports(changes: Partial<ClosePorts> = {}): ClosePorts {
    return {
      config: {
        tenant: async (id) => (id.startsWith('unknown') ? undefined : {}),
        priceBooks: async () => this.books,
        freshPriceBooks: async () => this.freshBooks ?? this.books,
      },
      closures: this.closures,
      closing: new Closing(this.#dynamodb.client(), TABLES.balances),
      balances: this.tables.balances,
      notes: this.notes,
      anchors: {
        putClose: async (seal, heads) => {
          if (this.anchorsAreDown) throw new Error('the bucket is down');
          this.anchored.push({ ...seal, heads });
        },
      },
      clock: this.clock,
      telemetry: this.telemetry,
      newClaimId: () => {
        this.#claims += 1;
        return `claim-${this.#claims}`;
      },
      claimMaxAgeMs: CLAIM_MAX_AGE_MS,
      ...changes,
    };
  }

  close(tenant: TenantId, period: Period, changes?: Partial<ClosePorts>): Promise<void> {
    return closePeriod({ tenant, period }, this.ports(changes));
  }

  resume(changes?: Partial<ClosePorts>, forMs = 60_000) {
    const deadlineMs = this.clock.nowMs() + forMs;
    return resumeCloses(this.ports(changes), this.trail, { requestId: 'run-1', deadlineMs });
  }

  /** Posts a page; gives undefined when the lane is shut. */
  async post(key: LaneKey, entries: readonly JournalEntry[]): Promise<JournalPage | undefined> {
    const head = await this.tables.balances.head(key);
    const page = nextPage(head, entries, instantOf(this.clock.nowMs()));
    const outcome = await this.tables.commit(head, page);
    return outcome.status === 'committed' ? page : undefined;
  }
}
