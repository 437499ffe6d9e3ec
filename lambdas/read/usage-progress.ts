import { nowOf } from '../clock.ts';
import type { TenantId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { LaneHead } from '../domain/page.ts';
import { nextPeriod, type Period, periodOf, previousPeriod } from '../domain/period.ts';
import type { ReadPorts } from './ports.ts';

/**
 * Until when every page posted is in the tenant's usage meters: now, when each lane has been counted up to its head, or
 * else the moment the first page was posted that is not. Looks at the months in which something can still be under way,
 * so that it does not grow with history.
 */
export async function countedUntil(tenant: TenantId, ports: ReadPorts): Promise<Instant> {
  const now = nowOf(ports.clock);
  const months = activeMonths(periodOf(now));
  const [first = periodOf(now)] = months;
  // The heads before the cursors: a page posted in between may be counted, but none is missed.
  const heads = (await Promise.all(months.map((month) => ports.balances.heads(tenant, month)))).flat();
  const counted = new Map<string, number>();
  for (const { period, lane, seq } of await ports.meters.cursorsSince(tenant, first))
    counted.set(`${period}#${lane}`, seq);
  const countedTo = ({ period, lane }: LaneHead) => counted.get(`${period}#${lane}`) ?? 0;
  const behind = heads.filter((head) => countedTo(head) < head.nextSeq - 1);
  const waiting = await Promise.all(behind.map((head) => ports.ledger.page(head, countedTo(head) + 1)));
  return waiting.reduce((earliest, page) => (page && page.postedAt < earliest ? page.postedAt : earliest), now);
}

/**
 * The month before, for what an outage held up; this one; and two more, since usage may be dated tomorrow, the latest
 * month that can be closed is the next one, and what is late for that goes on to the one behind it.
 */
function activeMonths(current: Period): Period[] {
  const next = nextPeriod(current);
  return [previousPeriod(current), current, next, nextPeriod(next)];
}
