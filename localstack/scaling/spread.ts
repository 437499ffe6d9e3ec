import { type EventId, parseTenantId, type TenantId } from '../../lambdas/domain/ids.ts';
import { instantOf } from '../../lambdas/domain/instant.ts';
import { messageGroupOf, usageLane } from '../../lambdas/domain/lane.ts';
import { ENTRIES_PER_PAGE_MAX } from '../../lambdas/domain/page.ts';
import { parsePeriod } from '../../lambdas/domain/period.ts';
import { headPartition, intakeKey, lanePartition, markerKey, timeIndexKey } from '../../lambdas/storage/keys.ts';
import type { Form, Mix } from './mixes.ts';

/** Where one event's writes go: the partition keys, and the message group. */
export const places = ['intake', 'time index', 'markers', 'pages', 'heads', 'groups'] as const;
export type Place = (typeof places)[number];

/** Of each place, its keys and what share of all events each takes. */
export type Spread = Readonly<Record<Place, ReadonlyMap<string, number>>>;

/** An event in a million changes no share that matters. */
const SAMPLE = 100_000;

const HOUR = instantOf(Date.parse('2026-06-09T10:00:00Z'));
const PERIOD = must(parsePeriod('2026-06'));

/** Spreads a sample of a mix's events by the product's own keys. The same mix gives the same spread, always. */
export function spreadOf({ shares }: Mix, { batch }: Form): Spread {
  const counts = new Map(places.map((place) => [place, new Map<string, number>()]));
  let [events, owed] = [0, 0];
  const count = (place: Place, key: string, of: number) => {
    const keys = counts.get(place) as Map<string, number>;
    keys.set(key, (keys.get(key) ?? 0) + of);
  };
  for (const [index, share] of shares.entries()) {
    const tenant = must(parseTenantId(`tenant_${index}`));
    // What is left over of one tenant's share goes to the next: the small ones have a batch in turn.
    owed += share * SAMPLE;
    for (; owed >= batch; owed -= batch) {
      const ids = Array.from({ length: batch }, (_, at) => `api:${tenant}-${events + at}` as EventId);
      events += batch;
      for (const id of ids) countEvent(tenant, id, count);
      for (let start = 0; start < batch; start += ENTRIES_PER_PAGE_MAX) {
        const some = ids.slice(start, start + ENTRIES_PER_PAGE_MAX);
        const lane = usageLane(some);
        count('groups', messageGroupOf(tenant, lane), some.length);
        count('pages', lanePartition({ tenant, period: PERIOD, lane }), some.length);
        count('heads', headPartition(tenant), some.length);
      }
    }
  }
  const shareOf = (place: Place) =>
    new Map([...(counts.get(place) ?? [])].map(([key, number]) => [key, number / events]));
  const [intake, markers, pages] = [shareOf('intake'), shareOf('markers'), shareOf('pages')];
  return {
    intake,
    markers,
    pages,
    'time index': shareOf('time index'),
    heads: shareOf('heads'),
    groups: shareOf('groups'),
  };
}

/** The share of the busiest of them. */
export function busiest(shares: ReadonlyMap<string, number>): number {
  return [...shares.values()].reduce((most, share) => Math.max(most, share), 0);
}

function countEvent(tenant: TenantId, id: EventId, count: (place: Place, key: string, of: number) => void): void {
  count('intake', intakeKey(tenant, id).pk, 1);
  count('markers', markerKey(tenant, id).pk, 1);
  count('time index', timeIndexKey(tenant, id, HOUR).time_pk, 1);
}

function must<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new RangeError('A name of the model is not well formed.');
  return value;
}
