import * as z from 'zod';
import { adjustmentRequestSchema } from '../../admin/adjustment-request.ts';
import { closeRequestSchema } from '../../admin/close-request.ts';
import { period, tenant } from '../answer-fields.ts';
import type { Operation } from '../operation.ts';
import { problemExample } from '../problems.ts';
import { accepted } from './usage.ts';

const goodwill = {
  tenant: 'tenant_alpha',
  amount_minor: -25,
  idempotency_key: 'goodwill-1',
  reason: 'Goodwill for the outage of 3 November',
};

const closedSchema = z.object({ closed: z.literal(true), tenant, period }).meta({ id: 'Closed' });

/** Correcting and closing a tenant's books. */
export const booksOperations: readonly Operation[] = [
  {
    route: 'adjustments',
    method: 'POST',
    access: 'admin',
    id: 'acceptAdjustment',
    tag: 'Administration',
    summary: 'Credit or charge a tenant by hand',
    description:
      'Posted once, like usage, into this month or the next open one; nothing posted before is changed. The same ' +
      '`idempotency_key` with the same payload is one adjustment, however often it comes.',
    body: { required: true, content: { 'application/json': adjustmentRequestSchema } },
    answers: { 202: accepted },
    problems: ['conflict'],
    examples: [
      {
        name: 'credit',
        summary: 'A credit of 25 cents',
        body: goodwill,
        status: 202,
        answer: { accepted: true, event_id: 'adj:goodwill-1' },
      },
      {
        name: 'conflict',
        summary: 'The same key for another amount',
        body: { ...goodwill, amount_minor: -50 },
        status: 409,
        answer: problemExample(
          'conflict',
          'This idempotency key stands for another adjustment: use a new key for a new one.',
        ),
      },
      {
        name: 'unknown_tenant',
        summary: 'A tenant that does not exist',
        body: { ...goodwill, tenant: 'tenant_nobody' },
        status: 400,
        answer: problemExample('malformed', 'tenant: must be a tenant that exists', [
          { field: 'tenant', message: 'must be a tenant that exists' },
        ]),
      },
    ],
  },
  {
    route: 'periodsClose',
    method: 'POST',
    access: 'admin',
    id: 'closePeriod',
    tag: 'Administration',
    summary: "Close a tenant's month",
    description: [
      'Nothing is posted to the month any more, and what it came to is sealed. Usage that comes late books into the next ' +
        'open month and keeps its date. Any month up to next month may be closed, in any order.',
      'Of many who close a month at once one is answered 200. After a 503 send the same request again: a close that was ' +
        'begun goes on where it stopped.',
    ].join('\n\n'),
    body: { required: true, content: { 'application/json': closeRequestSchema } },
    answers: { 200: { description: 'The month is closed, for ever.', schema: closedSchema } },
    problems: ['period_closed'],
    examples: [
      {
        name: 'close',
        summary: 'Close October',
        body: { tenant: 'tenant_alpha', period: '2026-10' },
        status: 200,
        answer: { closed: true, tenant: 'tenant_alpha', period: '2026-10' },
      },
      {
        name: 'again',
        summary: 'A month that is closed already',
        body: { tenant: 'tenant_alpha', period: '2026-10' },
        status: 409,
        answer: problemExample('period_closed', '2026-10 of tenant_alpha is closed already.'),
      },
      {
        name: 'too_late',
        summary: 'A month that is too far ahead',
        body: { tenant: 'tenant_alpha', period: '9999-12' },
        status: 400,
        answer: problemExample('malformed', 'period: must be at the latest next month', [
          { field: 'period', message: 'must be at the latest next month' },
        ]),
      },
    ],
  },
];
