import type { JournalPage, LaneKey } from '../domain/page.ts';
import { backOff } from '../retry.ts';
import type { MeterMark } from '../storage/meter-item.ts';
import { countPages, OutOfTimeError } from './lane-meters.ts';
import type { ProjectorPorts } from './ports.ts';
import { readPages } from './read-pages.ts';

/** Pages counted between two moves of the cursor: as many entries as fit in memory many times over. */
const PAGES_PER_STEP = 100;

/** A page that its lane's head has not reached: nobody who may post has written it. */
class ForeignPageError extends Error {}

/** How far a lane was counted, and what kept it from going on to the last of its delivered pages. */
interface LaneOutcome {
  readonly countedTo: number;
  readonly failure?: unknown;
}

/**
 * Brings a lane's meters up to the last of the delivered pages. Pages counted before are passed over, whoever delivers
 * them again; pages that were never delivered are read from the ledger.
 */
export async function projectLane(
  lane: LaneKey,
  delivered: readonly JournalPage[],
  deadlineMs: number,
  ports: ProjectorPorts,
): Promise<LaneOutcome> {
  const inOrder = [...delivered].sort((left, right) => left.seq - right.seq);
  const lastSeq = inOrder.at(-1)?.seq ?? 0;
  let countedTo = 0;
  try {
    for (let attempt = 0; ; ) {
      const cursor = await ports.meters.cursor(lane);
      countedTo = cursor.seq;
      if (countedTo >= lastSeq) return { countedTo };
      if (ports.clock.nowMs() >= deadlineMs) throw new OutOfTimeError('The lane is not counted to its end.');
      const { pages, toSeq } = await nextStep(lane, cursor, inOrder, ports);
      if (await countPages({ lane, cursor, pages, toSeq, deadlineMs }, ports)) {
        attempt = 0;
      } else {
        attempt += 1;
        if (!(await backOff(ports.clock, attempt, deadlineMs))) throw new OutOfTimeError('The lane is contended.');
      }
    }
  } catch (failure) {
    return { countedTo, failure };
  }
}

/** The pages that follow the cursor: those delivered, or, before a gap's end, those of the ledger. */
async function nextStep(
  lane: LaneKey,
  cursor: MeterMark,
  inOrder: readonly JournalPage[],
  ports: ProjectorPorts,
): Promise<{ pages: readonly JournalPage[]; toSeq: number }> {
  const ahead = inOrder.filter(({ seq }) => seq > cursor.seq);
  const pages: JournalPage[] = [];
  for (const page of ahead) {
    if (page.seq === cursor.seq + pages.length + 1 && pages.length < PAGES_PER_STEP) pages.push(page);
  }
  if (pages.length > 0) return { pages, toSeq: cursor.seq + pages.length };

  const gapEnd = (ahead[0]?.seq ?? 0) - 1;
  const { nextSeq } = await ports.balances.head(lane);
  if (gapEnd + 1 >= nextSeq) {
    const { tenant, period, lane: number } = lane;
    throw new ForeignPageError(
      `Page ${gapEnd + 1} of ${tenant} ${period} lane ${number} is beyond its head: reconcile.`,
    );
  }
  ports.telemetry.count('pageGaps');
  const toSeq = Math.min(gapEnd, cursor.seq + PAGES_PER_STEP);
  for await (const page of readPages(lane, cursor.seq + 1, toSeq, ports)) pages.push(page);
  return { pages, toSeq };
}
