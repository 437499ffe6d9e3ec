import * as z from 'zod';
import { ALL_LANES, parseLane } from '../domain/lane.ts';
import { type Period, parsePeriod } from '../domain/period.ts';
import { malformed } from '../http/problem.ts';
import { isFinished, type LaneSpan, laneSpan } from './lane-lines.ts';

const position = z.int().nonnegative();

const cursorSchema = z.object({
  period: z.string(),
  spans: z.array(z.tuple([position, position, position, position])).max(ALL_LANES.length),
});

export interface ListingPosition {
  readonly period: Period;
  readonly spans: readonly LaneSpan[];
}

/** Where a listing stopped, and how far each lane reached when it began: later postings belong to another listing. */
export function encodeCursor(period: Period, spans: readonly LaneSpan[]): string {
  const tuples = spans.map(({ lane, lastSeq, seq, index }) => [lane, lastSeq, seq, index]);
  return Buffer.from(JSON.stringify({ period, spans: tuples })).toString('base64url');
}

/** The cursor in a query; throws a 400 for anything this endpoint would not have handed out. */
export function decodeCursor(text: string): ListingPosition {
  const parsed = cursorSchema.safeParse(parseJson(Buffer.from(text, 'base64url').toString('utf8')));
  const period = parsed.success ? parsePeriod(parsed.data.period) : undefined;
  if (!parsed.success || period === undefined) throw badCursor();
  const spans = parsed.data.spans.map(([number, lastSeq, seq, index]) => {
    const lane = parseLane(number);
    if (lane === undefined) throw badCursor();
    return laneSpan(lane, lastSeq, seq, index);
  });
  if (!isUnfinishedListing(spans)) throw badCursor();
  return { period, spans };
}

/** One place in each lane, within what the listing covers, and somewhere something left. */
function isUnfinishedListing(spans: readonly LaneSpan[]): boolean {
  const lanes = new Set(spans.map(({ lane }) => lane));
  const isWithin = spans.every(({ seq, lastSeq }) => seq >= 1 && seq <= lastSeq + 1);
  return lanes.size === spans.length && isWithin && !spans.every(isFinished);
}

export function badCursor(): Error {
  return malformed([{ field: 'cursor', message: 'must be the next_cursor of an earlier page of this statement' }]);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
