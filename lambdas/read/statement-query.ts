import * as z from 'zod';
import type { Period } from '../domain/period.ts';
import { checkedQuery, cursorField, limitField, periodField } from '../http/fields.ts';
import { STATEMENT_LINES_MAX } from '../http/limits.ts';
import { badCursor, decodeCursor, type ListingPosition } from './statement-cursor.ts';

interface StatementQuery {
  readonly period: Period | undefined;
  readonly limit: number;
  readonly resumed: ListingPosition | undefined;
  readonly hasEventIds: boolean;
}

/** The query of `GET /statement`. */
export const statementQuerySchema = z.object({
  period: periodField.optional().meta({ description: 'The UTC month, `YYYY-MM`. Without it, this month.' }),
  limit: limitField(STATEMENT_LINES_MAX).optional(),
  cursor: cursorField.optional(),
  include: z.literal('event_id', 'must be event_id, or left out').optional().meta({
    description: 'With `event_id`, each line says of which event it is: what its receipt is asked for by.',
  }),
});

/** The query of `GET /statement`; throws a 400 that lists every fault. */
export function statementQuery(parameters: ReadonlyMap<string, string>): StatementQuery {
  const { period, limit = STATEMENT_LINES_MAX, cursor, include } = checkedQuery(statementQuerySchema, parameters);
  const resumed = cursor === undefined ? undefined : decodeCursor(cursor);
  if (resumed !== undefined && period !== undefined && resumed.period !== period) throw badCursor();
  return { period, limit, resumed, hasEventIds: include !== undefined };
}
