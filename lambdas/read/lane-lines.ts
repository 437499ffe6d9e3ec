import type { TenantId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { JournalEntry } from '../domain/journal.ts';
import type { Lane } from '../domain/lane.ts';
import type { Period } from '../domain/period.ts';
import type { ReadPorts } from './ports.ts';

/** How far a listing goes in a lane, and where in it the listing stands: at an entry of a page, or past the last page. */
export interface LaneSpan {
  readonly lane: Lane;
  readonly lastSeq: number;
  readonly seq: number;
  readonly index: number;
}

interface Line {
  readonly postedAt: Instant;
  readonly entry: JournalEntry;
  /** What is left of the lane once this line is shown. */
  readonly rest: LaneSpan;
}

export function laneSpan(lane: Lane, lastSeq: number, seq = 1, index = 0): LaneSpan {
  return { lane, lastSeq, seq, index };
}

/**
 * Up to `limit` entries of the lanes, merged by (posted_at, lane, sequence, index), and where that leaves each lane. Time
 * never runs backwards in a lane, so comparing the lanes' next lines is enough.
 */
export async function mergeLanes(
  scope: { tenant: TenantId; period: Period },
  spans: readonly LaneSpan[],
  limit: number,
  ledger: ReadPorts['ledger'],
): Promise<{ lines: Line[]; spans: LaneSpan[] }> {
  const left = new Map(spans.map((span) => [span.lane, span]));
  const readers = spans.map((span) => ({ lane: span.lane, lines: linesOf(scope, span, limit, ledger) }));
  const next = await Promise.all(
    readers.map(async (reader) => ({ ...reader, line: (await reader.lines.next()).value })),
  );
  const lines: Line[] = [];
  while (lines.length < limit) {
    const first = next.reduce(earlier, undefined);
    if (first?.line === undefined) break;
    lines.push(first.line);
    left.set(first.lane, first.line.rest);
    first.line = (await first.lines.next()).value;
  }
  return { lines, spans: [...left.values()] };
}

export function isFinished({ seq, lastSeq }: LaneSpan): boolean {
  return seq > lastSeq;
}

interface Reader {
  readonly lane: Lane;
  readonly lines: AsyncGenerator<Line, undefined>;
  line: Line | undefined;
}

function earlier(best: Reader | undefined, reader: Reader): Reader | undefined {
  if (reader.line === undefined) return best;
  if (best?.line === undefined) return reader;
  if (reader.line.postedAt !== best.line.postedAt) return reader.line.postedAt < best.line.postedAt ? reader : best;
  return reader.lane < best.lane ? reader : best;
}

async function* linesOf(
  scope: { tenant: TenantId; period: Period },
  span: LaneSpan,
  limit: number,
  ledger: ReadPorts['ledger'],
): AsyncGenerator<Line, undefined> {
  const { lane, lastSeq } = span;
  for await (const page of ledger.pages({ ...scope, lane }, span.seq, lastSeq, limit)) {
    for (const [index, entry] of page.entries.entries()) {
      if (page.seq === span.seq && index < span.index) continue;
      const isLast = index === page.entries.length - 1;
      const rest = isLast ? laneSpan(lane, lastSeq, page.seq + 1) : laneSpan(lane, lastSeq, page.seq, index + 1);
      yield { postedAt: page.postedAt, entry, rest };
    }
  }
  return undefined;
}
