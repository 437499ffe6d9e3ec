import * as z from 'zod';
import { usageRequestSchema } from '../../ingest/usage-request.ts';
import { eventId } from '../answer-fields.ts';
import type { Operation, Success } from '../operation.ts';
import { problemExample } from '../problems.ts';

/** What hands something in is answered. */
export const accepted: Success = {
  description: 'Accepted, and durable: it is charged once, or refused with a reason that its receipt tells.',
  schema: z
    .object({ accepted: z.literal(true), event_id: eventId })
    .meta({ id: 'Accepted', description: 'An event that is certain to settle.' }),
};

const firstEvent = { tenant: 'tenant_alpha', metric: 'api_call', quantity: 100, idempotency_key: 'first' };
const firstAnswer = { accepted: true, event_id: 'api:first' };

/** Handing usage in. */
export const usageOperations: readonly Operation[] = [
  {
    route: 'events',
    method: 'POST',
    access: 'tenant',
    scope: 'usage:write',
    id: 'acceptUsage',
    tag: 'Usage',
    summary: 'Report one usage event',
    description: [
      'Charges a tenant for what it used, exactly once. Choose an `idempotency_key` for the event and send the same ' +
        'request until it is answered: a key with the same payload is one event, however often it comes and however late.',
      'The charge is posted a moment later; `GET /events/{event_id}` tells what became of it. It books into the month it ' +
        'happened in or was accepted in, whichever is later, or the next open one. Unknown fields are ignored.',
    ].join('\n\n'),
    body: { required: true, content: { 'application/json': usageRequestSchema } },
    answers: { 202: accepted },
    problems: ['forbidden', 'conflict'],
    examples: [
      {
        name: 'charge',
        summary: 'A hundred API calls',
        body: firstEvent,
        status: 202,
        answer: firstAnswer,
      },
      {
        name: 'replay',
        summary: 'The same event again: the same answer, and no second charge',
        body: firstEvent,
        status: 202,
        answer: firstAnswer,
      },
      {
        name: 'conflict',
        summary: 'The same key for another quantity',
        body: { ...firstEvent, quantity: 200 },
        status: 409,
        answer: problemExample('conflict', 'This id stands for another payload: use a new one for a new event.'),
      },
      {
        name: 'invalid',
        summary: 'Half an API call',
        body: { ...firstEvent, quantity: 0.5, idempotency_key: 'half' },
        status: 400,
        answer: problemExample('malformed', 'quantity: must be an integer from 1 to 1000000000000', [
          { field: 'quantity', message: 'must be an integer from 1 to 1000000000000' },
        ]),
      },
      {
        name: 'another_tenant',
        summary: "Usage of a tenant that is not the token's",
        body: { ...firstEvent, tenant: 'tenant_beta' },
        status: 403,
        answer: problemExample('forbidden', 'Use the token of the tenant you send usage for.'),
      },
    ],
  },
];
