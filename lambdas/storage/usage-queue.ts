import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { encodeUsageMessage, type UsageMessage } from './usage-message.ts';

/** A send is worth a short wait only: what is not sent now, the sweep sends later. */
const SEND_TIMEOUT_MS = 2_000;

const CONNECTION_TIMEOUT_MS = 500;
const MAX_ATTEMPTS = 2;

/** The sending end of `usage.fifo`. */
export class UsageQueue {
  readonly #client: SQSClient;
  readonly #url: string;

  constructor(url: string) {
    const requestHandler = { connectionTimeout: CONNECTION_TIMEOUT_MS, requestTimeout: SEND_TIMEOUT_MS };
    this.#client = new SQSClient({ maxAttempts: MAX_ATTEMPTS, requestHandler });
    this.#url = url;
  }

  /** Sends one message; `attempt` sets a deliberate resend apart from the identical one SQS would drop. */
  async send(message: UsageMessage, attempt = 0): Promise<void> {
    const command = new SendMessageCommand({ QueueUrl: this.#url, ...encodeUsageMessage(message, attempt) });
    await this.#client.send(command, { abortSignal: AbortSignal.timeout(SEND_TIMEOUT_MS) });
  }

  /** Roughly how many messages wait or are being worked on; the sum of SQS's own approximations. */
  async depth(): Promise<number> {
    const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
    const command = new GetQueueAttributesCommand({ QueueUrl: this.#url, AttributeNames: [...names] });
    const { Attributes = {} } = await this.#client.send(command, { abortSignal: AbortSignal.timeout(SEND_TIMEOUT_MS) });
    return names.reduce((total, name) => total + Number(Attributes[name] ?? 0), 0);
  }
}
