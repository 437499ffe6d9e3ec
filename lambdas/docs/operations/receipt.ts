import * as z from 'zod';
import { receiptQuerySchema } from '../../read/receipt-query.ts';
import {
  account,
  entryKind,
  eventId,
  lane,
  minorUnits,
  moment,
  period,
  sha256,
  tenant,
  totals,
  txnId,
  wholeNumber,
} from '../answer-fields.ts';
import type { Operation } from '../operation.ts';
import { problemExample } from '../problems.ts';

const priceVersion = z
  .int()
  .min(1)
  .nullable()
  .meta({ description: 'The price book it was rated at; null for an adjustment.' });

const place = {
  period,
  lane,
  seq: z.int().min(1).meta({ description: "The page's number in its lane, without gaps from 1." }),
  page_hash: sha256('Of the page and all before it in its lane.'),
};

const proofSchema = z.object(place).meta({
  id: 'Proof',
  description: 'The page of the journal that holds the entry: keep it, and no rewrite goes unseen.',
});

const entrySchema = z
  .object({
    event_id: eventId,
    txn_id: txnId,
    kind: entryKind,
    metric: z.string().nullable().meta({ description: 'Null on an adjustment.' }),
    quantity: wholeNumber('Null on an adjustment.').nullable(),
    event_date: moment('When it happened, as far as anyone knows.'),
    price_version: priceVersion,
    postings: z
      .array(z.object({ account, amount_minor: minorUnits('A debit is positive, a credit negative.') }))
      .meta({ description: 'They net to zero.' }),
  })
  .meta({ id: 'JournalEntry' });

const linksSchema = z.object({
  from_seq: z.int().min(1).meta({ description: 'The page of the first hash.' }),
  hashes: z.array(sha256('Of the contents of one page.')),
  next_seq: z.int().min(1).optional().meta({ description: 'Where the rest begins: send it as `from_seq`.' }),
});

const fullProofSchema = z
  .object({
    ...place,
    tenant,
    index: z.int().min(0).meta({ description: "The entry's place in its page." }),
    posted_at: moment('When the page was posted.'),
    prev_hash: sha256('The hash of the page before.'),
    totals: totals.meta({ description: "The lane's totals up to and with this page." }),
    entry: entrySchema,
    entry_hashes: z.array(sha256('Of one entry.')).meta({ description: "Of the page's entries, in their order." }),
    links: linksSchema
      .optional()
      .meta({ description: 'With `to_seq`: what leads from this page to the anchored one.' }),
  })
  .meta({ id: 'FullProof', description: 'All that the entry can be proven with offline, against an anchor.' });

const base = { event_id: eventId, received_at: moment('When it was accepted.') };

const receiptSchema = z
  .discriminatedUnion('status', [
    z.object({
      ...base,
      status: z.literal('accepted').meta({ description: 'Not settled yet: ask again in a moment.' }),
      reason: z.string().optional().meta({ description: 'Why it takes longer, if it does.' }),
    }),
    z.object({
      ...base,
      status: z.literal('posted').meta({ description: 'Charged, once and for ever.' }),
      txn_id: txnId,
      period,
      amount_minor: minorUnits('What it was charged: negative for a credit.'),
      price_version: priceVersion,
      proof: z.union([fullProofSchema, proofSchema]),
    }),
    z.object({
      ...base,
      status: z.literal('refused').meta({ description: 'It can never be charged, for this reason.' }),
      reason: z.string(),
    }),
  ])
  .meta({ id: 'Receipt', description: 'What became of an accepted event.' });

const posted = {
  event_id: 'api:first',
  status: 'posted',
  received_at: '2026-11-24T09:30:00.125Z',
  txn_id: 'txn_2d54d45b76eeac71b4d711cca4a11924',
  period: '2026-11',
  amount_minor: '100',
  price_version: 1,
};

const shownPlace = {
  period: '2026-11',
  lane: 15,
  seq: 1,
  page_hash: '8b1a9953c4611296a827abf8c47804d7e6c49c6ba5f0b1b64b5b8e2a8f1c3d4e',
};

/** What became of one event. */
export const receiptOperation: Operation = {
  route: 'event',
  method: 'GET',
  access: 'tenant',
  scope: 'ledger:read',
  id: 'getReceipt',
  tag: 'Ledger',
  summary: 'See what became of an event',
  description: [
    'The receipt of an accepted event, or of an adjustment: still `accepted`, `posted` with its amount and the page of the ' +
      "journal that proves it, or `refused` with a reason. An id nobody sent, and another tenant's, is a 404.",
    'With `proof=full` it carries all that the entry can be proven with offline, against an anchor and without us. With ' +
      '`to_seq` besides, it is linked to the page that the anchor names.',
  ].join('\n\n'),
  path: z.object({ event_id: eventId }),
  query: receiptQuerySchema,
  answers: { 200: { description: 'The receipt.', schema: receiptSchema } },
  problems: ['not_found'],
  examples: [
    {
      name: 'posted',
      summary: 'A charge that is posted',
      parameters: { event_id: 'api:first' },
      status: 200,
      answer: { ...posted, proof: shownPlace },
    },
    {
      name: 'full_proof',
      summary: 'With all that it can be proven with',
      parameters: { event_id: 'api:first', proof: 'full', to_seq: '1' },
      status: 200,
      answer: {
        ...posted,
        proof: {
          ...shownPlace,
          tenant: 'tenant_alpha',
          index: 0,
          posted_at: '2026-11-24T09:30:00.310Z',
          prev_hash: 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c',
          totals: { receivable: '100', revenue: '-100', adjustments: '0' },
          entry: {
            event_id: 'api:first',
            txn_id: 'txn_2d54d45b76eeac71b4d711cca4a11924',
            kind: 'usage',
            metric: 'api_call',
            quantity: '100',
            event_date: '2026-11-24T09:30:00.125Z',
            price_version: 1,
            postings: [
              { account: 'receivable', amount_minor: '100' },
              { account: 'revenue', amount_minor: '-100' },
            ],
          },
          entry_hashes: ['1f3870be274f6c49b3e31a0c6728957f2b1c2d0a9e8f7d6c5b4a392817061504'],
          links: { from_seq: 2, hashes: [] },
        },
      },
    },
    {
      name: 'adjustment',
      summary: 'A credit by hand',
      parameters: { event_id: 'adj:goodwill-1' },
      status: 200,
      answer: {
        event_id: 'adj:goodwill-1',
        status: 'posted',
        received_at: '2026-11-24T10:12:44.060Z',
        txn_id: 'txn_ab11b211ff8abcd86c790d85531603f5',
        period: '2026-11',
        amount_minor: '-25',
        price_version: null,
        proof: {
          period: '2026-11',
          lane: 16,
          seq: 1,
          page_hash: 'ef2d127de37b942baad06145e54b0c619a1f22327b2ebbcfbec78f5564afe39d',
        },
      },
    },
    {
      name: 'unknown',
      summary: 'An id that was never accepted',
      parameters: { event_id: 'api:never' },
      status: 404,
      answer: problemExample('not_found', 'There is nothing here that this credential can see.'),
    },
  ],
};
