import type { EventId, TenantId } from '../../lambdas/domain/ids.ts';
import type { Instant } from '../../lambdas/domain/instant.ts';
import { payloadHash, type UsageEvent } from '../../lambdas/domain/usage-event.ts';
import type { IntakeSlice } from '../../lambdas/storage/intake-table.ts';
import { timeIndexKey, timePartition } from '../../lambdas/storage/keys.ts';
import type { IntakeRecord } from '../../lambdas/storage/usage-intake.ts';

/** The usage intake in memory: one record for each id, and the time index in reads of a few records each. */
export class FakeIntake {
  readonly records = new Map<string, IntakeRecord>();
  readonly #perRead: number;

  constructor(perRead = 3) {
    this.#perRead = perRead;
  }

  async accept(event: UsageEvent): Promise<IntakeRecord | undefined> {
    const id = `${event.tenant}#${event.eventId}`;
    const known = this.records.get(id);
    if (known === undefined) this.records.set(id, { event, payloadHash: payloadHash(event) });
    return known;
  }

  async find(tenant: TenantId, eventId: EventId): Promise<IntakeRecord | undefined> {
    return this.records.get(`${tenant}#${eventId}`);
  }

  async acceptedIn(
    hour: string,
    shard: number,
    between: { from: Instant; until: Instant },
    cursor: IntakeSlice['cursor'],
  ): Promise<IntakeSlice> {
    const all = [...this.records.values()]
      .map(({ event }) => ({ event, key: timeIndexKey(event.tenant, event.eventId, event.receivedAt) }))
      .filter(({ key }) => key.time_pk === timePartition(hour, shard))
      .filter(({ key }) => key.time_sk >= between.from && key.time_sk <= between.until)
      .sort((left, right) => (left.key.time_sk < right.key.time_sk ? -1 : 1));
    const start = Number(cursor?.['start'] ?? 0);
    const end = start + this.#perRead;
    const accepted = all
      .slice(start, end)
      .map(({ event: { tenant, eventId, receivedAt } }) => ({ tenant, eventId, receivedAt }));
    return { accepted, damaged: [], cursor: end < all.length ? { start: end } : undefined };
  }
}
