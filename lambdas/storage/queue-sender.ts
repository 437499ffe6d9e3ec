import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

/** A send is worth a short wait only: what is not sent now, the sweep sends later. */
const SEND_TIMEOUT_MS = 2_000;

const CONNECTION_TIMEOUT_MS = 500;
const MAX_ATTEMPTS = 2;

/** A message as a FIFO queue takes it. */
export interface QueueMessage {
  readonly MessageBody: string;
  readonly MessageGroupId: string;
  /** SQS drops a message with an id it has seen in the last five minutes. */
  readonly MessageDeduplicationId: string;
}

/** The sending end of one FIFO queue. */
export class QueueSender {
  readonly #client: SQSClient;
  readonly #url: string;

  constructor(url: string) {
    const requestHandler = { connectionTimeout: CONNECTION_TIMEOUT_MS, requestTimeout: SEND_TIMEOUT_MS };
    this.#client = new SQSClient({ maxAttempts: MAX_ATTEMPTS, requestHandler });
    this.#url = url;
  }

  async send(message: QueueMessage): Promise<void> {
    const command = new SendMessageCommand({ QueueUrl: this.#url, ...message });
    await this.#client.send(command, { abortSignal: AbortSignal.timeout(SEND_TIMEOUT_MS) });
  }

  /** Roughly how many messages wait, are held back or are being worked on; the sum of SQS's own approximations. */
  async depth(): Promise<number> {
    const names = [
      'ApproximateNumberOfMessages',
      'ApproximateNumberOfMessagesDelayed',
      'ApproximateNumberOfMessagesNotVisible',
    ] as const;
    const command = new GetQueueAttributesCommand({ QueueUrl: this.#url, AttributeNames: [...names] });
    const { Attributes = {} } = await this.#client.send(command, { abortSignal: AbortSignal.timeout(SEND_TIMEOUT_MS) });
    return names.reduce((total, name) => total + Number(Attributes[name] ?? 0), 0);
  }
}
