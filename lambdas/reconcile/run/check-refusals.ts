import type { Discrepancy } from '../../domain/discrepancy.ts';
import { isAdjustmentId } from '../../domain/ids.ts';
import type { IntakeFacts } from '../../domain/intake-facts.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { ratedAgain } from './check-entries.ts';
import type { Evidence } from './ports.ts';

/**
 * Which of these refusals are none: of something that was never accepted, or final for an event that has a price and nothing in
 * its way. Whoever may write a refusal could otherwise make a charge vanish with one.
 */
export async function refusalFaults(refusals: readonly Refusal[], evidence: Evidence): Promise<Discrepancy[]> {
  const { intakes, ledger } = evidence;
  const [usage, adjustments, isMarked] = await Promise.all([
    intakes.usage.records(refusals.filter(({ eventId }) => !isAdjustmentId(eventId))),
    intakes.adjustment.records(refusals.filter(({ eventId }) => isAdjustmentId(eventId))),
    ledger.marked(refusals.filter(({ final }) => final)),
  ]);
  const faults: Discrepancy[] = [];
  for (const refusal of refusals) {
    const record = (isAdjustmentId(refusal.eventId) ? adjustments : usage).of(refusal);
    // The intake's own pass reports it.
    if (record?.status === 'damaged') continue;
    const fault = intakeFault(refusal, record?.value);
    if (fault !== undefined) faults.push(fault);
    // One that was posted has its entry, and that is held against what was accepted.
    if (fault !== undefined || record === undefined || !refusal.final || isMarked(refusal)) continue;
    if ((await ratedAgain(record.value, evidence)) !== undefined) faults.push(unfounded(refusal));
  }
  return faults;
}

function intakeFault({ tenant, eventId, payloadHash }: Refusal, record: IntakeFacts | undefined) {
  if (record?.payloadHash === payloadHash) return undefined;
  const message = 'nothing with the payload that was refused was ever accepted under its id';
  const hashes = { ...(record && { expected: record.payloadHash }), posted: payloadHash };
  return { type: 'refusal_without_intake', tenant, eventId, ...hashes, place: {}, message } as const;
}

function unfounded({ tenant, eventId, reason }: Refusal): Discrepancy {
  const message = `it was refused for good ("${reason}"), and it has a price, no other entry, and nobody was charged`;
  return { type: 'unfounded_refusal', tenant, eventId, place: {}, message };
}
