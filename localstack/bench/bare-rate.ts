import { randomUUID } from 'node:crypto';
import type { RunningStack } from '../../test/support/stack.ts';
import { type AwsJson, awsJson } from '../embedded/engines/aws-json.ts';
import { DYNAMODB_SERVICE } from '../embedded/engines/dynamodb.ts';
import { SQS_SERVICE } from '../embedded/engines/sqs.ts';
import type { SentRequest } from './counting-proxy.ts';

/** The three requests in which the functions wrote one lone event, as they were on the wire. */
export interface RecordedWrites {
  readonly tenant: string;
  readonly put: SentRequest;
  readonly send: SentRequest;
  readonly transaction: SentRequest;
}

export interface BareRun {
  readonly eventsPerS: number;
  readonly transactionMs: readonly number[];
}

const QUEUE = 'bare.fifo';

/** Nobody else receives from the queue, so each receive finds the message just sent. */
const RECEIVE = { MaxNumberOfMessages: 1, WaitTimeSeconds: 1 };

/**
 * Repeats a lone event's writes against the engines of a running stack, with no function, gateway or SDK between: put
 * the intake record, send, receive, commit the transaction, delete. Every time for a tenant of its own, so that all keys
 * are new and all items as large as the recorded ones.
 */
export class BareEngines {
  readonly #dynamodb: AwsJson;
  readonly #sqs: AwsJson;
  readonly #writes: RecordedWrites;
  #queueUrl = '';
  #next = 0;

  constructor(stack: RunningStack, writes: RecordedWrites) {
    const { dynamodb, sqs } = stack.info().engines;
    this.#dynamodb = awsJson(dynamodb?.endpoint ?? '', DYNAMODB_SERVICE);
    this.#sqs = awsJson(sqs?.endpoint ?? '', SQS_SERVICE);
    this.#writes = { ...writes, transaction: asFirstOfItsLane(writes.transaction) };
  }

  async prepare(): Promise<void> {
    const input = { QueueName: QUEUE, Attributes: { FifoQueue: 'true' } };
    this.#queueUrl = ((await this.#sqs.call('CreateQueue', input)) as { QueueUrl: string }).QueueUrl;
  }

  /** @param connections how many events are under way at once */
  async run(events: number, connections: number): Promise<BareRun> {
    const last = this.#next + events;
    const transactionMs: number[] = [];
    const connection = async () => {
      while (this.#next < last) await this.#write(this.#next++, transactionMs);
    };
    const startMs = performance.now();
    await Promise.all(Array.from({ length: connections }, connection));
    return { eventsPerS: (events * 1_000) / (performance.now() - startMs), transactionMs };
  }

  async #write(number: number, transactionMs: number[]): Promise<void> {
    const { put, send, transaction } = this.#writes;
    const tenant = `bare${String(number).padStart(this.#writes.tenant.length - 'bare'.length, '0')}`;
    const QueueUrl = this.#queueUrl;
    await this.#dynamodb.call(put.operation, this.#for(tenant, put));
    await this.#sqs.call(send.operation, { ...this.#for(tenant, send), QueueUrl, MessageDeduplicationId: tenant });
    const { Messages = [] } = (await this.#sqs.call('ReceiveMessage', { QueueUrl, ...RECEIVE })) as {
      Messages?: readonly { ReceiptHandle: string }[];
    };
    const sentMs = performance.now();
    const ClientRequestToken = randomUUID();
    await this.#dynamodb.call(transaction.operation, { ...this.#for(tenant, transaction), ClientRequestToken });
    transactionMs.push(performance.now() - sentMs);
    const Entries = Messages.map(({ ReceiptHandle }, at) => ({ Id: String(at), ReceiptHandle }));
    if (Entries.length > 0) await this.#sqs.call('DeleteMessageBatch', { QueueUrl, Entries });
  }

  #for(tenant: string, { body }: SentRequest): object {
    return JSON.parse(body.replaceAll(this.#writes.tenant, tenant));
  }
}

/** The recorded page continues a lane; repeated for a new tenant it is its lane's first. */
function asFirstOfItsLane({ operation, body }: SentRequest): SentRequest {
  const input = JSON.parse(body) as {
    TransactItems: { Update?: { ConditionExpression: string; ExpressionAttributeValues: Record<string, unknown> } }[];
  };
  for (const { Update } of input.TransactItems) {
    if (Update === undefined) continue;
    Update.ConditionExpression = 'attribute_not_exists(closed_at) AND attribute_not_exists(next_seq)';
    delete Update.ExpressionAttributeValues[':seq'];
  }
  return { operation, body: JSON.stringify(input) };
}
