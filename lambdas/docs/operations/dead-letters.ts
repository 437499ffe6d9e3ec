import * as z from 'zod';
import { deadLetterQuerySchema } from '../../reconcile/dead-letters/query.ts';
import { redriveRequestSchema } from '../../reconcile/dead-letters/redrive-request.ts';
import { eventId, moment, nextCursor, tenant } from '../answer-fields.ts';
import type { Operation } from '../operation.ts';
import { problemExample } from '../problems.ts';

const failed = {
  reason: z.string().meta({ description: 'Why it was not posted.' }),
  first_failed_at: moment('When that was first so.'),
  last_failed_at: moment('When it was last so.'),
  attempts: z.int().min(1).meta({ description: 'How often it was tried.' }),
};

const deadLetterSchema = z
  .discriminatedUnion('status', [
    z.object({
      tenant,
      event_id: eventId,
      status: z.enum(['refused', 'undelivered', 'given_up']).meta({
        description:
          '`refused`: it can never be posted as it is. `undelivered`: the sweep will try it again. `given_up`: the sweep has ' +
          'tried it often enough.',
      }),
      ...failed,
    }),
    z.object({
      tenant: z.null(),
      event_id: z.null(),
      message_id: z.string().meta({ description: 'Of the message in the queue.' }),
      status: z.literal('unreadable').meta({ description: 'A message from which no event could be read.' }),
      ...failed,
    }),
  ])
  .meta({ id: 'DeadLetter' });

const listSchema = z
  .object({
    dead_letters: z.array(deadLetterSchema).meta({ description: 'One each event, or message.' }),
    next_cursor: nextCursor,
  })
  .meta({ id: 'DeadLetters' });

const redriveSchema = z
  .object({
    results: z
      .array(
        z.object({
          event_id: eventId,
          status: z.enum(['redriven', 'already_posted', 'unknown', 'damaged', 'not_sent']).meta({
            description:
              '`redriven`: it is on its way again. `already_posted`: nothing to do, and nothing charged. `unknown`: nothing was ' +
              'accepted under this id. `damaged`: its record is not what was accepted, so reconcile it first. `not_sent`: the ' +
              'queue did not take it, so ask again.',
          }),
        }),
      )
      .meta({ description: 'One each event, in the order of the request.' }),
  })
  .meta({ id: 'Redriven' });

/** What could not be posted, and another try. */
export const deadLetterOperations: readonly Operation[] = [
  {
    route: 'deadLetters',
    method: 'GET',
    access: 'admin',
    id: 'listDeadLetters',
    tag: 'Proof',
    summary: 'List what could not be posted',
    description:
      'Accepted events that were refused or could not be delivered, with the reason, the first and the last failure; one ' +
      "tenant's by time, or everybody's in no order. What has been posted since is not listed. A page may be shorter than " +
      '`limit`, even empty: go on while there is a `next_cursor`.',
    query: deadLetterQuerySchema,
    answers: { 200: { description: 'A page of them.', schema: listSchema } },
    problems: [],
    examples: [
      {
        name: 'none',
        summary: 'A tenant without any',
        parameters: { tenant: 'tenant_alpha' },
        status: 200,
        answer: { dead_letters: [] },
      },
      {
        name: 'refused',
        summary: 'An event whose price was missing',
        parameters: { tenant: 'tenant_beta' },
        status: 200,
        answer: {
          dead_letters: [
            {
              tenant: 'tenant_beta',
              event_id: 'api:unpriced-1',
              status: 'refused',
              reason: 'the price book it was accepted under has no price for its metric',
              first_failed_at: '2026-11-24T10:40:12.918Z',
              last_failed_at: '2026-11-24T10:40:12.918Z',
              attempts: 1,
            },
          ],
        },
      },
    ],
  },
  {
    route: 'deadLettersRedrive',
    method: 'POST',
    access: 'admin',
    id: 'redriveDeadLetters',
    tag: 'Proof',
    summary: 'Try events again',
    description:
      "Sends a tenant's events to the consumer again, as they were accepted. What is posted already is charged nothing, " +
      'however often it is redriven.',
    body: { required: true, content: { 'application/json': redriveRequestSchema } },
    answers: { 200: { description: 'What became of the wish, event by event.', schema: redriveSchema } },
    problems: [],
    examples: [
      {
        name: 'redrive',
        summary: 'One that was refused, and one that nobody sent',
        body: { tenant: 'tenant_beta', event_ids: ['api:unpriced-1', 'api:never'] },
        status: 200,
        answer: {
          results: [
            { event_id: 'api:unpriced-1', status: 'redriven' },
            { event_id: 'api:never', status: 'unknown' },
          ],
        },
      },
      {
        name: 'posted',
        summary: 'One that is posted already',
        body: { tenant: 'tenant_alpha', event_ids: ['api:first'] },
        status: 200,
        answer: { results: [{ event_id: 'api:first', status: 'already_posted' }] },
      },
      {
        name: 'none',
        summary: 'No event at all',
        body: { tenant: 'tenant_alpha', event_ids: [] },
        status: 400,
        answer: problemExample('malformed', 'event_ids: must be a list of 1 to 100 event ids', [
          { field: 'event_ids', message: 'must be a list of 1 to 100 event ids' },
        ]),
      },
    ],
  },
];
