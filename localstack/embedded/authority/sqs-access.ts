import { type Access, noContext, UnreadableRequest } from './access.ts';

/** SQS has no actions of their own for its batches (Service Authorization Reference, "Amazon SQS"). */
const BATCH = /Batch$/;

interface Request {
  readonly QueueUrl?: string;
  readonly QueueName?: string;
}

/** What a request of SQS does. Throws an `UnreadableRequest` where it names no queue. */
export function sqsAccess(operation: string, body: string, place: { queueArn(name: string): string }): Access[] {
  const { QueueUrl, QueueName } = parsed(body);
  const name = QueueUrl === undefined ? QueueName : QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1);
  if (name === undefined) throw new UnreadableRequest(`${operation} names no queue`);
  const action = `sqs:${operation.replace(BATCH, '')}`;
  return [{ action, resource: place.queueArn(name), context: noContext }];
}

function parsed(body: string): Request {
  try {
    return (JSON.parse(body) ?? {}) as Request;
  } catch {
    throw new UnreadableRequest('its body is not JSON');
  }
}
