import type { Discrepancy } from '../../domain/discrepancy.ts';
import { epochMsOf } from '../../domain/instant.ts';
import type { IntakeFacts } from '../../domain/intake-facts.ts';
import { INTAKE_SOURCES, type IntakeSource, IntakeTally, type SavedTally } from '../../domain/intake-tally.ts';
import { settles } from '../../domain/refusal.ts';
import type { Cursor } from '../../storage/bulk-read.ts';
import type { IntakeItem } from '../../storage/intake-evidence.ts';
import { DamagedItemError } from '../../storage/item.ts';
import type { Evidence } from './ports.ts';
import type { Phase, Position } from './step.ts';

interface IntakeState {
  readonly source?: IntakeSource;
  readonly cursor?: Cursor | undefined;
  readonly tally?: SavedTally;
}

/**
 * Reads both intakes: whether each record still is what was accepted, and whether it has settled. Tallies them on the way, for
 * the anchors.
 */
export const intakePhase: Phase<IntakeState> = async (state, run, evidence) => {
  const source = state.source ?? INTAKE_SOURCES[0];
  const { items, cursor } = await evidence.intakes[source].survey(run, state.cursor);
  const records = items.flatMap((item) =>
    item.kind === 'record' && item.record.status === 'read' ? [item.record.value] : [],
  );
  const tally = new IntakeTally(run.startedAt, state.tally);
  for (const record of records) tally.add(source, record);
  const found = [...items.flatMap(itemFaults), ...(await unsettledAmong(records, evidence))];
  const saved = tally.saved();
  const next =
    cursor === undefined ? after(source, saved) : { phase: 'intake', state: { source, cursor, tally: saved } };
  return { found, counts: { intake_records: items.length }, next };
};

function after(source: IntakeSource, tally: SavedTally): Position {
  const following = INTAKE_SOURCES[INTAKE_SOURCES.indexOf(source) + 1];
  if (following !== undefined) return { phase: 'intake', state: { source: following, tally } };
  return { phase: 'anchors', state: { tally } };
}

function itemFaults(item: IntakeItem): Discrepancy[] {
  if (item.kind === 'foreign') {
    const message = 'an intake holds an item that this system would not write';
    return [{ type: 'foreign_item', tenant: undefined, place: { item: item.item }, message }];
  }
  const { tenant, eventId, record } = item;
  if (record.status === 'damaged') {
    return [{ type: 'damaged_item', tenant, eventId, place: { item: 'intake' }, message: record.message }];
  }
  const { payloadHash: expected, storedHash: posted } = record.value;
  if (expected === posted) return [];
  const message = 'the intake record no longer has the payload that was accepted';
  return [{ type: 'altered_intake', tenant, eventId, expected, posted, place: {}, message }];
}

/** Which records are old enough to have settled and have neither an entry nor a final refusal. */
async function unsettledAmong(
  records: readonly IntakeFacts[],
  { ledger, refusals, clock, settledAfterMs }: Evidence,
): Promise<Discrepancy[]> {
  const dueMs = clock.nowMs() - settledAfterMs;
  const due = records.filter(({ receivedAt }) => epochMsOf(receivedAt) <= dueMs);
  const isMarked = await ledger.marked(due);
  const unsettled: Discrepancy[] = [];
  for (const record of due) {
    if (isMarked(record)) continue;
    const { tenant, eventId, payloadHash, receivedAt } = record;
    const refusal = await refusalOf(record, refusals);
    if (refusal !== undefined && settles(refusal, payloadHash)) continue;
    const message = `it was accepted at ${receivedAt} for ${record.naturalPeriod}, and has neither an entry nor a final refusal`;
    unsettled.push({ type: 'unsettled', tenant, eventId, place: {}, message });
  }
  return unsettled;
}

/** A damaged refusal settles nothing. */
async function refusalOf({ tenant, eventId }: IntakeFacts, refusals: Evidence['refusals']) {
  try {
    return await refusals.refusal(tenant, eventId);
  } catch (error) {
    if (error instanceof DamagedItemError) return undefined;
    throw error;
  }
}
