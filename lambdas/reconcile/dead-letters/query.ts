import * as z from 'zod';
import type { TenantId } from '../../domain/ids.ts';
import type { EntryKind } from '../../domain/journal.ts';
import { checkedQuery, cursorField, limitField, tenantField } from '../../http/fields.ts';
import { DEAD_LETTERS_DEFAULT, DEAD_LETTERS_MAX } from '../../http/limits.ts';
import { malformed } from '../../http/problem.ts';
import type { AttemptPlace, RefusalPlace } from '../../storage/dead-letters.ts';
import { stored } from '../../storage/item.ts';
import { NO_TENANT } from '../../storage/keys.ts';

/** Where a listing goes on: in the index of refusals, or among the attempts of one intake's sweep. */
export type ListPosition =
  | { readonly stage: 'refusals'; readonly after: RefusalPlace | undefined }
  | { readonly stage: EntryKind; readonly after: AttemptPlace | undefined };

export interface DeadLetterQuery {
  /** Undefined: everybody's. */
  readonly tenant: TenantId | undefined;
  readonly limit: number;
  readonly position: ListPosition;
}

/** The query of `GET /dead-letters`. */
export const deadLetterQuerySchema = z.object({
  tenant: tenantField.optional().meta({ description: 'Whose; by default everybody’s.' }),
  limit: limitField(DEAD_LETTERS_MAX).optional().meta({ default: DEAD_LETTERS_DEFAULT }),
  cursor: cursorField.optional(),
});

const refusalPlaceSchema = z.object({
  tenant: z.union([z.literal(NO_TENANT), stored.tenant]),
  firstAt: stored.instant,
  id: z.string().min(1),
});

const attemptPlaceSchema = z.object({ tenant: stored.tenant, eventId: stored.eventId });

const cursorSchema = z.object({
  tenant: stored.tenant.nullable(),
  position: z.discriminatedUnion('stage', [
    z.object({ stage: z.literal('refusals'), after: refusalPlaceSchema.optional() }),
    z.object({ stage: z.enum(['usage', 'adjustment']), after: attemptPlaceSchema.optional() }),
  ]),
});

/** The query of `GET /dead-letters`; throws a 400 that lists every fault. */
export function deadLetterQuery(parameters: ReadonlyMap<string, string>): DeadLetterQuery {
  const { tenant, limit = DEAD_LETTERS_DEFAULT, cursor } = checkedQuery(deadLetterQuerySchema, parameters);
  if (cursor === undefined) return { tenant, limit, position: { stage: 'refusals', after: undefined } };
  return { tenant, limit, position: decodeCursor(cursor, tenant) };
}

export function encodeCursor(tenant: TenantId | undefined, position: ListPosition): string {
  return Buffer.from(JSON.stringify({ tenant: tenant ?? null, position })).toString('base64url');
}

/** Throws a 400 for anything this listing would not have handed out. */
function decodeCursor(text: string, tenant: TenantId | undefined): ListPosition {
  const parsed = cursorSchema.safeParse(parseJson(Buffer.from(text, 'base64url').toString('utf8'))).data;
  if (parsed === undefined || parsed.tenant !== (tenant ?? null)) throw badCursor();
  const { stage, after } = parsed.position;
  if (tenant !== undefined && after !== undefined && after.tenant !== tenant) throw badCursor();
  if (stage !== 'refusals') return { stage, after };
  const isEvent = after === undefined || after.tenant === NO_TENANT || stored.eventId.safeParse(after.id).success;
  if (!isEvent) throw badCursor();
  return { stage, after };
}

function badCursor(): Error {
  return malformed([{ field: 'cursor', message: 'must be the next_cursor of an earlier page of this listing' }]);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
