import type { Discrepancy } from '../../domain/discrepancy.ts';
import type { IntakeTally } from '../../domain/intake-tally.ts';
import { checkAnchor } from './check-anchor.ts';
import type { AnchorPorts } from './ports.ts';

/** A run keeps its findings as it goes: so many in hand are enough. */
const FAULTS_AT_ONCE = 100;

export interface AnchorStep {
  /** The last anchor checked; undefined once all are. */
  readonly cursor: string | undefined;
  readonly faults: readonly Discrepancy[];
  readonly anchors: number;
  readonly heads: number;
}

/**
 * Checks every anchor ever put, from the one after the cursor on, until the deadline: a full run's proof that nothing anchored
 * has changed since. Memory is that of one anchor, however many there are. Give it the tally of a run that has read all of both
 * intakes, or the intake totals are not checked.
 */
export async function verifyAnchors(
  cursor: string | undefined,
  ports: AnchorPorts,
  { deadlineMs, tally }: { deadlineMs: number; tally?: IntakeTally },
): Promise<AnchorStep> {
  const faults: Discrepancy[] = [];
  let [reached, anchors, heads] = [cursor, 0, 0];
  for (
    let keys = await ports.anchors.keysAfter(cursor);
    keys.length > 0;
    keys = await ports.anchors.keysAfter(reached)
  ) {
    for (const key of keys) {
      if (ports.clock.nowMs() >= deadlineMs || faults.length >= FAULTS_AT_ONCE) {
        return { cursor: reached, faults, anchors, heads };
      }
      const found = await ports.anchors.get(key);
      faults.push(...(await checkAnchor(key, found, ports, tally)));
      anchors += 1;
      if (found.status === 'found') heads += found.anchor.heads.length;
      reached = key;
    }
  }
  return { cursor: undefined, faults, anchors, heads };
}
