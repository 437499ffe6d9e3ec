import * as z from 'zod';
import { EVENT_ID_PREFIX, TENANT_PATTERN, TXN_PATTERN } from '../domain/ids.ts';
import { ACCOUNTS, type Account, type EntryKind } from '../domain/journal.ts';
import { ALL_LANES } from '../domain/lane.ts';
import { PERIOD_PATTERN } from '../domain/period.ts';

const WHOLE_NUMBER = '-?(?:0|[1-9]\\d*)';

/** Money in an answer: a decimal text, since a JavaScript number is not money. */
export function minorUnits(description: string) {
  return z
    .string()
    .meta({ description: `${description} In minor units (cents).`.trim(), pattern: `^${WHOLE_NUMBER}$` });
}

/** A count or quantity in an answer. */
export function wholeNumber(description: string) {
  return z.string().meta({ description, pattern: '^(?:0|[1-9]\\d*)$' });
}

export function moment(description: string) {
  return z.string().meta({ description, format: 'date-time' });
}

export const currency = z.string().meta({ description: 'ISO 4217.', pattern: '^[A-Z]{3}$' });

export const eventId = z.string().meta({
  description: 'The channel it came in by, and the id its sender chose.',
  pattern: EVENT_ID_PREFIX.source,
});

export const tenant = z.string().meta({ description: 'A tenant id.', pattern: TENANT_PATTERN.source });

export const txnId = z.string().meta({ description: 'The journal entry.', pattern: TXN_PATTERN.source });

export const period = z.string().meta({ description: 'A UTC month.', pattern: PERIOD_PATTERN.source });

export const lane = z
  .int()
  .min(0)
  .max(ALL_LANES.length - 1)
  .meta({ description: "Which of the tenant's journals." });

export const entryKind = z
  .enum(['usage', 'adjustment'] satisfies EntryKind[])
  .meta({ description: 'Whether it was used, or credited or charged by hand.' });

export const account = z.enum(ACCOUNTS).meta({ description: 'The account posted to.' });

/** Money by account. */
export const totals = z.object(
  Object.fromEntries(ACCOUNTS.map((name) => [name, minorUnits('')])) as Record<Account, ReturnType<typeof minorUnits>>,
);

export function sha256(description: string) {
  return z.string().meta({ description: `${description} SHA-256 in hex.`, pattern: '^[0-9a-f]{64}$' });
}

export const ETAG_PATTERN = '^"[^"]+"$';

/** The entity tag of one of a listing's items, or of what was made. */
export const etag = z.string().meta({
  description: 'The state it is in, also in the header `ETag`: send it as `If-Match`, quotes and all, to change it.',
  pattern: ETAG_PATTERN,
});

/** The header of what changes something that exists. */
export const ifMatch = z.string().optional().meta({
  description:
    'The `ETag` of what you mean to change, quotes and all: nobody then overwrites what another has changed.',
});

/** The header of what creates something only if nobody has yet. */
export const ifNoneMatch = z.string().optional().meta({
  description: '`*`: only if there is none yet.',
});

export const nextCursor = z
  .string()
  .optional()
  .meta({ description: 'Send it as `cursor` for the next page. Absent on the last one.' });
