import type { Resend } from './event-message.ts';
import { QueueSender } from './queue-sender.ts';
import { encodeUsageMessage, type UsageMessage } from './usage-message.ts';

/** The sending end of `usage.fifo`. */
export class UsageQueue {
  readonly #sender: QueueSender;

  constructor(url: string) {
    this.#sender = new QueueSender(url);
  }

  async send(message: UsageMessage, resend?: Resend): Promise<void> {
    await this.#sender.send(encodeUsageMessage(message, resend));
  }

  depth(): Promise<number> {
    return this.#sender.depth();
  }
}
