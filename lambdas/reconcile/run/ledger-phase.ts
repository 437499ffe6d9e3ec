import type { Discrepancy } from '../../domain/discrepancy.ts';
import { isAfter } from '../../domain/instant.ts';
import type { Counts } from '../../domain/reconcile-run.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Cursor } from '../../storage/bulk-read.ts';
import type { LedgerRecord } from '../../storage/ledger-evidence.ts';
import { type NamedMarker, orphansAmong } from './check-markers.ts';
import { refusalFaults } from './check-refusals.ts';
import { cutOf, futureFrom } from './cut.ts';
import type { Evidence } from './ports.ts';
import type { Phase, Position } from './step.ts';

interface SurveyState {
  readonly cursor?: Cursor | undefined;
  /** From the lanes: entries posted before the cut that their own markers point at. */
  readonly pointedAt: number;
  /** Markers of what was posted before the cut. */
  readonly markers?: number;
}

/**
 * Accounts for every item of the ledger. An entry's own marker points at it, so no two entries share one: there are markers
 * without an entry if and only if there are more markers than entries pointed at. Only then are they looked for one by
 * one. What was posted since the cut is looked at one by one at once.
 */
export const ledgerPhase: Phase<SurveyState> = async (state, run, evidence) => {
  const cut = cutOf(run);
  const { records, cursor } = await evidence.ledger.survey(run, state.cursor);
  const markers = readMarkers(records);
  const settled = markers.filter(({ postedAt }) => isAfter(cut, postedAt)).length;
  const future = futureFrom(evidence.clock.nowMs());
  const found = [
    ...itemFaults(records),
    ...markers.filter(({ postedAt }) => isAfter(postedAt, future)).map(futureMarker),
    ...(await orphansAmong(
      markers.filter(({ postedAt }) => !isAfter(cut, postedAt)),
      evidence,
    )),
    ...(await refusalFaults(readRefusals(records), evidence)),
    ...(await pagesWithoutHead(records, evidence)),
  ];
  const next = { ...state, cursor, markers: (state.markers ?? 0) + settled };
  return {
    found,
    counts: countsOf(records),
    next: cursor === undefined ? after(next) : { phase: 'ledger', state: next },
  };
};

interface OrphansState {
  readonly cursor?: Cursor | undefined;
}

/** Looks for the markers without an entry, one by one. */
export const orphansPhase: Phase<OrphansState> = async (state, run, evidence) => {
  const cut = cutOf(run);
  const { records, cursor } = await evidence.ledger.survey(run, state.cursor);
  const older = readMarkers(records).filter(({ postedAt }) => isAfter(cut, postedAt));
  const found = await orphansAmong(older, evidence);
  const next = cursor === undefined ? closures : { phase: 'orphans', state: { cursor } };
  return { found, counts: {}, next };
};

const closures: Position = { phase: 'closures', state: {} };

function after({ markers = 0, pointedAt }: SurveyState): Position {
  return markers === pointedAt ? closures : { phase: 'orphans', state: {} };
}

function readMarkers(records: readonly LedgerRecord[]): NamedMarker[] {
  return records.flatMap((record) =>
    record.kind === 'marker' && record.marker.status === 'read'
      ? [{ ...record.marker.value, eventId: record.eventId }]
      : [],
  );
}

function readRefusals(records: readonly LedgerRecord[]): Refusal[] {
  return records.flatMap((record) =>
    record.kind === 'refusal' && record.refusal.status === 'read' ? [record.refusal.value] : [],
  );
}

/** What a look at the item alone tells. */
function itemFaults(records: readonly LedgerRecord[]): Discrepancy[] {
  return records.flatMap((record): Discrepancy[] => {
    if (record.kind === 'foreign') {
      const message = 'the ledger holds an item that this system would not write';
      return [{ type: 'foreign_item', tenant: undefined, place: { item: record.item }, message }];
    }
    const read = record.kind === 'marker' ? record.marker : record.kind === 'refusal' ? record.refusal : undefined;
    if (record.kind === 'page' || record.kind === 'unreadable_message' || read?.status !== 'damaged') return [];
    const { tenant, eventId } = record;
    return [{ type: 'damaged_item', tenant, eventId, place: { item: record.kind }, message: read.message }];
  });
}

function futureMarker({ tenant, eventId, period, lane, seq, index, postedAt }: NamedMarker): Discrepancy {
  const message = `its marker says it was posted at ${postedAt}, which is still to come`;
  return { type: 'future_marker', tenant, eventId, place: { period, lane, seq, index }, message };
}

async function pagesWithoutHead(records: readonly LedgerRecord[], { balances }: Evidence): Promise<Discrepancy[]> {
  const lanes = records.flatMap((record) => (record.kind === 'page' ? [record.lane] : []));
  const heads = await balances.heads(lanes);
  const headless = new Map(
    lanes.filter((lane) => heads.of(lane) === undefined).map((lane) => [JSON.stringify(lane), lane]),
  );
  return [...headless.values()].map(({ tenant, period, lane }) => {
    const message = 'the lane has pages and no head';
    return { type: 'page_without_head', tenant, place: { period, lane }, message };
  });
}

function countsOf(records: readonly LedgerRecord[]): Counts {
  const of = (kind: LedgerRecord['kind']) => records.filter((record) => record.kind === kind).length;
  return { markers: of('marker'), refusals: of('refusal'), unreadable_messages: of('unreadable_message') };
}
