import type { Discrepancy } from '../../domain/discrepancy.ts';
import type { IntakeTally } from '../../domain/intake-tally.ts';
import type { FoundAnchor } from '../../storage/anchors.ts';
import { checkAnchor } from './check-anchor.ts';
import type { AnchorPorts } from './ports.ts';

/** A run keeps its findings as it goes: so many in hand are enough. */
const FAULTS_AT_ONCE = 100;

/** Anchors read side by side: enough to hide the latency of one, and few enough to hold. */
const ANCHORS_AT_ONCE = 8;

export interface AnchorStep {
  /** The last anchor checked; undefined once all are. */
  readonly cursor: string | undefined;
  readonly faults: readonly Discrepancy[];
  readonly anchors: number;
  readonly heads: number;
}

/**
 * Checks every anchor ever put, from the one after the cursor on, until the deadline: a full run's proof that nothing anchored
 * has changed since. Memory is that of a few anchors, however many there are. Give it the tally of a run that has read all of
 * both intakes, or the intake totals are not checked.
 */
export async function verifyAnchors(
  cursor: string | undefined,
  ports: AnchorPorts,
  { deadlineMs, tally }: { deadlineMs: number; tally?: IntakeTally },
): Promise<AnchorStep> {
  const faults: Discrepancy[] = [];
  let [reached, anchors, heads] = [cursor, 0, 0];
  let before: readonly KeyedAnchor[] = [];
  for (
    let keys = await ports.anchors.keysAfter(cursor);
    keys.length > 0;
    keys = await ports.anchors.keysAfter(reached)
  ) {
    for (let start = 0; start < keys.length; start += ANCHORS_AT_ONCE) {
      if (ports.clock.nowMs() >= deadlineMs || faults.length >= FAULTS_AT_ONCE) {
        return { cursor: reached, faults, anchors, heads };
      }
      const some = await Promise.all(
        keys.slice(start, start + ANCHORS_AT_ONCE).map(async (key) => ({ key, found: await ports.anchors.get(key) })),
      );
      // An anchor names the one before it, which was mostly read just now.
      const at = anchorsAt([...before, ...some], ports);
      for (const { key, found } of some) {
        faults.push(...(await checkAnchor(key, found, { ...ports, anchors: at }, tally)));
        if (found.status === 'found') heads += found.anchor.heads.length;
      }
      anchors += some.length;
      reached = some.at(-1)?.key ?? reached;
      before = some;
    }
  }
  return { cursor: undefined, faults, anchors, heads };
}

interface KeyedAnchor {
  readonly key: string;
  readonly found: FoundAnchor;
}

function anchorsAt(known: readonly KeyedAnchor[], { anchors }: AnchorPorts): Pick<AnchorPorts['anchors'], 'get'> {
  const inHand = new Map(known.map(({ key, found }) => [key, found]));
  return { get: async (key) => inHand.get(key) ?? anchors.get(key) };
}
