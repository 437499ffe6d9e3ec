import type { Clock } from '../../clock.ts';
import { discrepancyId } from '../../domain/discrepancy.ts';
import type { StepResult } from './step.ts';

/** Far longer than a transaction takes to become visible everywhere. */
const CONFIRM_AFTER_MS = 1_000;

/**
 * Reads of several items are no snapshot, so what they contradict each other in is a suspect only: the whole step is done
 * again a moment later, and what both times name in the same place is a finding. The second result is the one that
 * counts.
 */
export async function confirmed(step: () => Promise<StepResult>, clock: Clock): Promise<StepResult> {
  const first = await step();
  if (first.found.length === 0) return first;
  const suspects = new Set(first.found.map(discrepancyId));
  await clock.sleep(CONFIRM_AFTER_MS);
  const second = await step();
  return { ...second, found: second.found.filter((found) => suspects.has(discrepancyId(found))) };
}
