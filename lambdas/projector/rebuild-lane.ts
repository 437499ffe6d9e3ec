import { crashPoint } from '../crash-point.ts';
import { type HourlySums, type MeterKey, MeterTally } from '../domain/meter.ts';
import type { LaneKey } from '../domain/page.ts';
import { inParallel } from '../in-parallel.ts';
import { backOff } from '../retry.ts';
import { DamagedItemError } from '../storage/item.ts';
import type { MeterMark } from '../storage/meter-item.ts';
import { OutOfTimeError, WRITES_AT_ONCE } from './lane-meters.ts';
import type { ProjectorPorts } from './ports.ts';
import { readPages } from './read-pages.ts';

/**
 * Counts a lane again from its first page and puts every meter anew, in a generation of its own; what an older one left
 * over counts for nothing from then on. The stream may go on beside it: whatever is posted or counted meanwhile moves
 * the cursor, and then the pages that came are counted too before the generation begins. In memory are the lane's
 * sums, never its pages.
 */
export async function rebuildLane(
  lane: LaneKey,
  runGeneration: number,
  deadlineMs: number,
  ports: ProjectorPorts,
): Promise<void> {
  const tally = new MeterTally();
  let generation = runGeneration;
  let pending = new Set<string>();
  let countedTo = 0;
  for (let attempt = 0; ; attempt += 1) {
    const cursor = await readableCursor(lane, ports);
    if (attempt === 0) generation = Math.max(generation, cursor.generation + 1);
    else if (cursor.generation >= generation) return;
    const lastSeq = (await ports.balances.head(lane)).nextSeq - 1;
    for await (const page of readPages(lane, countedTo + 1, lastSeq, ports)) {
      for (const name of tally.count(page)) pending.add(name);
      if (ports.clock.nowMs() >= deadlineMs) throw new OutOfTimeError('The lane is longer than one invocation takes.');
    }
    countedTo = Math.max(countedTo, lastSeq);
    const newest = await putMeters(tally.meters(pending), { seq: countedTo, generation }, ports);
    if (newest > generation) {
      // Left behind by a run that had a later clock and never ended, or one that is at work: all meters go beyond it.
      [generation, pending] = [newest + 1, new Set(tally.names())];
    } else {
      pending.clear();
      crashPoint('projector:before-generation');
      if (await ports.writer.moveCursor(lane, cursor, { seq: countedTo, generation })) return;
    }
    if (!(await backOff(ports.clock, attempt, deadlineMs))) throw new OutOfTimeError('The lane is contended.');
  }
}

/** Puts the meters, and returns the newest generation that stood in the way of one. */
async function putMeters(
  meters: readonly { readonly key: MeterKey; readonly hours: HourlySums }[],
  mark: MeterMark,
  ports: ProjectorPorts,
): Promise<number> {
  let newest = 0;
  await inParallel(meters, WRITES_AT_ONCE, async ({ key, hours }) => {
    const inTheWay = await ports.writer.put(key, hours, mark);
    newest = Math.max(newest, inTheWay?.generation ?? 0);
    crashPoint('projector:after-rebuilt-meter');
  });
  return newest;
}

/** The lane's cursor; a damaged one is dropped, for without one nothing is taken for counted that is not. */
export async function readableCursor(lane: LaneKey, { meters, writer }: ProjectorPorts): Promise<MeterMark> {
  try {
    return await meters.cursor(lane);
  } catch (error) {
    if (!(error instanceof DamagedItemError)) throw error;
    await writer.removeCursor(lane);
    return meters.cursor(lane);
  }
}
