import { randomUUID } from 'node:crypto';
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageCommand,
  type SendMessageCommandInput,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll } from 'vitest';
import { type QueueEngineProcess, startQueueEngine } from './queue-engine.ts';

/** Long enough that no message becomes visible again by itself during a test. */
export const NEVER_SECONDS = '600';

type QueueType = 'fifo' | 'standard';

/** One attempt a call, so that nothing the engine does wrong is retried away. */
export function clientOf({ url }: QueueEngineProcess): SQSClient {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return new SQSClient({ endpoint: url, region: 'us-east-1', credentials, maxAttempts: 1 });
}

/** Starts one engine for the tests of a file, and ends it after them. */
export function useQueueEngine() {
  let engine: QueueEngineProcess;
  let sqs: SQSClient;
  beforeAll(async () => {
    engine = await startQueueEngine();
    sqs = clientOf(engine);
  });
  afterAll(() => {
    sqs.destroy();
    engine.process.kill();
  });
  return {
    get sqs() {
      return sqs;
    },
    createQueue: (attributes: Record<string, string> = {}, type: QueueType = 'fifo') =>
      TestQueue.create(sqs, attributes, type),
  };
}

/** A queue of its own for each test, driven through the SDK. */
export class TestQueue {
  readonly url: string;
  readonly name: string;
  readonly #sqs: SQSClient;

  private constructor(sqs: SQSClient, name: string, url: string) {
    this.#sqs = sqs;
    this.name = name;
    this.url = url;
  }

  static async create(sqs: SQSClient, attributes: Record<string, string>, type: QueueType): Promise<TestQueue> {
    const name = `q-${randomUUID()}${type === 'fifo' ? '.fifo' : ''}`;
    const fifo: Record<string, string> = type === 'fifo' ? { FifoQueue: 'true' } : {};
    const Attributes = { VisibilityTimeout: NEVER_SECONDS, ...fifo, ...attributes };
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes }));
    return new TestQueue(sqs, name, QueueUrl);
  }

  /** Sends to group `group`, each body under a deduplication id of its own. */
  send(body: string, group = 'g', more: Partial<SendMessageCommandInput> = {}) {
    const ids = this.name.endsWith('.fifo') ? { MessageGroupId: group, MessageDeduplicationId: randomUUID() } : {};
    return this.#sqs.send(new SendMessageCommand({ QueueUrl: this.url, MessageBody: body, ...ids, ...more }));
  }

  async sendAll(bodies: string[], group = 'g'): Promise<void> {
    for (const body of bodies) await this.send(body, group);
  }

  /** Receives up to 10, without waiting. */
  async receive(more: Partial<ReceiveMessageCommandInput> = {}, abortSignal?: AbortSignal): Promise<Message[]> {
    const input = { QueueUrl: this.url, MaxNumberOfMessages: 10, WaitTimeSeconds: 0, ...more };
    const command = new ReceiveMessageCommand({ MessageSystemAttributeNames: ['All'], ...input });
    const { Messages = [] } = await this.#sqs.send(command, abortSignal ? { abortSignal } : {});
    return Messages;
  }

  /** Receives by a long poll, the way a consumer waits for what a timeout brings back. */
  async bodiesEventually(waitSeconds = 5): Promise<unknown[]> {
    return bodies(await this.receive({ WaitTimeSeconds: waitSeconds }));
  }

  delete(message: Message | undefined) {
    return this.#sqs.send(new DeleteMessageCommand({ QueueUrl: this.url, ReceiptHandle: message?.ReceiptHandle }));
  }

  changeVisibility(message: Message | undefined, seconds: number) {
    const input = { QueueUrl: this.url, ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout: seconds };
    return this.#sqs.send(new ChangeMessageVisibilityCommand(input));
  }

  async attributes(): Promise<Record<string, string>> {
    const command = new GetQueueAttributesCommand({ QueueUrl: this.url, AttributeNames: ['All'] });
    return (await this.#sqs.send(command)).Attributes ?? {};
  }

  /** Visible, not visible and delayed messages. */
  async counts(): Promise<unknown[]> {
    const attributes = await this.attributes();
    return ['', 'NotVisible', 'Delayed'].map((suffix) => Number(attributes[`ApproximateNumberOfMessages${suffix}`]));
  }

  async arn(): Promise<string> {
    return (await this.attributes())['QueueArn'] ?? '';
  }
}

/** What a receive brought, in its order. */
export function bodies(messages: Message[]): unknown[] {
  return messages.map(({ Body }) => Body);
}
