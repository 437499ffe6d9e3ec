import { GetQueueAttributesCommand, SendMessageBatchCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

/** A send is worth a short wait only: what is not sent now, the sweep sends later. */
const SEND_TIMEOUT_MS = 2_000;

const CONNECTION_TIMEOUT_MS = 500;
const MAX_ATTEMPTS = 2;

/** SQS's limits for one SendMessageBatch. The bytes are those of SQS until 2025, which some of its emulators still have. */
const BATCH_MESSAGES_MAX = 10;
const BATCH_BYTES_MAX = 256 * 1_024;

/** A message as a FIFO queue takes it. */
export interface QueueMessage {
  readonly MessageBody: string;
  readonly MessageGroupId: string;
  /** SQS drops a message with an id it has seen in the last five minutes. */
  readonly MessageDeduplicationId: string;
}

/** The SQS client of a function that sends. */
export function sendingClient(): SQSClient {
  const requestHandler = { connectionTimeout: CONNECTION_TIMEOUT_MS, requestTimeout: SEND_TIMEOUT_MS };
  return new SQSClient({ maxAttempts: MAX_ATTEMPTS, requestHandler });
}

/** The sending end of one FIFO queue. */
export class QueueSender {
  readonly #client: SQSClient;
  readonly #url: string;

  constructor(client: SQSClient, url: string) {
    this.#client = client;
    this.#url = url;
  }

  async send(message: QueueMessage): Promise<void> {
    const command = new SendMessageCommand({ QueueUrl: this.#url, ...message });
    await this.#client.send(command, { abortSignal: AbortSignal.timeout(SEND_TIMEOUT_MS) });
  }

  /** Sends messages in as few calls as they fit in; gives why each was not taken that was not, by its index. */
  async sendAll(messages: readonly QueueMessage[]): Promise<Map<number, unknown>> {
    const refused = new Map<number, unknown>();
    await Promise.all(
      callsFor(messages).map(async (call) => {
        try {
          for (const [index, cause] of await this.#sendTogether(call)) refused.set(index, cause);
        } catch (cause) {
          for (const [index] of call) refused.set(index, cause);
        }
      }),
    );
    return refused;
  }

  async #sendTogether(call: readonly Numbered[]): Promise<[number, unknown][]> {
    const Entries = call.map(([index, message]) => ({ Id: String(index), ...message }));
    const command = new SendMessageBatchCommand({ QueueUrl: this.#url, Entries });
    const { Failed = [] } = await this.#client.send(command, { abortSignal: AbortSignal.timeout(SEND_TIMEOUT_MS) });
    return Failed.map(({ Id, Code, Message }) => [Number(Id), new Error(`${Code}: ${Message}`)]);
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

/** A message and its index among those to send. */
type Numbered = readonly [index: number, message: QueueMessage];

/** The messages, call by call. */
function callsFor(messages: readonly QueueMessage[]): Numbered[][] {
  const calls: Numbered[][] = [];
  let bytes = 0;
  for (const numbered of messages.entries()) {
    const size = Buffer.byteLength(numbered[1].MessageBody);
    const call = calls.at(-1);
    if (call === undefined || call.length === BATCH_MESSAGES_MAX || bytes + size > BATCH_BYTES_MAX) {
      calls.push([numbered]);
      bytes = size;
    } else {
      call.push(numbered);
      bytes += size;
    }
  }
  return calls;
}
