import type { Discrepancy, DiscrepancyType } from '../../domain/discrepancy.ts';
import { entryFaults, monthsRolledPast } from '../../domain/entry-check.ts';
import { isAdjustmentId } from '../../domain/ids.ts';
import { type Instant, isAfter } from '../../domain/instant.ts';
import type { IntakeFacts } from '../../domain/intake-facts.ts';
import type { JournalEntry } from '../../domain/journal.ts';
import type { JournalPage, LaneKey } from '../../domain/page.ts';
import { nextPeriod, periodOf } from '../../domain/period.ts';
import type { Readable } from '../../storage/bulk-read.ts';
import { DamagedItemError } from '../../storage/item.ts';
import type { Marker } from '../../storage/ledger.ts';
import type { StoredPages } from '../../storage/ledger-evidence.ts';
import { futureFrom, wasAfter } from './cut.ts';
import type { Evidence } from './ports.ts';

/** An entry where it stands, with the records that must agree with it. */
interface Case {
  readonly page: JournalPage;
  readonly index: number;
  readonly entry: JournalEntry;
  readonly marker: Readable<Marker> | undefined;
  readonly record: Readable<IntakeFacts> | undefined;
}

interface Checked {
  readonly found: Discrepancy[];
  /** Entries posted before the cut whose own marker points exactly at them. */
  readonly pointedAt: number;
}

/** Holds each entry of some pages of one lane against its own marker and its intake record, rated again. */
export async function checkEntries(pages: readonly JournalPage[], cut: Instant, evidence: Evidence): Promise<Checked> {
  const cases = await casesOf(pages, evidence);
  const elsewhere = cases.flatMap(({ marker, ...one }) =>
    marker?.status === 'read' && !pointsAt(marker.value, one) ? [marker.value] : [],
  );
  const others = await evidence.ledger.pagesAt(elsewhere);
  const shutAt = await shutMonths(cases, evidence);
  const found: Discrepancy[] = [];
  let pointedAt = 0;
  for (const one of cases) {
    found.push(...markerFaults(one, others), ...(await recordFaults(one, evidence, shutAt)));
    if (one.marker?.status !== 'read' || !pointsAt(one.marker.value, one)) continue;
    if (one.marker.value.postedAt === one.page.postedAt && isAfter(cut, one.page.postedAt)) pointedAt += 1;
  }
  return { found, pointedAt };
}

async function casesOf(pages: readonly JournalPage[], { ledger, intakes }: Evidence): Promise<Case[]> {
  const places = pages.flatMap((page) =>
    page.entries.map((entry, index) => ({ page, index, entry, tenant: page.tenant, eventId: entry.eventId })),
  );
  const [markers, usage, adjustments] = await Promise.all([
    ledger.markers(places),
    intakes.usage.records(places.filter(({ eventId }) => !isAdjustmentId(eventId))),
    intakes.adjustment.records(places.filter(({ eventId }) => isAdjustmentId(eventId))),
  ]);
  return places.map((place) => ({
    ...{ page: place.page, index: place.index, entry: place.entry, marker: markers.of(place) },
    record: (isAdjustmentId(place.eventId) ? adjustments : usage).of(place),
  }));
}

function pointsAt(marker: Marker, { page, index }: Pick<Case, 'page' | 'index'>): boolean {
  return (
    marker.tenant === page.tenant &&
    marker.period === page.period &&
    marker.lane === page.lane &&
    marker.seq === page.seq &&
    marker.index === index
  );
}

function markerFaults(one: Case, others: StoredPages): Discrepancy[] {
  const { marker, page, record } = one;
  if (marker === undefined) return [discrepancy(one, 'missing_marker', 'no marker keeps it from being posted again')];
  if (marker.status === 'damaged') return [discrepancy(one, 'damaged_item', marker.message)];
  const { value } = marker;
  if (!pointsAt(value, one)) {
    const there = others.at(value);
    const isDouble = there?.status === 'read' && there.value.entries[value.index]?.eventId === one.entry.eventId;
    const where = `${value.period}, lane ${value.lane}, page ${value.seq}, index ${value.index}`;
    return isDouble
      ? [discrepancy(one, 'duplicate_entry', `the event has another entry, at ${where}`)]
      : [discrepancy(one, 'marker_mismatch', `its marker points to ${where}, where it is not`)];
  }
  const faults: Discrepancy[] = [];
  if (value.postedAt !== page.postedAt) {
    const times = { expected: page.postedAt, posted: value.postedAt };
    faults.push(discrepancy(one, 'marker_mismatch', 'its marker has another time than its page', times));
  }
  if (record?.status === 'read' && value.payloadHash !== record.value.payloadHash) {
    const hashes = { expected: record.value.payloadHash, posted: value.payloadHash };
    faults.push(discrepancy(one, 'payload_mismatch', 'the payload posted is not the one in the intake', hashes));
  }
  return faults;
}

async function recordFaults(one: Case, evidence: Evidence, shutAt: ShutAt): Promise<Discrepancy[]> {
  const { record, entry, page } = one;
  if (record === undefined) return [discrepancy(one, 'missing_intake', 'nothing was accepted under its id')];
  // The intake's own pass reports it.
  if (record.status === 'damaged') return [];
  const faults: Discrepancy[] = [];
  const expected = await ratedAgain(record.value, evidence);
  if (expected === undefined) {
    faults.push(discrepancy(one, 'unknown_price', 'no price book has a price for what was accepted'));
  } else {
    for (const { type, message, ...amounts } of entryFaults(entry, expected, page.lane)) {
      faults.push(discrepancy(one, type, message, amounts));
    }
  }
  const { receivedAt } = record.value;
  if (wasAfter(receivedAt, page.postedAt)) {
    const times = { expected: receivedAt, posted: page.postedAt };
    faults.push(discrepancy(one, 'altered_entry', 'it was posted before it was accepted', times));
  }
  return [...faults, ...periodFaults(one, record.value, shutAt)];
}

/** The entry that an intake record must become; undefined when no price is known for it. */
export async function ratedAgain(
  record: IntakeFacts,
  { prices }: Pick<Evidence, 'prices'>,
): Promise<JournalEntry | undefined> {
  try {
    return record.entry(await prices.priceBooks()) ?? record.entry(await prices.priceBooksNow());
  } catch (error) {
    // With a price book that can't be read, no price is known.
    if (error instanceof DamagedItemError) return undefined;
    throw error;
  }
}

function periodFaults(one: Case, { naturalPeriod }: IntakeFacts, shutAt: ShutAt): Discrepancy[] {
  const { tenant, period, lane, postedAt } = one.page;
  const months = { expected: naturalPeriod, posted: period };
  if (period < naturalPeriod) return [discrepancy(one, 'period_mismatch', 'it was booked before its month', months)];
  for (const month of monthsRolledPast(naturalPeriod, period)) {
    const shut = shutAt({ tenant, lane, period: month });
    if (shut !== undefined && !wasAfter(shut, postedAt)) continue;
    const why = shut === undefined ? 'is not closed' : `was open until ${shut}`;
    return [discrepancy(one, 'period_mismatch', `it was booked past ${month}, which ${why}`, months)];
  }
  return [];
}

/** Since when a lane is shut; undefined while it is open. */
type ShutAt = (lane: LaneKey) => Instant | undefined;

/** When a lane was shut, for every month that an entry was rolled past. */
async function shutMonths(cases: readonly Case[], { balances, clock }: Evidence): Promise<ShutAt> {
  // No later month can have been closed, so there is nothing to read of one.
  const lastClosable = nextPeriod(periodOf(futureFrom(clock.nowMs())));
  const lanes = new Map<string, LaneKey>();
  for (const { page, record } of cases) {
    const { tenant, lane, period } = page;
    const natural = record?.status === 'read' ? record.value.naturalPeriod : period;
    for (const month of monthsRolledPast(natural, period)) {
      if (month > lastClosable) break;
      lanes.set(`${tenant} ${lane} ${month}`, { tenant, lane, period: month });
    }
  }
  const heads = await balances.heads([...lanes.values()]);
  return (lane) => {
    const head = heads.of(lane);
    return head?.status === 'read' ? head.value.closedAt : undefined;
  };
}

function discrepancy(
  { page, index, entry }: Pick<Case, 'page' | 'index' | 'entry'>,
  type: DiscrepancyType,
  message: string,
  amounts: { expected?: string; posted?: string } = {},
): Discrepancy {
  const { tenant, period, lane, seq } = page;
  const { eventId, txnId } = entry;
  return { type, tenant, eventId, txnId, ...amounts, place: { period, lane, seq, index }, message };
}
