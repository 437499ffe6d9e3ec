import * as z from 'zod';
import type { TenantId } from '../domain/ids.ts';
import type { LaneKey } from '../domain/page.ts';
import { DamagedItemError, stored } from '../storage/item.ts';
import { headKey, type Key } from '../storage/keys.ts';
import type { FoundMeter } from '../storage/usage-meters.ts';
import { OutOfTimeError } from './lane-meters.ts';
import type { ProjectorPorts } from './ports.ts';
import { readableCursor, rebuildLane } from './rebuild-lane.ts';

const keySchema = z.object({ pk: z.string(), sk: z.string() });

/** What begins a rebuild; with what one invocation answered, the next goes on. */
export const rebuildSchema = z.object({
  task: z.literal('rebuild'),
  tenant: stored.tenant.optional(),
  resume: z
    .object({
      generation: z.int().positive(),
      phase: z.enum(['lanes', 'leftovers']),
      /** The last lane's head or the last meter that is done. */
      after: keySchema.optional(),
    })
    .optional(),
});

export type RebuildTask = z.output<typeof rebuildSchema>;

/** An answer that is not complete is the next invocation's event. */
export interface RebuildReport {
  readonly task: 'rebuild';
  readonly tenant?: TenantId | undefined;
  readonly complete: boolean;
  readonly resume?: NonNullable<RebuildTask['resume']>;
  /** Of this invocation: lanes counted again, meters removed, lanes that can't be read and were left as they are. */
  readonly lanes: number;
  readonly removed: number;
  readonly unreadable: number;
}

/** After so long an invocation answers with how far it came, so that whoever waits for it sees progress. */
export interface RebuildLimits {
  readonly pauseAtMs: number;
  readonly deadlineMs: number;
}

/**
 * Makes the meters anew from the journal: lane by lane of those that have a head, then walks the meters themselves and
 * removes what no lane's rebuild has put. Safe beside the stream, and to repeat.
 */
export async function rebuild(task: RebuildTask, limits: RebuildLimits, ports: ProjectorPorts): Promise<RebuildReport> {
  const { tenant, resume } = task;
  const run = new RebuildRun(resume?.generation ?? ports.clock.nowMs(), limits, ports);
  const report = (complete: boolean, next?: NonNullable<RebuildTask['resume']>): RebuildReport => ({
    ...{ task: 'rebuild', tenant, complete, ...(next && { resume: next }) },
    ...{ lanes: run.lanes, removed: run.removed, unreadable: run.unreadable },
  });
  const { generation } = run;
  const phase = resume?.phase ?? 'lanes';
  if (phase === 'lanes') {
    const { done, after } = await run.countLanes(tenant, resume?.after);
    if (!done) return report(false, { generation, phase, ...(after && { after }) });
  }
  const { done, after } = await run.removeLeftovers(tenant, phase === 'leftovers' ? resume?.after : undefined);
  return done ? report(true) : report(false, { generation, phase: 'leftovers', ...(after && { after }) });
}

class RebuildRun {
  readonly generation: number;
  lanes = 0;
  removed = 0;
  unreadable = 0;
  readonly #limits: RebuildLimits;
  readonly #ports: ProjectorPorts;

  constructor(generation: number, limits: RebuildLimits, ports: ProjectorPorts) {
    this.generation = generation;
    this.#limits = limits;
    this.#ports = ports;
  }

  async countLanes(tenant: TenantId | undefined, from: Key | undefined) {
    return this.#each(this.#ports.lanes.all(tenant, from), from, headKey, (lane) => this.#countLane(lane));
  }

  async removeLeftovers(tenant: TenantId | undefined, from: Key | undefined) {
    const meters = this.#ports.meters.all(tenant, from);
    return this.#each(
      meters,
      from,
      ({ stored: key }) => key,
      (meter) => this.#removeLeftover(meter),
    );
  }

  /** Works through the items until it is time to pause, and says where to go on. The first is always worked on. */
  async #each<Item>(
    items: AsyncIterable<Item>,
    from: Key | undefined,
    keyOf: (item: Item) => Key,
    work: (item: Item) => Promise<void>,
  ): Promise<{ done: boolean; after: Key | undefined }> {
    let after = from;
    let worked = false;
    for await (const item of items) {
      if (worked && this.#ports.clock.nowMs() >= this.#limits.pauseAtMs) return { done: false, after };
      try {
        await work(item);
      } catch (error) {
        // With all of the next invocation's time it may fit; if it was the first, it will not.
        if (error instanceof OutOfTimeError && worked) return { done: false, after };
        throw error;
      }
      [after, worked] = [keyOf(item), true];
    }
    return { done: true, after };
  }

  async #countLane(lane: LaneKey, generation = this.generation): Promise<void> {
    try {
      await rebuildLane(lane, generation, this.#limits.deadlineMs, this.#ports);
      this.lanes += 1;
    } catch (error) {
      if (!(error instanceof DamagedItemError)) throw error;
      this.unreadable += 1;
      this.#ports.telemetry.error('A lane’s usage can’t be counted again: reconcile it.', error, { ...lane });
    }
  }

  /**
   * Removes what its lane's rebuild has not put. A lane that has meters and no head, or came since, is counted first, and
   * so is one with a meter of a generation that never began.
   */
  async #removeLeftover({ stored: key, key: meter, mark }: FoundMeter): Promise<void> {
    const { meters, writer } = this.#ports;
    let generation = Number.MAX_SAFE_INTEGER;
    if (meter !== undefined) {
      if (mark?.generation === this.generation) return;
      const { tenant, period, lane: number } = meter;
      const lane = { tenant, period, lane: number };
      const cursor = await readableCursor(lane, this.#ports);
      if (mark !== undefined && mark.generation > cursor.generation) {
        await this.#countLane(lane, Math.max(mark.generation + 1, this.generation));
      } else if (cursor.generation < this.generation) {
        await this.#countLane(lane);
      }
      generation = (await meters.cursor(lane)).generation;
    }
    if (await writer.removeOlder(key, generation)) this.removed += 1;
  }
}
