import { ChangeMessageVisibilityBatchCommand, SQSClient } from '@aws-sdk/client-sqs';

/** An answer must not wait for it: without it the messages come back too, only later. */
const TIMEOUT_MS = 400;

/** A message in the hands of a function. */
export interface ReceivedMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
}

/** The SQS client of a function that receives. */
export function receivingClient(): SQSClient {
  return new SQSClient({ maxAttempts: 1, requestHandler: { connectionTimeout: TIMEOUT_MS } });
}

/** The receiving end of a queue, as far as its event source leaves it to the function. */
export class QueueReceiver {
  readonly #client: SQSClient;
  readonly #url: string;

  constructor(client: SQSClient, url: string) {
    this.#client = client;
    this.#url = url;
  }

  /**
   * Makes at most ten messages that were not dealt with visible again so many seconds from now, in place of the queue's
   * own timeout. Throws when any could not be changed.
   */
  async comeAgainIn(messages: readonly ReceivedMessage[], seconds: number): Promise<void> {
    const Entries = messages.map(({ receiptHandle }, index) => ({
      ...{ Id: String(index), ReceiptHandle: receiptHandle, VisibilityTimeout: seconds },
    }));
    const command = new ChangeMessageVisibilityBatchCommand({ QueueUrl: this.#url, Entries });
    const { Failed = [] } = await this.#client.send(command, { abortSignal: AbortSignal.timeout(TIMEOUT_MS) });
    if (Failed.length > 0) throw new Error(`Not changed: ${Failed.map(({ Code }) => Code).join(', ')}`);
  }
}
