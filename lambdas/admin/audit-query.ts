import * as z from 'zod';
import { AUDIT_WRITERS, type AuditWriter } from '../domain/audit-chain.ts';
import { type Period, parsePeriod } from '../domain/period.ts';
import { checkedQuery, cursorField, limitField, periodField } from '../http/fields.ts';
import { AUDIT_ENTRIES_MAX } from '../http/limits.ts';
import { malformed } from '../http/problem.ts';

/** No chain gets so long, and its twelve digits are what a key has room for. */
const NUMBER_MAX = 999_999_999_999;

/** By writer: the newest number a page may show; 0 when that chain has been shown whole. */
export type AuditPosition = Readonly<Record<AuditWriter, number>>;

export interface AuditQuery {
  /** Undefined: this month. */
  readonly month: Period | undefined;
  readonly limit: number;
  /** Undefined: from the newest entry on. */
  readonly position: AuditPosition | undefined;
}

/** The query of `GET /audit`. */
export const auditQuerySchema = z.object({
  month: periodField.optional().meta({ description: 'Which month of the log; by default this UTC month.' }),
  limit: limitField(AUDIT_ENTRIES_MAX).optional(),
  cursor: cursorField.optional(),
});

const newest = z.int().nonnegative().max(NUMBER_MAX);
const cursorSchema = z.object({ month: z.string(), position: z.record(z.enum(AUDIT_WRITERS), newest) });

/** The query of `GET /audit`; throws a 400 that lists every fault. */
export function auditQuery(parameters: ReadonlyMap<string, string>): AuditQuery {
  const { month, limit = AUDIT_ENTRIES_MAX, cursor } = checkedQuery(auditQuerySchema, parameters);
  if (cursor === undefined) return { month, limit, position: undefined };
  const resumed = decodeCursor(cursor);
  if (month !== undefined && month !== resumed.month) throw badCursor();
  return { limit, ...resumed };
}

/** Where the next page begins; undefined when there is none. */
export function encodeCursor(month: Period, position: AuditPosition): string | undefined {
  if (AUDIT_WRITERS.every((writer) => position[writer] === 0)) return undefined;
  return Buffer.from(JSON.stringify({ month, position })).toString('base64url');
}

function decodeCursor(text: string): { month: Period; position: AuditPosition } {
  const parsed = cursorSchema.safeParse(parseJson(Buffer.from(text, 'base64url').toString('utf8')));
  const month = parsed.success ? parsePeriod(parsed.data.month) : undefined;
  if (!parsed.success || month === undefined) throw badCursor();
  return { month, position: parsed.data.position };
}

function badCursor(): Error {
  return malformed([{ field: 'cursor', message: 'must be the next_cursor of an earlier page of this log' }]);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
