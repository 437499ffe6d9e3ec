import type { AcceptedEvent } from '../domain/accepted-event.ts';
import { epochMsOf, type Instant, instantOf } from '../domain/instant.ts';
import { hourOf, TIME_SHARDS } from '../storage/keys.ts';
import type { EventName, SweepPorts } from './ports.ts';

const MS_PER_HOUR = 3_600_000;

/** Shards read side by side: enough to hide the latency of one, few enough for one small function. */
const SHARDS_AT_ONCE = 8;

/** The stretches of time between two moments, none of which crosses the end of an hour: the time index's partitions. */
export function hourSlices(from: Instant, until: Instant): { from: Instant; until: Instant }[] {
  const slices: { from: Instant; until: Instant }[] = [];
  const endMs = epochMsOf(until);
  for (let startMs = epochMsOf(from); startMs < endMs; ) {
    const nextMs = Math.min(endMs, (Math.floor(startMs / MS_PER_HOUR) + 1) * MS_PER_HOUR);
    slices.push({ from: instantOf(startMs), until: instantOf(nextMs) });
    startMs = nextMs;
  }
  return slices;
}

/** Every event accepted in a slice of one hour, in lists of one read each, in no order. */
export async function* acceptedIn(
  slice: { from: Instant; until: Instant },
  { intake, telemetry }: Pick<SweepPorts<AcceptedEvent>, 'intake' | 'telemetry'>,
): AsyncGenerator<readonly EventName[]> {
  const hour = hourOf(slice.from);
  for (let start = 0; start < TIME_SHARDS; start += SHARDS_AT_ONCE) {
    const shards = Array.from({ length: SHARDS_AT_ONCE }, (_, offset) => start + offset);
    const firstReads = await Promise.all(shards.map((shard) => intake.acceptedIn(hour, shard, slice, undefined)));
    for (const [offset, firstRead] of firstReads.entries()) {
      for (let read = firstRead; ; read = await intake.acceptedIn(hour, start + offset, slice, read.cursor)) {
        for (const error of read.damaged) telemetry.error('The sweep passed over an item of the time index.', error);
        yield read.accepted;
        if (read.cursor === undefined) break;
      }
    }
  }
}
