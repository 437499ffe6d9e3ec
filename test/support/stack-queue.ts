import {
  GetQueueAttributesCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { QueueMessage } from '../../lambdas/storage/queue-sender.ts';
import type { RunningStack } from './stack.ts';

/** SQS's limit for one SendMessageBatch. */
const BATCH_MAX = 10;

/** A queue of the running stack, by the short form of its logical id, for messages sent past the product. */
export class StackQueue {
  readonly #client: SQSClient;
  readonly #url: string;

  constructor(stack: RunningStack, label: string) {
    const endpoint = stack.info().engines.sqs?.endpoint ?? '';
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    this.#client = new SQSClient({ endpoint, region: stack.info().region, credentials });
    this.#url = stack.queueUrl(label);
  }

  async send(message: QueueMessage, attributes: Readonly<Record<string, string>> = {}): Promise<void> {
    const MessageAttributes = Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
    );
    await this.#client.send(new SendMessageCommand({ QueueUrl: this.#url, ...message, MessageAttributes }));
  }

  async sendAll(messages: readonly QueueMessage[]): Promise<void> {
    for (let start = 0; start < messages.length; start += BATCH_MAX) {
      const some = messages.slice(start, start + BATCH_MAX);
      const Entries = some.map((message, index) => ({ Id: String(index), ...message }));
      const { Failed = [] } = await this.#client.send(new SendMessageBatchCommand({ QueueUrl: this.#url, Entries }));
      if (Failed.length > 0) throw new Error(`Not sent: ${JSON.stringify(Failed[0])}`);
    }
  }

  /** Holds every message back for so long, as an outage of the consumer does; 0 lets them all go. */
  async holdBack(seconds: number): Promise<void> {
    const Attributes = { DelaySeconds: String(seconds) };
    await this.#client.send(new SetQueueAttributesCommand({ QueueUrl: this.#url, Attributes }));
  }

  /** Messages that wait, are held back or are being worked on. */
  async depth(): Promise<number> {
    const command = new GetQueueAttributesCommand({ QueueUrl: this.#url, AttributeNames: ['All'] });
    const { Attributes = {} } = await this.#client.send(command);
    const names = ['', 'NotVisible', 'Delayed'] as const;
    return names.reduce((sum, name) => sum + Number(Attributes[`ApproximateNumberOfMessages${name}`] ?? 0), 0);
  }
}
