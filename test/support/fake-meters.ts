import type { Metric, TenantId } from '../../lambdas/domain/ids.ts';
import { addTo, type Day, type Hour, MeterTally, type UsageSum } from '../../lambdas/domain/meter.ts';
import type { LaneHead } from '../../lambdas/domain/page.ts';
import type { Period } from '../../lambdas/domain/period.ts';
import type { FakeLedger } from './fake-ledger.ts';

/** The usage meters of a ledger, counted up to its heads or as far as a test says. */
export class FakeMeters {
  readonly #ledger: FakeLedger;
  /** The last page that is counted in a lane. */
  countedTo = (head: LaneHead): number => head.nextSeq - 1;

  constructor(ledger: FakeLedger) {
    this.#ledger = ledger;
  }

  async cursorsSince(tenant: TenantId, period: Period) {
    return this.#heads(tenant)
      .filter((head) => head.period >= period)
      .map((head) => ({ tenant, period: head.period, lane: head.lane, seq: this.countedTo(head) }))
      .filter(({ seq }) => seq > 0);
  }

  async sums(tenant: TenantId, metric: Metric, firstDay: Day, lastDay: Day): Promise<Map<Day, Map<Hour, UsageSum>>> {
    const days = new Map<Day, Map<Hour, UsageSum>>();
    for (const head of this.#heads(tenant)) {
      const tally = new MeterTally();
      for (const page of this.#ledger.pagesOf(head)) if (page.seq <= this.countedTo(head)) tally.count(page);
      for (const { key, hours } of tally.meters()) {
        if (key.metric !== metric || key.day < firstDay || key.day > lastDay) continue;
        const day = days.get(key.day) ?? new Map<Hour, UsageSum>();
        days.set(key.day, day);
        for (const [hour, usage] of hours) addTo(day, hour, usage);
      }
    }
    return days;
  }

  #heads(tenant: TenantId): LaneHead[] {
    return this.#ledger.allHeads().filter((head) => head.tenant === tenant);
  }
}
