import * as z from 'zod';
import { BATCH_BODY_MAX_BYTES, BATCH_EVENTS_MAX } from '../../http/limits.ts';
import { cloudEventSchema, usageRequestSchema } from '../../ingest/usage-request.ts';
import { eventId } from '../answer-fields.ts';
import type { Operation } from '../operation.ts';
import { problemExample, problemSchema } from '../problems.ts';

const BYTES_PER_MIB = 1_048_576;

const index = z.int().min(0).meta({ description: 'The place in the batch, from 0.' });

const answerSchema = z
  .object({
    accepted: z.int().min(0).meta({ description: 'How many events are certain to settle.' }),
    rejected: z.int().min(0).meta({ description: 'How many are not.' }),
    results: z
      .array(
        z.union([
          z.object({ index, status: z.literal(202), event_id: eventId }),
          z.object({
            index,
            status: z.literal([400, 403, 409, 503]),
            event_id: eventId.optional().meta({ description: 'Absent when the event could not be read.' }),
            problem: problemSchema,
          }),
        ]),
      )
      .meta({ description: 'What became of each event, in the order of the batch.' }),
  })
  .meta({ id: 'BatchAnswer' });

function event(key: string, quantity: number) {
  return { tenant: 'tenant_alpha', metric: 'api_call', quantity, idempotency_key: key };
}

function cloudEvent(id: string) {
  return { specversion: '1.0', id, source: '/meters/7', type: 'storage_gb_hour', data: { quantity: 1 } };
}

const CONFLICT = 'This id stands for another payload: use a new one for a new event.';

function both(first: string, second: string) {
  const results = [first, second].map((key, place) => ({ index: place, status: 202, event_id: `api:${key}` }));
  return { accepted: 2, rejected: 0, results };
}

/** Usage by the thousand. */
export const batchOperation: Operation = {
  route: 'eventsBatch',
  method: 'POST',
  access: 'tenant',
  scope: 'usage:write',
  id: 'acceptBatch',
  tag: 'Usage',
  summary: 'Report many usage events at once',
  description: [
    `From 1 to ${BATCH_EVENTS_MAX} events in ${BATCH_BODY_MAX_BYTES / BYTES_PER_MIB} MiB, each accepted or refused for itself as ` +
      'by `POST /events`: one that is refused never sinks the others. The same id twice in a batch is a replay or a conflict ' +
      'as ever.',
    'The answer is 202 when all were accepted, 207 when any was not. Send those of status 503 again; sending the whole batch ' +
      'again is just as safe.',
  ].join('\n\n'),
  body: {
    required: true,
    content: {
      'application/json': z.array(usageRequestSchema).min(1).max(BATCH_EVENTS_MAX),
      'application/x-ndjson': z.string().meta({ description: 'The same events, as JSON on a line each.' }),
      'application/cloudevents-batch+json': z.array(cloudEventSchema).min(1).max(BATCH_EVENTS_MAX),
    },
  },
  answers: {
    202: { description: 'All were accepted.', schema: answerSchema },
    207: { description: 'Some were refused: each result says why.', schema: answerSchema },
  },
  problems: [],
  examples: [
    {
      name: 'json',
      summary: 'Two events as a JSON array',
      contentType: 'application/json',
      body: [event('batch-1', 10), event('batch-2', 20)],
      status: 202,
      answer: both('batch-1', 'batch-2'),
    },
    {
      name: 'ndjson',
      summary: 'Two events on a line each',
      contentType: 'application/x-ndjson',
      body: `${JSON.stringify(event('line-1', 1))}\n${JSON.stringify(event('line-2', 2))}\n`,
      status: 202,
      answer: both('line-1', 'line-2'),
    },
    {
      name: 'cloudevents',
      summary: 'Two CloudEvents',
      contentType: 'application/cloudevents-batch+json',
      body: ['cloud-1', 'cloud-2'].map(cloudEvent),
      status: 202,
      answer: both('cloud-1', 'cloud-2'),
    },
    {
      name: 'some_refused',
      summary: 'A new event, and one whose key stands for another quantity',
      contentType: 'application/json',
      body: [event('batch-3', 30), event('batch-1', 11)],
      status: 207,
      answer: {
        accepted: 1,
        rejected: 1,
        results: [
          { index: 0, status: 202, event_id: 'api:batch-3' },
          { index: 1, status: 409, event_id: 'api:batch-1', problem: problemExample('conflict', CONFLICT) },
        ],
      },
    },
    {
      name: 'empty',
      summary: 'A batch of nothing',
      contentType: 'application/json',
      body: [],
      status: 400,
      answer: problemExample('malformed', `body: must hold 1 to ${BATCH_EVENTS_MAX} events`, [
        { field: 'body', message: `must hold 1 to ${BATCH_EVENTS_MAX} events` },
      ]),
    },
  ],
};
