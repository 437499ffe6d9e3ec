import { webhookUsageSchema } from '../../ingest/usage-request.ts';
import type { Operation } from '../operation.ts';
import { problemExample } from '../problems.ts';
import { accepted } from './usage.ts';

const delivery = { event_id: 'delivery-1', metric: 'storage_gb_hour', quantity: 12 };
const answer = { accepted: true, event_id: 'wh:whk_alpha_meterco:delivery-1' };

/** Usage that a provider's system reports. */
export const webhookOperation: Operation = {
  route: 'webhookUsage',
  method: 'POST',
  access: 'webhook',
  id: 'acceptDelivery',
  tag: 'Usage',
  summary: 'Deliver one usage event, signed',
  description: [
    'As `POST /events`, for a system that signs what it delivers. The signature is of the raw bytes of the body, and ' +
      'whatever is wrong with it is the same 401. The tenant is the owner of the key: a `tenant` in the body is ignored.',
    'The delivery is known by its `event_id`: send it again, freshly signed, until it is answered.',
  ].join('\n\n'),
  body: { required: true, content: { 'application/json': webhookUsageSchema } },
  answers: { 202: accepted },
  problems: ['conflict'],
  examples: [
    { name: 'delivery', summary: 'Twelve gigabyte hours', body: delivery, status: 202, answer },
    { name: 'again', summary: 'The same delivery again: charged once', body: delivery, status: 202, answer },
    {
      name: 'conflict',
      summary: 'The same delivery id for another quantity',
      body: { ...delivery, quantity: 13 },
      status: 409,
      answer: problemExample('conflict', 'This id stands for another payload: use a new one for a new event.'),
    },
  ],
};
