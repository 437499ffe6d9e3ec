import { setTimeout as sleep } from 'node:timers/promises';
import type { AwsJson } from '../engines/aws-json.ts';
import type { FunctionPool } from '../functions/pool.ts';
import { failedMessages } from './batch-response.ts';
import { type SqsMessage, sqsRecord } from './sqs-record.ts';
import type { Trigger } from './trigger.ts';

/** SQS's longest long poll. */
const WAIT_SECONDS = 20;

/** After a failed call: the engine is being restarted, which takes about this long. */
const RETRY_AFTER_MS = 200;

/** How long stopping waits for batches under way; what is not settled then is delivered again. */
const STOP_TIMEOUT_MS = 2_000;

export interface QueuePollerOptions {
  readonly sqs: AwsJson;
  readonly queue: { readonly url: string; readonly arn: string; readonly region: string };
  readonly pool: FunctionPool;
  readonly batchSize: number;
  /** Batches at once; each poller has one under way. */
  readonly concurrency: number;
  readonly reportsFailures: boolean;
}

/** An SQS event source: receives batches, invokes the function with each, deletes what it did not report as failed. */
export class QueuePoller implements Trigger {
  readonly #options: QueuePollerOptions;
  readonly #stopping = new AbortController();
  #pollers: Promise<void>[] = [];

  constructor(options: QueuePollerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#pollers = Array.from({ length: this.#options.concurrency }, () => this.#poll());
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.race([Promise.all(this.#pollers), sleep(STOP_TIMEOUT_MS, undefined, { ref: false })]);
  }

  async #poll(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      try {
        const messages = await this.#receive();
        if (messages.length > 0) await this.#process(messages);
      } catch {
        if (!this.#stopping.signal.aborted) await sleep(RETRY_AFTER_MS);
      }
    }
  }

  async #receive(): Promise<readonly SqsMessage[]> {
    const { sqs, queue, batchSize } = this.#options;
    const input = {
      QueueUrl: queue.url,
      MaxNumberOfMessages: batchSize,
      WaitTimeSeconds: WAIT_SECONDS,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    };
    const { Messages = [] } = (await sqs.call('ReceiveMessage', input, this.#stopping.signal)) as {
      Messages?: readonly SqsMessage[];
    };
    return Messages;
  }

  async #process(messages: readonly SqsMessage[]): Promise<void> {
    const { sqs, queue, pool, reportsFailures } = this.#options;
    const outcome = await pool.invoke({ Records: messages.map((message) => sqsRecord(message, queue)) });
    const ids = messages.map(({ MessageId }) => MessageId);
    const failed = failedMessages(outcome, ids, reportsFailures);
    const done = messages.filter(({ MessageId }) => !failed.has(MessageId));
    if (done.length === 0) return;
    const Entries = done.map(({ ReceiptHandle }, at) => ({ Id: String(at), ReceiptHandle }));
    await sqs.call('DeleteMessageBatch', { QueueUrl: queue.url, Entries });
  }
}
