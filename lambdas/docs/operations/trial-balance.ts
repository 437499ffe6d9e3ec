import * as z from 'zod';
import { trialBalanceQuerySchema } from '../../admin/trial-balance-query.ts';
import { minorUnits, period, tenant, totals } from '../answer-fields.ts';
import type { Operation } from '../operation.ts';

const trialBalanceSchema = z
  .object({
    tenant: tenant.nullable().meta({ description: 'Null: all tenants together.' }),
    period: period.nullable().meta({ description: 'Null: all time.' }),
    totals_minor: totals.meta({ description: 'By account: a debit is positive, a credit negative.' }),
    sum_minor: minorUnits('The sum of all accounts: always 0.'),
    entry_count: z.int().min(0).meta({ description: 'How many journal entries the totals are of.' }),
  })
  .meta({ id: 'TrialBalance' });

/** What all postings come to. */
export const trialBalanceOperation: Operation = {
  route: 'trialBalance',
  method: 'GET',
  access: 'admin',
  id: 'getTrialBalance',
  tag: 'Administration',
  summary: 'Add up the books',
  description:
    'The totals of every account, which net to zero, of one tenant or all, in one month or all. All tenants together may be ' +
    'more than can be added up in one answer: a 503 says so.',
  query: trialBalanceQuerySchema,
  answers: { 200: { description: 'The totals.', schema: trialBalanceSchema } },
  problems: [],
  examples: [
    {
      name: 'tenant',
      summary: "All of one tenant's books",
      parameters: { tenant: 'tenant_alpha' },
      status: 200,
      answer: {
        tenant: 'tenant_alpha',
        period: null,
        totals_minor: { receivable: '208', revenue: '-233', adjustments: '25' },
        sum_minor: '0',
        entry_count: 10,
      },
    },
    {
      name: 'idle_month',
      summary: 'A month in which nothing was posted',
      parameters: { period: '2020-02' },
      status: 200,
      answer: {
        tenant: null,
        period: '2020-02',
        totals_minor: { receivable: '0', revenue: '0', adjustments: '0' },
        sum_minor: '0',
        entry_count: 0,
      },
    },
  ],
};
