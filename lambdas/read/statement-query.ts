import * as z from 'zod';
import type { Period } from '../domain/period.ts';
import { checkedQuery, cursorField, limitField, periodField } from '../http/fields.ts';
import { badCursor, decodeCursor, type ListingPosition } from './statement-cursor.ts';

/** A page of a thousand lines stays far below the 6 MB that Lambda may answer. */
const LIMIT_MAX = 1_000;

interface StatementQuery {
  readonly period: Period | undefined;
  readonly limit: number;
  readonly resumed: ListingPosition | undefined;
}

/** The query of `GET /statement`. */
export const statementQuerySchema = z.object({
  period: periodField.optional().meta({ description: 'The UTC month, `YYYY-MM`. Without it, this month.' }),
  limit: limitField(LIMIT_MAX).optional(),
  cursor: cursorField.optional(),
});

/** The query of `GET /statement`; throws a 400 that lists every fault. */
export function statementQuery(parameters: ReadonlyMap<string, string>): StatementQuery {
  const { period, limit = LIMIT_MAX, cursor } = checkedQuery(statementQuerySchema, parameters);
  const resumed = cursor === undefined ? undefined : decodeCursor(cursor);
  if (resumed !== undefined && period !== undefined && resumed.period !== period) throw badCursor();
  return { period, limit, resumed };
}
