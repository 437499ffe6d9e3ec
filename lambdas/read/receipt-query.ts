import * as z from 'zod';
import { checkedQuery, refuse } from '../http/fields.ts';
import { malformed } from '../http/problem.ts';

const seqField = z.string().transform((text, context) => {
  // Twelve digits are all that a page's key has.
  return /^[1-9]\d{0,11}$/.test(text) ? Number(text) : refuse(context, 'must be the sequence number of a page');
});

/** The query of `GET /events/{event_id}`. */
export const receiptQuerySchema = z.object({
  proof: z
    .literal('full', 'must be full, or left out')
    .optional()
    .meta({ description: 'With `full`, the receipt carries all that its entry can be proven with offline.' }),
  from_seq: seqField.optional().meta({
    description: 'The first page to link: the `next_seq` of the answer before. By default the page after the entry’s.',
    type: 'integer',
    minimum: 1,
  }),
  to_seq: seqField.optional().meta({
    description: 'The anchored page to link the entry’s page to. Without it the receipt has no links.',
    type: 'integer',
    minimum: 1,
  }),
});

/** Which pages after the entry's a proof should be linked to. */
export interface LinkRange {
  readonly fromSeq: number | undefined;
  readonly toSeq: number | undefined;
}

/** What the query asks for: undefined without a full proof. Throws a 400 that lists every fault. */
export function proofQuery(query: ReadonlyMap<string, string>): LinkRange | undefined {
  const { proof, from_seq: fromSeq, to_seq: toSeq } = checkedQuery(receiptQuerySchema, query);
  if (proof !== undefined) return { fromSeq, toSeq };
  const names = ['from_seq', 'to_seq'].filter((name) => query.has(name));
  if (names.length > 0) throw malformed(names.map((field) => ({ field, message: 'needs proof=full' })));
  return undefined;
}
