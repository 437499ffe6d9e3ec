import { type LaneFault, LaneReplay, replayStart } from '../../lambdas/domain/lane-replay.ts';
import type { JournalPage, LaneHead } from '../../lambdas/domain/page.ts';

/** Replays a whole lane from its first page against its head. */
export function verifyLane(pages: Iterable<JournalPage>, head: LaneHead): LaneFault[] {
  const replay = new LaneReplay(replayStart(head));
  const faults: LaneFault[] = [];
  for (const page of pages) faults.push(...replay.page(page));
  return [...faults, ...replay.end(head)];
}
