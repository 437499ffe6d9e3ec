import * as z from 'zod';
import { ACCOUNTS } from '../../domain/journal.ts';
import { PERIOD_STATUSES } from '../../domain/period.ts';
import { receiptQuerySchema } from '../../read/receipt-query.ts';
import { statementQuerySchema } from '../../read/statement-query.ts';
import {
  currency,
  eventId,
  lane,
  minorUnits,
  moment,
  nextCursor,
  period,
  sha256,
  txnId,
  wholeNumber,
} from '../answer-fields.ts';
import type { Operation } from '../operation.ts';
import { problemExample } from '../problems.ts';

const seq = z.int().min(1).meta({ description: "The page's number in its lane, without gaps from 1." });

const place = { period, lane, seq, page_hash: sha256 };

const proofSchema = z.object(place).meta({
  id: 'Proof',
  description: 'The page of the journal that holds the entry: keep it, and no rewrite goes unseen.',
});

const account = z.enum(ACCOUNTS);

const fullProofSchema = z
  .object({
    ...place,
    tenant: z.string(),
    index: z.int().min(0).meta({ description: "The entry's place among `entry_hashes`, from 0." }),
    posted_at: moment('When the page was posted.'),
    prev_hash: sha256.meta({ description: 'The hash of the page before.' }),
    totals: z
      .record(account, minorUnits('The sum.'))
      .meta({ description: "The lane's totals per account, up to and including this page." }),
    entry: z.object({
      event_id: eventId,
      txn_id: txnId,
      kind: z.enum(['usage', 'adjustment']),
      metric: z.string().nullable(),
      quantity: wholeNumber('Null on an adjustment.').nullable(),
      event_date: moment('When it happened, as far as anyone knows.'),
      price_version: z.int().min(1).nullable(),
      postings: z.array(z.object({ account, amount_minor: minorUnits('A debit is positive, a credit negative.') })),
    }),
    entry_hashes: z.array(sha256).meta({ description: 'Of every entry of the page, in its order.' }),
    links: z
      .object({
        from_seq: seq,
        hashes: z.array(sha256).meta({ description: 'The content hashes of the pages from `from_seq` on.' }),
        next_seq: seq
          .optional()
          .meta({ description: 'The first page that did not fit: ask again with it as `from_seq`.' }),
      })
      .optional()
      .meta({ description: 'Leads from this page to a later, anchored one; with `to_seq`.' }),
  })
  .meta({ id: 'FullProof', description: 'All that the entry can be proven with offline, against an anchor.' });

const receiptBase = { event_id: eventId, received_at: moment('When it was accepted.') };

const receiptSchema = z
  .discriminatedUnion('status', [
    z.object({
      ...receiptBase,
      status: z.literal('accepted').meta({ description: 'Not settled yet: ask again in a moment.' }),
      reason: z.string().optional().meta({ description: 'Why it takes longer, if it does.' }),
    }),
    z.object({
      ...receiptBase,
      status: z.literal('posted').meta({ description: 'Charged, once and for ever.' }),
      txn_id: txnId,
      period,
      amount_minor: minorUnits('What it was charged.'),
      price_version: z.int().min(1).nullable().meta({
        description: 'The price book it was rated at; null on an adjustment.',
      }),
      proof: z.union([fullProofSchema, proofSchema]),
    }),
    z.object({
      ...receiptBase,
      status: z.literal('refused').meta({ description: 'It can never be charged, for this reason.' }),
      reason: z.string(),
    }),
  ])
  .meta({ id: 'Receipt', description: 'What became of an accepted event.' });

const balanceSchema = z
  .object({ balance_minor: minorUnits('What the tenant owes, over all time.'), currency })
  .meta({ id: 'Balance' });

const statementLineSchema = z
  .object({
    txn_id: txnId,
    kind: z.enum(['usage', 'adjustment']),
    metric: z.string().nullable().meta({ description: 'Null on an adjustment.' }),
    quantity: wholeNumber('Null on an adjustment.').nullable(),
    event_date: moment('When it happened, as far as anyone knows.'),
    posted_at: moment('When it was posted.'),
    amount_minor: minorUnits('What it adds to the balance: negative for a credit.'),
  })
  .meta({ id: 'StatementLine' });

const statementSchema = z
  .object({
    period,
    status: z.enum(PERIOD_STATUSES).meta({ description: 'A closed month never changes.' }),
    currency,
    lines: z.array(statementLineSchema).meta({ description: 'Oldest first.' }),
    total_minor: minorUnits("The whole month's, whichever page this is."),
    next_cursor: nextCursor,
  })
  .meta({ id: 'Statement' });

/** Reading what was charged. */
export const ledgerOperations: readonly Operation[] = [
  {
    route: 'event',
    method: 'GET',
    access: 'tenant',
    id: 'getReceipt',
    tag: 'Ledger',
    summary: 'See what became of an event',
    description:
      'The receipt of an accepted event: still `accepted`, `posted` with the entry, its amount and the page that proves ' +
      "it, or `refused` with a reason. An id nobody sent, and another tenant's, is a 404.\n\n" +
      'With `proof=full` the receipt carries all that its entry can be proven with offline, against an anchor of the ledger.',
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
        answer: {
          event_id: 'api:first',
          status: 'posted',
          received_at: '2026-11-24T09:30:00.125Z',
          txn_id: 'txn_2d54d45b76eeac71b4d711cca4a11924',
          period: '2026-11',
          amount_minor: '100',
          price_version: 1,
          proof: {
            period: '2026-11',
            lane: 15,
            seq: 1,
            page_hash: '8b1a9953c4611296a827abf8c47804d7e6c49c6ba5f0b1b64b5b8e2a8f1c3d4e',
          },
        },
      },
      {
        name: 'full_proof',
        summary: 'With all that it can be proven with',
        parameters: { event_id: 'api:first', proof: 'full', to_seq: '1' },
        status: 200,
        answer: {
          event_id: 'api:first',
          status: 'posted',
          received_at: '2026-11-24T09:30:00.125Z',
          txn_id: 'txn_2d54d45b76eeac71b4d711cca4a11924',
          period: '2026-11',
          amount_minor: '100',
          price_version: 1,
          proof: {
            period: '2026-11',
            lane: 15,
            seq: 1,
            page_hash: '8b1a9953c4611296a827abf8c47804d7e6c49c6ba5f0b1b64b5b8e2a8f1c3d4e',
            tenant: 'tenant_alpha',
            index: 0,
            posted_at: '2026-11-24T09:30:00.310Z',
            prev_hash: '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae',
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
            entry_hashes: ['fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9'],
            links: { from_seq: 2, hashes: [] },
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
  },
  {
    route: 'balance',
    method: 'GET',
    access: 'tenant',
    id: 'getBalance',
    tag: 'Ledger',
    summary: 'See what the tenant owes',
    description: 'The sum of all charges and adjustments ever posted.',
    answers: { 200: { description: 'The balance.', schema: balanceSchema } },
    problems: [],
    examples: [
      {
        name: 'balance',
        summary: 'After the first charge',
        status: 200,
        answer: { balance_minor: '100', currency: 'USD' },
      },
    ],
  },
  {
    route: 'statement',
    method: 'GET',
    access: 'tenant',
    id: 'getStatement',
    tag: 'Ledger',
    summary: "List a month's charges",
    description:
      "One UTC month's lines, oldest first, with its total. The pages of one listing agree with each other and the total, " +
      'whatever is posted meanwhile. Two reads of a closed month are the same to the byte, for ever.',
    query: statementQuerySchema,
    answers: { 200: { description: 'A page of the statement.', schema: statementSchema } },
    problems: [],
    examples: [
      {
        name: 'this_month',
        summary: 'This month, after the first charge',
        status: 200,
        answer: {
          period: '2026-11',
          status: 'open',
          currency: 'USD',
          lines: [
            {
              txn_id: 'txn_2d54d45b76eeac71b4d711cca4a11924',
              kind: 'usage',
              metric: 'api_call',
              quantity: '100',
              event_date: '2026-11-24T09:30:00.125Z',
              posted_at: '2026-11-24T09:30:00.310Z',
              amount_minor: '100',
            },
          ],
          total_minor: '100',
        },
      },
      {
        name: 'idle_month',
        summary: 'A month without charges',
        parameters: { period: '2020-02', limit: '10' },
        status: 200,
        answer: { period: '2020-02', status: 'open', currency: 'USD', lines: [], total_minor: '0' },
      },
    ],
  },
];
