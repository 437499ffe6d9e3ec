import { type Period, parsePeriod } from '../domain/period.ts';
import { type FieldError, malformed } from '../http/problem.ts';
import { badCursor, decodeCursor, type ListingPosition } from './statement-cursor.ts';

/** A page of a thousand lines stays far below the 6 MB that Lambda may answer. */
const LIMIT_MAX = 1_000;

interface StatementQuery {
  readonly period: Period | undefined;
  readonly limit: number;
  readonly resumed: ListingPosition | undefined;
}

/** The query of `GET /statement`; throws a 400 that lists every fault. */
export function statementQuery(parameters: ReadonlyMap<string, string>): StatementQuery {
  const faults: FieldError[] = [];
  const [periodText, limitText] = [parameters.get('period'), parameters.get('limit') ?? String(LIMIT_MAX)];
  const period = periodText === undefined ? undefined : parsePeriod(periodText);
  if (periodText !== undefined && period === undefined) faults.push({ field: 'period', message: 'must be YYYY-MM' });
  const limit = /^\d{1,4}$/.test(limitText) ? Number(limitText) : 0;
  if (limit < 1 || limit > LIMIT_MAX) faults.push({ field: 'limit', message: `must be 1 to ${LIMIT_MAX}` });
  if (faults.length > 0) throw malformed(faults);

  const cursorText = parameters.get('cursor');
  const resumed = cursorText === undefined ? undefined : decodeCursor(cursorText);
  if (resumed !== undefined && period !== undefined && resumed.period !== period) throw badCursor();
  return { period, limit, resumed };
}
