import { IntakeTally, type SavedTally } from '../../domain/intake-tally.ts';
import { verifyAnchors } from '../anchors/verify-anchors.ts';
import type { Phase } from './step.ts';

interface AnchorsState {
  readonly cursor?: string | undefined;
  readonly tally: SavedTally;
}

/** How long one step reads anchors. */
const STEP_MS = 2_000;

/**
 * Holds everything ever anchored against what is stored now, then anchors what the intakes held. One tenant's run has seen one
 * tenant's records, and the anchors hold everyone's: its lanes were held against their last anchors as they were verified.
 */
export const anchorsPhase: Phase<AnchorsState> = async (state, run, evidence) => {
  if (run.tenant !== undefined) return { found: [], counts: {}, next: undefined };
  const tally = new IntakeTally(run.startedAt, state.tally);
  const deadlineMs = evidence.clock.nowMs() + STEP_MS;
  const { cursor, faults, anchors, heads } = await verifyAnchors(state.cursor, evidence.anchors, { deadlineMs, tally });
  const counts = { anchors, anchored_heads: heads };
  if (cursor !== undefined) return { found: faults, counts, next: { phase: 'anchors', state: { ...state, cursor } } };
  const guarded = { guard_findings: await evidence.guard.count() };
  return { found: faults, counts: { ...counts, ...guarded }, next: undefined, intakeTotals: tally.totals() };
};
