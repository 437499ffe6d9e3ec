import { crashPoint } from '../crash-point.ts';
import { type HourlySums, type MeterKey, MeterTally, meterName } from '../domain/meter.ts';
import type { JournalPage, LaneKey } from '../domain/page.ts';
import { inParallel } from '../in-parallel.ts';
import { backOff } from '../retry.ts';
import type { MeterMark } from '../storage/meter-item.ts';
import type { ProjectorPorts } from './ports.ts';
import { readPages } from './read-pages.ts';

/** Meters of one lane are different items, so their writes need not wait for each other. */
export const WRITES_AT_ONCE = 16;

/** Time ran out before the lane was done; what is counted stays counted. */
export class OutOfTimeError extends Error {}

/** A step of one lane: the pages that follow its cursor, up to `toSeq`. */
interface Step {
  readonly lane: LaneKey;
  readonly cursor: MeterMark;
  readonly pages: readonly JournalPage[];
  readonly toSeq: number;
  readonly deadlineMs: number;
}

/**
 * Counts the pages that follow a lane's cursor, each in each meter once: meter by meter on condition of the pages it
 * holds, then the cursor. False when somebody else has moved the cursor meanwhile: look again.
 */
export async function countPages(step: Step, ports: ProjectorPorts): Promise<boolean> {
  const tally = new MeterTally();
  for (const page of step.pages) tally.count(page);
  await inParallel(tally.meters(), WRITES_AT_ONCE, async ({ key, hours }) => {
    await countInMeter(key, hours, step, ports);
    crashPoint('projector:after-meter');
  });
  crashPoint('projector:before-cursor');
  const { lane, cursor, toSeq } = step;
  return ports.writer.moveCursor(lane, cursor, { seq: toSeq, generation: cursor.generation });
}

/**
 * Nearly always the meter holds nothing beyond the cursor, so that one conditional write does it. Otherwise a crash or
 * another invocation came between, and the meter's own mark says which pages it lacks.
 */
async function countInMeter(key: MeterKey, sums: HourlySums, step: Step, ports: ProjectorPorts): Promise<void> {
  const { cursor, toSeq } = step;
  let from = { ...cursor, orAbsent: true };
  let missing: HourlySums = sums;
  for (let attempt = 0; ; attempt += 1) {
    const outcome = await ports.writer.add(key, missing, from, toSeq);
    if (outcome.added) return;
    const { found } = outcome;
    if (attempt > 0 && !(await backOff(ports.clock, attempt, step.deadlineMs))) {
      throw new OutOfTimeError('A usage meter is contended.');
    }
    if (found === undefined) {
      // It was removed between two looks, as left over: what follows the cursor is all of it.
      [from, missing] = [{ ...cursor, orAbsent: true }, sums];
    } else if (found.generation < cursor.generation) {
      // Left over from before a rebuild, which found no page of it.
      const inTheWay = await ports.writer.put(key, sums, { seq: toSeq, generation: cursor.generation });
      if (inTheWay === undefined) return;
      [from, missing] = [{ ...cursor, orAbsent: true }, sums];
    } else {
      if (found.seq >= toSeq) return;
      missing = await sumsAfter(key, found, step, ports);
      if (missing.size === 0) return;
      from = { ...found, orAbsent: false };
    }
  }
}

/** What the meter lacks; a rebuild under way may have set it to where the lane stood before the cursor. */
async function sumsAfter(key: MeterKey, { seq }: MeterMark, step: Step, ports: ProjectorPorts): Promise<HourlySums> {
  const tally = new MeterTally();
  for await (const page of readPages(step.lane, seq + 1, step.cursor.seq, ports)) tally.count(page);
  for (const page of step.pages) if (page.seq > seq) tally.count(page);
  return tally.meters([meterName(key)])[0]?.hours ?? new Map();
}
