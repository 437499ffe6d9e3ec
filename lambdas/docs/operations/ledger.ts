import * as z from 'zod';
import { PERIOD_STATUSES } from '../../domain/period.ts';
import { statementQuerySchema } from '../../read/statement-query.ts';
import { usageQuerySchema } from '../../read/usage-query.ts';
import {
  currency,
  entryKind,
  eventId,
  minorUnits,
  moment,
  nextCursor,
  period,
  txnId,
  wholeNumber,
} from '../answer-fields.ts';
import type { Operation } from '../operation.ts';

const balanceSchema = z
  .object({ balance_minor: minorUnits('What the tenant owes, over all time.'), currency })
  .meta({ id: 'Balance' });

const statementLineSchema = z
  .object({
    event_id: eventId
      .optional()
      .meta({ description: 'With `include=event_id`: `GET /events/{event_id}` is its receipt.' }),
    txn_id: txnId,
    kind: entryKind,
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

const bucketSchema = z.object({
  start: moment('When the bucket begins, in UTC.'),
  quantity: wholeNumber('How much was used.'),
  amount_minor: minorUnits('What it was charged.'),
});

const usageSchema = z
  .object({
    series: z.array(bucketSchema).meta({ description: 'Oldest first.' }),
    metrics: z
      .array(
        z.object({
          metric: z.string().meta({ description: 'A metric of any price book.' }),
          series: z.array(bucketSchema).meta({ description: 'Its buckets with usage, oldest first.' }),
        }),
      )
      .optional()
      .meta({ description: 'With `group_by=metric`: what `series` adds up, metric by metric, those with usage.' }),
    as_of: moment('Everything posted before this is counted.'),
  })
  .meta({ id: 'Usage' });

/** Reading what was charged, in sum and line by line. */
export const ledgerOperations: readonly Operation[] = [
  {
    route: 'balance',
    method: 'GET',
    access: 'tenant',
    scope: 'ledger:read',
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
    scope: 'ledger:read',
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
        name: 'with_event_ids',
        summary: 'With the event behind each line',
        parameters: { include: 'event_id' },
        status: 200,
        answer: {
          period: '2026-11',
          status: 'open',
          currency: 'USD',
          lines: [
            {
              event_id: 'api:first',
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
  {
    route: 'usage',
    method: 'GET',
    access: 'tenant',
    scope: 'ledger:read',
    id: 'getUsage',
    tag: 'Ledger',
    summary: 'Chart usage over time',
    description:
      'Quantity and amount by hour, day or month of the date on which usage happened, whatever month it was charged in. ' +
      'Eventually consistent, a second or so behind: everything posted before `as_of` is in it.',
    query: usageQuerySchema,
    answers: { 200: { description: 'Every bucket of the span, also an empty one.', schema: usageSchema } },
    problems: [],
    examples: [
      {
        name: 'this_month',
        summary: "This month's API calls",
        parameters: { metric: 'api_call', granularity: 'month' },
        status: 200,
        answer: {
          series: [{ start: '2026-11-01T00:00:00.000Z', quantity: '100', amount_minor: '100' }],
          as_of: '2026-11-24T09:30:01.000Z',
        },
      },
      {
        name: 'by_metric',
        summary: 'This month, metric by metric',
        parameters: { granularity: 'month', group_by: 'metric' },
        status: 200,
        answer: {
          series: [{ start: '2026-11-01T00:00:00.000Z', quantity: '100', amount_minor: '100' }],
          metrics: [
            {
              metric: 'api_call',
              series: [{ start: '2026-11-01T00:00:00.000Z', quantity: '100', amount_minor: '100' }],
            },
          ],
          as_of: '2026-11-24T09:30:01.000Z',
        },
      },
    ],
  },
];
