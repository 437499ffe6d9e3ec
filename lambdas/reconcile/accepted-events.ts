import type { AcceptedEvent } from '../domain/accepted-event.ts';
import { epochMsOf, type Instant, instantOf } from '../domain/instant.ts';
import { hourOf, TIME_SHARDS } from '../storage/keys.ts';
import type { EventName, SweepPorts } from './ports.ts';

const MS_PER_HOUR = 3_600_000;

/** Shards read side by side: enough to hide the latency of one, few enough for one small function. */
const SHARDS_AT_ONCE = 8;

/** No stretch is cut shorter: what one second's shard holds, a run gets through in any case. */
const SPAN_MIN_MS = 1_000;

/** A stretch of time, its end excluded. */
export interface Slice {
  readonly from: Instant;
  readonly until: Instant;
}

/** The stretches of time between two moments, none of which crosses the end of an hour: the time index's partitions. */
export function hourSlices(from: Instant, until: Instant): Slice[] {
  const slices: Slice[] = [];
  const endMs = epochMsOf(until);
  for (let startMs = epochMsOf(from); startMs < endMs; ) {
    const nextMs = Math.min(endMs, (Math.floor(startMs / MS_PER_HOUR) + 1) * MS_PER_HOUR);
    slices.push({ from: instantOf(startMs), until: instantOf(nextMs) });
    startMs = nextMs;
  }
  return slices;
}

/**
 * A slice of one hour in parts of at most about one read a shard. The sweep moves on part by part, so each must be one that a
 * run gets through: else it would begin with the same events every time, and never see those behind them.
 */
export async function* manageable(
  { from, until }: Slice,
  { intake }: Pick<SweepPorts<AcceptedEvent>, 'intake'>,
): AsyncGenerator<Slice> {
  const endMs = epochMsOf(until);
  let spanMs = endMs - epochMsOf(from);
  for (let startMs = epochMsOf(from); startMs < endMs; ) {
    const part = { from: instantOf(startMs), until: instantOf(Math.min(endMs, startMs + spanMs)) };
    if (spanMs > SPAN_MIN_MS && (await isCrowded(part, intake))) {
      spanMs = Math.max(SPAN_MIN_MS, Math.floor(spanMs / 2));
      continue;
    }
    yield part;
    startMs = epochMsOf(part.until);
    spanMs *= 2;
  }
}

/** Whether a shard holds more than one read of it; ids are spread by their hash, so a few shards speak for all. */
async function isCrowded(slice: Slice, intake: SweepPorts<AcceptedEvent>['intake']): Promise<boolean> {
  const shards = Array.from({ length: SHARDS_AT_ONCE }, (_, shard) => shard);
  const reads = await Promise.all(
    shards.map((shard) => intake.acceptedIn(hourOf(slice.from), shard, slice, undefined)),
  );
  return reads.some(({ cursor }) => cursor !== undefined);
}

/** Every event accepted in a slice of one hour, in lists of one read each, in no order. */
export async function* acceptedIn(
  slice: Slice,
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
