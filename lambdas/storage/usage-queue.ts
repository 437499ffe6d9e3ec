import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Resend } from './event-message.ts';
import { QueueSender } from './queue-sender.ts';
import { encodeUsageMessage, type UsageMessage } from './usage-message.ts';

/** The sending end of `usage.fifo`. */
export class UsageQueue {
  readonly #sender: QueueSender;

  constructor(client: SQSClient, url: string) {
    this.#sender = new QueueSender(client, url);
  }

  async send(message: UsageMessage, resend?: Resend): Promise<void> {
    await this.#sender.send(encodeUsageMessage(message, resend));
  }

  /** Sends several messages at once; gives why each was not taken that was not, by its index. */
  sendAll(messages: readonly UsageMessage[]): Promise<ReadonlyMap<number, unknown>> {
    return this.#sender.sendAll(messages.map((message) => encodeUsageMessage(message)));
  }

  depth(): Promise<number> {
    return this.#sender.depth();
  }
}
